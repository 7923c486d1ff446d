"""Words come from a catalogue by key; what is missing there fails loudly."""

import ast
import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

import needscast
import needscast.report
from needscast.errors import NeedscastError
from needscast.report import blocks as b
from needscast.report import locales
from needscast.report.catalogues import WordsError, catalogue, check_catalogue, placeholders
from needscast.report.formats import _cells, html
from needscast.report.formats._cells import range_texts
from needscast.report.values import Amount, Day, Many, Named, Range, Text
from needscast.report.words import Words

ROOM = Path(needscast.report.__file__).parent
ENGLISH = catalogue("en")


def keys_in_code() -> set[str]:
    """Return every literal first argument of Text(...) and words.text(...) in the report room."""
    calls = [
        node
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args
    ]
    named = [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in ("Text", "text")]
    return {
        call.args[0].value
        for call in named
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_every_key_that_the_code_names_is_in_the_catalogue():
    assert len(keys_in_code()) > 100
    assert keys_in_code() - set(ENGLISH) == set()


def test_a_missing_key_is_named_with_the_nearest_one():
    with pytest.raises(WordsError, match="did you mean 'where.heading'"):
        Words("en").text("where.headin")


def test_a_missing_value_is_named_with_the_phrase_that_needs_it():
    with pytest.raises(WordsError, match="'missing.hidden' .* needs a value 'date'"):
        Words("en").text("missing.hidden", rows=3)


def test_a_part_that_a_range_does_not_have_is_refused():
    with pytest.raises(WordsError, match="no part 'top'"):
        Words("en")._part(Range(1, 2, 3, 0.8), "top")


def test_an_unknown_language_is_an_error_that_lists_the_known_ones():
    with pytest.raises(WordsError, match="known: .*en"):
        Words("xx")


def test_a_translation_with_a_missing_key_or_placeholder_is_refused():
    french = {**ENGLISH, "costs.tonnes": "Poids connu.", "extra.key": "x"}
    del french["where.heading"]
    with pytest.raises(WordsError) as caught:
        check_catalogue(french, ENGLISH, "fr")
    assert all(
        line in str(caught.value)
        for line in (
            "where.heading: missing",
            "extra.key: not in the reference",
            "costs.tonnes: placeholders []",
        )
    )


def test_a_placeholder_with_a_part_counts_as_its_value():
    assert placeholders("{area} ({people.ends})") == {"area", "people"}


def test_markup_in_a_value_stays_text():
    assert Words("en").say(Text("table.titled", {"title": "<b>{x}</b>"})) == "<b>{x}</b>"


LANGUAGES = sorted(each.stem for each in (ROOM / "catalogue").glob("*.toml"))
WIDE = Range(1.0e6, 1.2e6, 1.4e6, 0.8)
ISOLATED = "\u2068{}\u2069"


def plain(text):
    """Take out what only steers the direction or keeps a line together."""
    return "".join(" " if letter in "\u00a0\u202f" else letter for letter in text if letter not in "\u2068\u2069\u200e")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_and_every_placeholder(language):
    check_catalogue(catalogue(language), ENGLISH, language)
    assert {"ar", "en", "fr"} <= set(LANGUAGES)
    assert all(phrase or key == "format.font" for key, phrase in catalogue(language).items())


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_sentence_was_left_in_english(language):
    """Three words or more that read the same in both languages were forgotten; patterns of days are no words."""
    ours = {key: phrase for key, phrase in catalogue(language).items() if not key.startswith("format.")}
    assert {key for key, phrase in ours.items() if phrase == ENGLISH.get(key) and len(phrase.split()) > 2} == set()


@pytest.mark.parametrize(("language", "said"), [
    ("en", "1.0–1.4 million people (80 % range), middle 1.2 million"),
    ("fr", "1,0–1,4 million de personnes (fourchette à 80 %), médiane 1,2 million"),
    ("ar", "من 1.0 إلى 1.4 مليون شخص (نطاق 80 %)، الوسيط 1.2 مليون"),
])  # fmt: skip
def test_a_range_is_said_as_people_say_it_in_each_language(language, said):
    assert plain(Words(language).say(WIDE)) == said


@pytest.mark.parametrize(("language", "day", "number", "several"), [
    ("en", "5 January 2020", "12,345", "Tents, 3 and 4"),
    ("fr", "5 janvier 2020", "12 345", "Tents, 3 et 4"),
    ("ar", "5 كانون الثاني/يناير 2020", "12,345", "Tents و3 و4"),
])  # fmt: skip
def test_days_numbers_and_lists_are_written_as_each_language_does(language, day, number, several):
    words = Words(language)
    assert plain(words.day(date(2020, 1, 5))) == day
    assert plain(words.number(12345)) == number
    assert plain(words.say(Many(("Tents", Amount(3), Amount(4))))) == several


@pytest.mark.parametrize(("value", "printed"), [(2.45e6, "2.45 million people"), (3_331_836, "3,331,836 people")])
def test_a_number_that_was_counted_closely_is_printed_to_its_last_digit(value, printed):
    assert plain(Words("en").say(Amount(value, "person"))) == printed


def test_a_close_count_in_french_takes_the_plain_plural():
    assert plain(Words("fr").say(Amount(3_331_836, "person"))).replace("\u202f", " ") == "3 331 836 personnes"


def test_a_range_of_full_numbers_in_french_takes_the_plain_plural():
    cell, column = Range(4e5, 7e5, 1.2e6, 0.8, "movement"), b.Column("x", Text("table.gap"), "range")
    assert _cells.range_texts(cell, column, Words("fr"))[0].endswith("1\u202f200\u202f000\u00a0mouvements")


def test_french_has_no_plural_below_two_millions():
    words = Words("fr")
    assert plain(words.say(Amount(1.9e6, "person"))) == "1,9 million de personnes"
    assert plain(words.say(Amount(2e6, "person"))) == "2 millions de personnes"
    assert plain(words.say(Amount(2e6, "arrival"))) == "2 millions d'arrivées"


@pytest.mark.parametrize(("language", "count", "said"), [
    ("en", 0, "0 people"), ("en", 1, "1 person"), ("en", 1.5, "1.5 people"), ("en", 1e6, "1 million people"),
    ("fr", 0, "0 personne"), ("fr", 1.5, "1,5 personne"), ("fr", 2, "2 personnes"),
    ("fr", 3e6, "3 millions de personnes"),
    ("ar", 1, "شخص واحد"), ("ar", 2, "شخصان"), ("ar", 7, "7 أشخاص"), ("ar", 13, "13 شخصاً"), ("ar", 100, "100 شخص"),
    ("ar", 1e6, "مليون شخص"), ("ar", 3e6, "3 ملايين شخص"), ("ar", 1.4e6, "1.4 مليون شخص"),
])  # fmt: skip
def test_a_number_takes_the_plural_of_its_language(language, count, said):
    assert plain(Words(language).say(Amount(count, "person"))) == said


def test_a_dual_never_swallows_the_ends_of_a_range():
    said = plain(Words("ar")._part(Range(0, 1, 2, 0.8, "person"), "ends"))
    assert said == "من 0 إلى 2 شخص"


def test_a_translation_without_a_plural_of_its_language_is_refused():
    arabic = dict(catalogue("ar"))
    del arabic["unit.week.two"]
    with pytest.raises(WordsError, match=r"unit\.week\.two: missing"):
        check_catalogue(arabic, ENGLISH, "ar")
    with pytest.raises(WordsError, match=r"unit\.week\.few: placeholders \[\]"):
        check_catalogue({**catalogue("ar"), "unit.week.few": "أسابيع"}, ENGLISH, "ar")


def test_the_first_of_a_month_is_an_ordinal_in_french():
    assert Words("fr").day(date(2020, 1, 1)) == "1er\u00a0janvier\u00a02020"
    assert Words("fr").day(date(2020, 2, 11), short=True) == "11\u00a0févr. 2020"
    assert Words("fr").day(date(2020, 2, 1), short=True) == "1er\u00a0févr. 2020"
    assert Words("fr").tick(date(2020, 2, 1)) == "1er\u00a0févr."


def test_a_locale_that_babel_does_not_know_is_named():
    with pytest.raises(NeedscastError, match="'xx_YY' is no locale"):
        locales.plural(1, "xx_YY")


def test_the_ends_of_an_arabic_range_keep_their_order_and_their_sign():
    words = Words("ar")
    assert words.ends(Range(-2000, 1000, 5000, 0.8)) == (
        f"من {ISOLATED.format(chr(0x200E) + chr(0x2212) + '2,000')} إلى {ISOLATED.format('5,000')}"
    )


def test_the_sign_of_an_arabic_change_stays_with_its_number_up_as_down():
    words = Words("ar")
    assert words.change(0.14) == f"{ISOLATED.format(chr(0x200E) + '+14')}\u00a0%"
    assert words.change(-0.001) == f"{ISOLATED.format(chr(0x200E) + chr(0x2212) + '0.1')}\u00a0%"
    assert [Words("fr").change(each) for each in (0.14, 0.0)] == ["+14\u00a0%", "0\u00a0%"]


def test_a_latin_name_inside_an_arabic_phrase_is_isolated():
    assert ISOLATED.format("The Agency (UN)") in Words("ar").text("page.sources_few", names="The Agency (UN)")
    assert "\u2068" not in Words("fr").text("page.sources_few", names="The Agency (UN)")


def test_an_arabic_note_after_a_latin_title_stands_apart_from_it():
    """So that its number stays at its head: in one piece with the title it would go to its end, outside the bracket."""
    said = Words("ar").apart("Factsheet, December 2019 (17,750 أسرة)")
    assert said == f"{ISOLATED.format('Factsheet, December 2019')} {ISOLATED.format('(17,750 أسرة)')}"
    assert Words("ar").text("page.remark", label="المعيار", text=said).endswith(said)
    dated = Text("sources.dated", {"source": "Update of 2018", "date": Day("2018-10-31")})
    assert Words("ar").text("demand.standard", source=dated).startswith(f"{ISOLATED.format('Update of 2018')} (\u2068")
    marked = Words("ar", marks=True).apart("Factsheet, December 2019 (17,750 أسرة)")
    assert marked == "\u200eFactsheet, December 2019\u200e \u200f(17,750 أسرة)\u200f"


def test_a_name_that_the_data_have_in_a_language_is_printed_in_it():
    tent = Named({"en": "Tent", "fr": "Tente", "ar": "خيمة"})
    assert [Words(language).say(tent) for language in ("en", "fr", "ar")] == ["Tent", "Tente", "خيمة"]
    assert Words("ar").say(Named({"en": "Tent"})) == "Tent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_reads_from_its_side_and_brings_the_font_it_needs(language, results):
    from needscast import report

    page = report.page(results, language=language)
    made = html.page((page.show("cover"), page.show("headline"), page.show("where")), language)
    towards, font = catalogue(language)["format.direction"], catalogue(language)["format.font"]
    assert f'<html lang="{language}" dir="{towards}"' in made
    assert ("@font-face" in made) == bool(font)
    assert "http-equiv" in made and "font-src data:" in made


def test_a_font_of_ours_stands_beside_its_licence():
    fonts = ROOM / "fonts"
    named = {catalogue(language)["format.font"] for language in LANGUAGES} - {""}
    assert {f"{font}-{weight}.woff2" for font in named for weight in (400, 700)} == {
        each.name for each in fonts.glob("*.woff2")
    }
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text()


def french_texts():
    """Walk through all French that a report prints: the catalogue, and the names in cards and crises."""
    yield from catalogue("fr").values()
    data = Path(needscast.__file__).parents[2] / "data"
    for card in data.rglob("*.toml"):
        for line in card.read_text(encoding="utf-8").splitlines():
            name, _, text = line.partition(" = ")
            if name.endswith("_fr"):
                yield text.strip('"')
    for names in data.glob("crises/*/names.csv"):
        yield from (row["text"] for row in rows_of(names) if row["language"] == "fr")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_french_marks_and_thousands_never_begin_a_line_of_their_own():
    """A mark of two parts, a per cent sign, a quotation mark and thousands are held by a no-break space."""
    loose = re.compile(r"\S [:;?!%»]|« |\d \d{3}(?!\d)|[’]")
    texts = list(french_texts())
    assert len(texts) > 1000
    assert [text for text in texts if loose.search(text)] == []


def test_no_text_of_a_language_keeps_a_number_and_its_per_cent_apart():
    loose = [key for name in LANGUAGES for key, text in catalogue(name).items() if re.search(r"[\d}] %", text)]
    assert loose == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_the_data_keeps_a_number_with_its_per_cent_sign(language):
    survey = Named({"en": "survey (90 % sure)", "fr": "enquête (sûre à 90 %)", "ar": "مسح (بثقة 90 %)"})
    assert "90\u00a0%" in Words(language).say(survey)
    assert "90\u00a0%" in Words(language).say("one that is 90 % sure")


def test_no_text_of_the_shipped_crises_names_an_input_by_its_path():
    crises = Path(needscast.__file__).parents[2] / "data" / "crises"
    told = [row["reason"] for path in crises.glob("*/rates.csv") for row in rows_of(path)]
    told += [row["text"] for path in crises.glob("*/names.csv") for row in rows_of(path)]
    assert len(told) > 100
    assert [text for text in told if re.search(r"\b[A-Z]{3,}/[a-z_]+", text)] == []


def test_the_remark_after_the_source_of_a_norm_is_told_in_every_language():
    sectors = Path(needscast.__file__).parents[2] / "data" / "sectors"
    told = {(row["name"], row["language"]) for row in rows_of(sectors / "names.csv")}
    cards = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sectors.glob("*.toml")]
    sources = {norm["source"] for card in cards for item in card.get("item", ()) for norm in item.get("norm", ())}
    remarked = [source for source in sources if source.endswith(")")]
    assert len(remarked) > 20
    assert [source for source in remarked if not {(source, "fr"), (source, "ar")} <= told] == []


@pytest.mark.parametrize(("language", "marked"), [("en", False), ("fr", True), ("ar", True)])
def test_a_text_that_nobody_translated_is_marked_with_its_language(language, marked):
    columns = (b.Column("a", Text("table.area")), b.Column("why", Text("table.reason"), "remark"))
    rows = (("As printed", "as the analyst wrote it"), ("B001", Named({"en": "told", "fr": "dit", "ar": "قيل"})))
    cover = b.Cover(Text("title.under", {"scenario": "x"}), "c", "C", "2020-01-21", "2019-12-01", "public")
    page = html.page((cover, b.Table("t", Text("costs.table"), columns, rows)), language)
    found = re.findall(r'lang="en">\W*([\w ]+)', page.partition("<main")[2])
    assert found == (["As printed", "as the analyst wrote it"] if marked else [])


def test_a_unit_in_a_cell_takes_the_plural_of_the_number_beside_it():
    column = b.Column("demand", Text("table.demand"), "range")
    facilities = Range(50, 70, 100, 0.8, "facility")
    assert [text.split()[-1] for text in range_texts(facilities, column, Words("ar"))] == ["مرفق", "مرفقاً"]
    assert range_texts(Range(0, 1, 3, 0.8, "week"), column, Words("en"))[1] == "1 week"


def test_a_dual_that_stands_alone_is_in_the_nominative():
    words, column = Words("ar"), b.Column("value", Text("table.demand"), "range")
    assert range_texts(Range(1, 2, 5, 0.8, "week"), column, words)[1] == "أسبوعان"
    assert words.say(Amount(2, "week")) == "أسبوعان"
    assert plain(words.text("regime.for", regime="هدنة", weeks=Amount(2, "week"))).endswith("لمدة أسبوعين")


@pytest.mark.parametrize(
    ("language", "count", "unit", "said"),
    [
        ("en", 1, "ration", "1 ration"),
        ("en", 8.1e6, "ration", "8.1 million rations"),
        ("en", 3, "mattress", "3 mattresses"),
        ("fr", 8.1e6, "ration", "8,1 millions de rations"),
        ("fr", 2, "sheet", "2 bâches"),
        ("ar", 8.1e6, "ration", "8.1 مليون حصة"),
        ("ar", 74, "kit", "74 مجموعة"),
        ("ar", 5, "tent", "5 خيام"),
    ],
)
def test_an_order_counts_in_the_plural_of_its_unit(language, count, unit, said):
    assert plain(Words(language).say(Amount(count, unit))) == said


def test_every_unit_of_the_shipped_items_has_its_plural_in_every_language():
    sectors = Path(__file__).parents[2] / "data" / "sectors"
    cards = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sectors.glob("*.toml")]
    units = {item["unit"] for card in cards for item in card.get("item", ())}
    assert len(units) > 30
    assert [unit for unit in sorted(units) if not {f"noun.{unit}.other", f"unit.{unit}.other"} & set(ENGLISH)] == []


def test_a_range_that_is_rounded_up_to_ten_million_is_told_in_millions():
    column = b.Column("demand", Text("table.demand"), "range")
    told = [range_texts(Range(2e6, 5e6, upper, 0.8, "person"), column, Words("en"))[0] for upper in (9.8e6, 8.2e6)]
    assert told == ["2–10\u00a0million", "2,000,000–8,000,000"]


def test_a_sum_beside_its_currency_is_told_in_millions_and_people_in_full():
    column = b.Column("value", Text("table.area"), "range")
    said = [range_texts(Range(1.1e6, 1.6e6, 2.6e6, 0.8, unit), column, Words("en")) for unit in ("USD", "person")]
    assert said == [
        ("USD\u00a01.1–2.6\u00a0million", "USD\u00a01.6\u00a0million"),
        ("1,100,000–2,600,000", "1,600,000"),
    ]


def test_a_per_cent_sign_stands_behind_its_number_in_the_way_an_office_program_reads_too():
    words = Words("ar", marks=True)
    said = words.text("page.range_head", mass=words.mass(0.8))
    number, sign = said.index("80"), said.index("%")
    right, left = "\N{RIGHT-TO-LEFT MARK}", "\N{LEFT-TO-RIGHT MARK}"
    assert said.endswith(right) and left not in said[number + 3 : sign] and said[sign + 1] == right


@pytest.mark.parametrize(("said", "kept"), [
    ("Family tent, 16 m²", "Family tent, 16~m²"),
    ("Plastic sheet, 4 × 6 m", "Plastic sheet, 4~×~6~m"),
    ("sachets of 50 g in 30 % of cases", "sachets of 50~g in 30~% of cases"),
    ("12 months, 3 latrines", "12 months, 3 latrines"),
])  # fmt: skip
def test_a_number_of_a_text_of_the_data_is_kept_with_its_measure(said, kept):
    assert Words("en").say(said) == kept.replace("~", "\u00a0")


def test_a_shared_standard_counts_people_as_arabic_does():
    def shared(people):
        return Words("ar").say(Text("demand.norm_shared", {"unit": "مرحاض", "people": Amount(people, "person")}))

    assert [plain(shared(people)).split()[-1] for people in (5, 50, 250, 10_000)] == ["أشخاص", "شخصاً", "شخصاً", "شخص"]
