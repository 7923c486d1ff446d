"""What an input is called: by the catalogue, by its card, by who requires it; in words of every language."""

import re

import pytest

from needscast.inputs import read_crisis
from needscast.inputs.names import joined
from needscast.report.content import pick
from needscast.report.words import Words


@pytest.fixture(scope="module")
def shipped():
    return read_crisis("nw-syria-2020")


@pytest.mark.parametrize(("name", "said"), [
    ("SNFI/tent_share", "Shelter and household items: families who need a tent"),
    ("FSC/requires_displaced", "share requiring Food, newly displaced and displaced again"),
    ("SNFI/family_tent/norm/any", "standard of Family tent, 16\u00a0m²"),
    ("SNFI/family_tent/price", "price of Family tent, 16\u00a0m²"),
    ("share_child_5_17", "share of children of 5 to 17"),
    ("offensive_hazard//host", "weekly share that flees an offensive, host community"),
    ("SNFI/a_share_of_my_own", "Shelter and household items: a share of my own"),
])  # fmt: skip
def test_an_input_is_named_in_words(shipped, name, said):
    assert Words("en").say(pick.input_name(shipped, name)) == said


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_input_of_the_shipped_crisis_has_a_name_in_each_language(shipped, language):
    words, english = Words(language), Words("en")
    names = {
        row.name: pick.input_name(shipped, row.name)
        for row in (*shipped.inputs, *(over for each in shipped.scenarios for over in each.overrides))
    }
    untold = [name for name, said in names.items() if words.say(said) == english.say(said)]
    assert [name for name in untold if not name.startswith("population")] == []  # the same word in French
    if language == "ar":
        assert [said for said in map(words.say, names.values()) if re.search("[a-z]{2}", said)] == []


def test_what_a_source_counts_is_told_in_each_language(shipped):
    told = {row.counts.replace("_", " ") for row in pick.each(shipped.sources)}
    assert [text for text in told if set(shipped.names.get(text, {})) != {"fr", "ar"}] == []


def test_what_reports_quote_of_the_shipped_crisis_is_told_in_each_language(shipped):
    figures = shipped.figures
    counted = figures["measure"].isin(("displaced_cumulative", "people_in_need")) & (figures["sensitivity"] == "public")
    norms = {norm.source for card in shipped.sectors for item in card.items for norm in item.norms}
    quoted = {
        *(reason for _, reason in shipped.admitted),
        *(source for source in norms if source.startswith(("assumption:", "by definition:"))),
        *figures.loc[counted, "definition"].map(pick.plain),
        *(area for area in figures["area_printed"] if re.search(r"(?<![\w'])[a-z]{4}", area)),  # more than a name
        *(over.author for each in shipped.scenarios for over in each.overrides if over.author),
        *shipped.priorities["reason"],
        *shipped.crossings["reason"],
    }
    assert [text for text in sorted(quoted) if not {"fr", "ar"} <= set(shipped.names.get(text, {}))] == []


def test_a_translation_keeps_the_numbers_of_what_it_translates(shipped):
    def numbers(text):
        bare = re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d)|(?<=[mم])2", "", text)  # 1,300 and 1 300; m2 and m²
        return sorted(re.findall(r"\d+", bare))

    told = [(text, said) for text, by_language in shipped.names.items() for said in by_language.values()]
    assert len(told) > 500
    assert [text for text, said in told if numbers(text) != numbers(said)] == []


def test_every_reason_of_a_shipped_scenario_is_told_in_each_language(shipped):
    reasons = {over.reason for each in shipped.scenarios for over in each.overrides if over.reason}
    assert len(reasons) > 10
    assert [text for text in sorted(reasons) if not {"fr", "ar"} <= set(shipped.names.get(text, {}))] == []


def test_a_sentence_told_in_one_further_language_is_told_in_the_other(shipped):
    """A name alone, such as that of a town, is the same in French."""
    sentences = {text: told for text, told in shipped.names.items() if len(re.findall(r"\b[a-z]{3,}", text)) > 2}
    assert len(sentences) > 200
    assert [text for text, told in sentences.items() if not {"fr", "ar"} <= set(told)] == []


def test_what_a_crisis_says_of_a_text_leaves_what_cards_say_of_it_in_other_languages():
    cards, own = {"a": {"fr": "x", "ar": "y"}, "b": {"fr": "z"}}, {"a": {"fr": "w"}}
    assert joined(cards, own) == {"a": {"fr": "w", "ar": "y"}, "b": {"fr": "z"}}
