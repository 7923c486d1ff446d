"""Each kind of bad input is one problem with its file, row and column; all of them are told at once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from needscast.errors import InputError, NeedscastError
from needscast.inputs import read_crisis

CELLS = [
    ("figures.csv", 2, "value", "-8000", "is negative"),
    ("figures.csv", 2, "value", "1.234", "may be thousands or decimals"),
    ("figures.csv", 2, "value", "", "no hedge says a magnitude"),
    ("figures.csv", 2, "as_of", "03/04/2020", "whichever is meant"),
    ("figures.csv", 2, "as_of", "2019-12-31", "before the start"),
    ("figures.csv", 2, "published", "2020-01-10", "before the cut-off"),
    ("figures.csv", 2, "measure", "displaced", "unknown measure 'displaced'"),
    ("figures.csv", 2, "unit", "people", "unknown unit 'people'"),
    ("figures.csv", 2, "group", "everybody", "unknown group 'everybody'"),
    ("figures.csv", 2, "coverage", "", "is blank"),
    ("figures.csv", 2, "area", "frnt", "did you mean 'front'?"),
    ("figures.csv", 2, "area", "../../etc/passwd", "is not a name of ours"),
    ("figures.csv", 2, "source", "counter", "did you mean 'counters'?"),
    ("figures.csv", 2, "hedge", "more then", "did you mean 'more than'?"),
    ("figures.csv", 2, "hedge", "Some", "is not in lower case"),
    ("figures.csv", 2, "upstream", "T99", "unknown figure or source 'T99'"),
    ("figures.csv", 2, "upstream", "T1", "the relay is circular: T1 from T1"),
    ("figures.csv", 2, "reliability", "G", "unknown reliability 'G'"),
    ("figures.csv", 3, "figure_id", "T1", "'T1' stands in row 2 already"),
    ("figures.csv", 6, "period_start", "2020-01-01", "a stock, which has no window"),
    ("figures.csv", 4, "value", "20000", "is more than its total 10000 (T2, row 3)"),
    ("sources.csv", 2, "type", "UN", "unknown type 'UN'"),
    ("sources.csv", 2, "name", "", "is blank"),
    ("areas.csv", 2, "level", "zone", "0 areas have level 'crisis'"),
    ("areas.csv", 3, "parent", "", "a zone has no parent"),
    ("areas.csv", 3, "parent", "safe", "a zone lies in 'safe'"),
    ("areas.csv", 3, "parent", "front", "the parent is circular: front in front"),
    ("areas.csv", 3, "role", "", "a zone has no role"),
    ("areas.csv", 3, "latitude", "95", "is above 90"),
    ("areas.csv", 3, "covers", "safe", "covers no others"),
    ("areas.csv", 3, "population", "200000", "are not in order"),
    ("areas.csv", 3, "date", "", "is blank although a population is given"),
    ("rates.csv", 3, "best", "1.5", "is not in order"),
    ("rates.csv", 3, "mass", "80", "is above 1"),
    ("rates.csv", 3, "unit", "", "is blank"),
    ("rates.csv", 3, "low", "-0.1", "is negative"),
    ("rates.csv", 3, "area", "toyland", "unknown zone 'toyland'"),
    ("rates.csv", 3, "group", "all", "unknown group 'all'"),
    ("rates.csv", 3, "input", "TOY/blankets/price", "did you mean 'TOY/blanket/price'?"),
    ("rates.csv", 3, "input", "../pace", "is not the name of an input"),
    ("rates.csv", 3, "reason", "", "is blank"),
    ("rates.csv", 3, "published", "soon", "is not a date"),
    ("rates.csv", 11, "unit", "ratio", "give all rows of an input one unit"),
    ("sources.csv", 2, "name", "\u200b", "is blank"),
    ("figures.csv", 2, "hedge", "environ", "environ is about"),
    ("stocks.csv", 2, "item", "blankets", "did you mean 'blanket'?"),
    ("stocks.csv", 2, "unit", "bale", "counted in 'blanket'"),
    ("stocks.csv", 2, "area", "north", "unknown area 'north'"),
    ("stocks.csv", 2, "published", "2020-01-19", "before the cut-off"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "message"), CELLS)
def test_a_bad_cell_is_a_problem_with_its_file_row_and_column(toy, file, row, column, value, message):
    problems = toy.cell(file, row, column, value).problems()
    told = [str(problem) for problem in problems if message in f"{problem.message}; {problem.remedy}"]
    assert told, "\n".join(map(str, problems))
    place = next(problem for problem in problems if message in f"{problem.message}; {problem.remedy}")
    assert place.file == file
    assert place.remedy


EXACT = [
    ("figures.csv", 2, "value", "-8000", "figures.csv:2:value"),
    ("figures.csv", 2, "as_of", "03/04/2020", "figures.csv:2:as_of"),
    ("figures.csv", 4, "value", "20000", "figures.csv:4:value"),
    ("areas.csv", 3, "population", "200000", "areas.csv:3:population"),
    ("rates.csv", 3, "mass", "80", "rates.csv:3:mass"),
    ("rates.csv", 3, "best", "1.5", "rates.csv:3:low"),
    ("stocks.csv", 2, "unit", "bale", "stocks.csv:2:unit"),
    ("sources.csv", 2, "type", "UN", "sources.csv:2:type"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "place"), EXACT)
def test_the_place_of_a_problem_is_the_row_a_spreadsheet_shows(toy, file, row, column, value, place):
    assert place in toy.cell(file, row, column, value).places()


CARDS = [
    ("crisis.toml", 'phase = "acute"', 'fase = "acute"', ["crisis.toml:8:fase", "crisis.toml:0:phase"]),
    ("crisis.toml", "draws = 64", "draws = 0", ["crisis.toml:17:draws"]),
    ("crisis.toml", "draws = 64", "draws = 64.5", ["crisis.toml:17:draws"]),
    ("crisis.toml", 'currency = "USD"', 'currency = "dollar"', ["crisis.toml:5:currency"]),
    ("crisis.toml", '"UTC"', '"Moon/Base"', ["crisis.toml:3:time_zone"]),
    ("crisis.toml", "onset = 2020-01-01", "onset = 2020-02-01", ["crisis.toml:7:onset"]),
    ("crisis.toml", "planning_level = 0.8", "planning_level = 80", ["crisis.toml:12:planning_level"]),
    ("crisis.toml", '"counters"', '"census"', ["crisis.toml:14:anchor_source"]),
    ("crisis.toml", 'sectors = ["TOY"]', 'sectors = ["TOI"]', ["crisis.toml:18:sectors"]),
    ("crisis.toml", "draws = 64", "draws = ", ["crisis.toml:17:"]),
    ("crisis.toml", '"TOY/blanket/specification"', '"TOY/blankets"', ["crisis.toml:43:admit.1.input"]),
    ("crisis.toml", 'unit = "person / household"', 'unit = "person"', ["crisis.toml:36:household_size.unit"]),
    (
        "scenarios/offensive.toml",
        'input = "offensive_hazard"',
        'input = "ofensive_hazard"',
        ["scenarios/offensive.toml:10:override.1.input"],
    ),
    ("scenarios/offensive.toml", 'area = "front"', 'area = "back"', ["scenarios/offensive.toml:11:override.1.area"]),
    ("scenarios/offensive.toml", 'unit = "share"', 'unit = "ratio"', ["scenarios/offensive.toml:16:override.1.unit"]),
    (
        "scenarios/offensive.toml",
        'reason = "one in five flees"\n',
        "",
        ["scenarios/offensive.toml:9:override.1.reason"],
    ),
    (
        "scenarios/offensive.toml",
        '["offensive", "pressure"]',
        '["offensive", "presure"]',
        ["scenarios/offensive.toml:3:hostilities"],
    ),
    (
        "scenarios/offensive.toml",
        'hostilities = ["offensive", "pressure"]',
        'returns = "fast"',
        ["scenarios/offensive.toml:3:returns"],
    ),
    ("scenarios/offensive.toml", "weight = 0.25", "weight = 0.5", ["scenarios:0:weight"]),
    ("scenarios/offensive.toml", 'weight_by = "the test"\n', "", ["scenarios/offensive.toml:0:weight_by"]),
    ("scenarios/offensive.toml", "high = 0.2\n", "high = 1.2\n", ["scenarios/offensive.toml:12:override.1.low"]),
    ("scenarios/as-now.toml", "order = 1", 'order = 1\nanalogues = ["T99"]', ["scenarios/as-now.toml:3:analogues"]),
    ("sectors/TOY.toml", 'unit = "blanket"\n', "", ["sectors/TOY.toml:29:item.1.unit"]),
    (
        "sectors/TOY.toml",
        'unit = "USD"\nsource = "Toy catalogue"\npublished = 2019-12-31\nconfidence = "high"\n[item.lead',
        'source = "Toy catalogue"\npublished = 2019-12-31\nconfidence = "high"\n[item.lead',
        ["sectors/TOY.toml:51:item.1.price.unit"],
    ),
    (
        "sectors/TOY.toml",
        'basis = "household"',
        'basis = "person"\nfactors = ["tent_share"]',
        ["sectors/TOY.toml:34:item.1.factors"],
    ),
    ("sectors/TOY.toml", 'basis = "child_6_59_months"', 'basis = "woman_15_49"', ["sectors/TOY.toml:133:item.4.basis"]),
    ("sectors/TOY.toml", 'trigger = "displacement"', 'trigger = "fleeing"', ["sectors/TOY.toml:34:item.1.trigger"]),
    ("sectors/TOY.toml", 'id = "water"', 'id = "blanket"', ["sectors/TOY.toml:71:item.2.id"]),
    ("sectors/TOY.toml", 'groups = ["host"]', 'groups = ["hosts"]', ["sectors/TOY.toml:19:requires.2.groups"]),
    ("sectors/TOY.toml", 'groups = ["host"]', 'groups = ["displaced_long"]', ["sectors/TOY.toml:5:requires"]),
    ("sectors/TOY.toml", 'phase = "stabilised"', 'phase = "acute"', ["sectors/TOY.toml:77:item.2.norm"]),
    ("sectors/TOY.toml", 'code = "TOY"', 'code = "TOO"', ["sectors/TOY.toml:1:code"]),
]


@pytest.mark.parametrize(("file", "old", "new", "places"), CARDS)
def test_a_bad_key_of_a_card_is_a_problem_with_its_line(toy, file, old, new, places):
    found = toy.text(file, old, new).places()
    assert set(places) <= set(found), found


def test_a_key_misspelled_names_the_nearest_known_one(toy):
    problems = toy.text("crisis.toml", "horizon_weeks", "horizon_week").problems()
    assert any("did you mean 'horizon_weeks'?" in problem.message for problem in problems)


def test_everything_wrong_is_told_at_once(toy):
    toy.cell("figures.csv", 2, "value", "-1").cell("sources.csv", 2, "type", "UN").cell("rates.csv", 2, "mass", "2")
    toy.text("crisis.toml", "draws = 64", "draws = 0").text("sectors/TOY.toml", "mass_kg = 2", "mass_kg = -2")
    toy.text("scenarios/offensive.toml", "order = 2", 'order = "second"')
    found = toy.places()
    assert found == sorted(found)
    assert {
        "figures.csv:2:value",
        "sources.csv:2:type",
        "rates.csv:2:mass",
        "crisis.toml:17:draws",
        "sectors/TOY.toml:46:item.1.specification.mass_kg",
        "scenarios/offensive.toml:2:order",
    } == set(found)


def test_a_cell_may_be_wrong_without_its_row_being_called_wrong_elsewhere(toy):
    """An unreadable area of a figure is one problem, not also an unknown area."""
    assert toy.cell("figures.csv", 2, "area", "the front").places() == ["figures.csv:2:area"]


def test_an_unreadable_rate_does_not_make_its_override_unknown(toy):
    row = [cells[0] for cells in toy.rows("rates.csv")].index("offensive_hazard") + 1
    assert toy.cell("rates.csv", row, "low", "none").places() == [f"rates.csv:{row}:low"]


def test_a_circular_chain_of_relays_is_named(toy):
    toy.cell("figures.csv", 2, "upstream", "T7")
    messages = [problem.message for problem in toy.problems()]
    assert "the relay is circular: T1 from T7 from T1" in messages


def test_a_group_larger_than_everybody_is_a_part_larger_than_its_total(toy):
    toy.add("figures.csv", (3, {"figure_id": "T8", "group": "children", "value": "12000"}))
    assert toy.places() == ["figures.csv:9:value"]


def test_a_part_of_a_total_printed_as_more_than_may_be_larger(toy):
    toy.cell("figures.csv", 3, "hedge", "more than").cell("figures.csv", 4, "value", "12000")
    assert len(toy.read().figures) == 7


def test_an_excluded_figure_is_not_compared_with_its_total(toy):
    toy.cell("figures.csv", 4, "value", "20000")
    toy.write(
        "corrections.csv",
        [
            ["figure_id", "column", "action", "expected", "value", "reason", "author", "date"],
            ["T3", "", "exclude", "", "", "two digits swapped", "the test", "2020-01-28"],
        ],
    )
    assert toy.read().figures.set_index("figure_id").loc["T3", "excluded"] == "two digits swapped"


def test_a_plan_may_be_printed_before_its_cut_off(toy):
    toy.cell("figures.csv", 2, "coverage", "forward").cell("figures.csv", 2, "published", "2020-01-10")
    assert len(toy.read().figures) == 7


def test_a_sub_area_with_more_people_than_its_zone_at_most_is_refused(toy):
    for column in ("population_low", "population", "population_high"):
        toy.cell("areas.csv", 5, column, "120000")
    toy.cell("areas.csv", 5, "source", "census").cell("areas.csv", 5, "date", "2019-06-30")
    problems = toy.problems()
    assert [f"{p.file}:{p.row}:{p.column}" for p in problems] == ["areas.csv:5:population"]
    assert "more than the 110000 at most of safe" in problems[0].message


def test_zones_that_hold_more_people_than_the_whole_area_are_refused(toy):
    toy.cell("areas.csv", 3, "population_low", "40001").cell("areas.csv", 3, "population", "40001")
    toy.cell("areas.csv", 3, "population_high", "40001")
    assert toy.places() == ["areas.csv:2:population_high"]


@pytest.mark.parametrize(
    ("level", "covers", "message"),
    [
        ("union", "front;toyland", "unknown zone 'toyland'"),
        ("union", "front:0.5;safe:0.5", "a union has weights"),
        ("union", "", "is blank"),
        ("ambiguous", "front:0.6;safe:0.5", "not shares that add up to 1"),
        ("ambiguous", "front;safe", "not shares that add up to 1"),
        ("ambiguous", "front:0.6;north:0.4", "unknown area 'north'"),
    ],
)
def test_the_areas_of_a_union_or_an_ambiguous_name_are_checked(toy, level, covers, message):
    toy.add(
        "areas.csv",
        (
            2,
            {
                "area": "both",
                "level": level,
                "covers": covers,
                "population_low": "",
                "population": "",
                "population_high": "",
            },
        ),
    )
    problems = toy.problems()
    assert {f"{p.file}:{p.row}:{p.column}" for p in problems} == {"areas.csv:6:covers"}
    assert any(message in problem.message for problem in problems)


def test_one_zone_works_and_forty_one_are_too_many(toy):
    rows = toy.rows("areas.csv")
    toy.write("areas.csv", [*rows, *([f"z{number}", *rows[2][1:8], "", "", "", *rows[2][11:]] for number in range(39))])
    assert toy.places() == ["areas.csv:0:level"]
    toy.write("areas.csv", [rows[0], rows[1], rows[3]])
    toy.cell("figures.csv", 4, "area", "safe").cell("figures.csv", 4, "figure_id", "T3")
    toy.write("rates.csv", [row for row in toy.rows("rates.csv") if row[1] != "front"])
    toy.text("scenarios/offensive.toml", 'area = "front"\n', "")
    assert toy.read().zones == ["safe"]


@pytest.mark.parametrize("name", ["figures.csv", "crisis.toml", "areas.csv", "rates.csv", "sources.csv"])
def test_a_missing_file_is_a_problem_of_the_file_as_a_whole(toy, name):
    (toy.path / name).unlink()
    problem = next(problem for problem in toy.problems() if problem.file == name)
    assert (problem.row, problem.message) == (0, "is missing")


def test_a_folder_without_stocks_says_nothing_is_known(toy):
    (toy.path / "stocks.csv").unlink()
    assert toy.read().stocks.empty


def test_a_file_that_nobody_reads_is_refused_with_the_nearest_name(toy):
    (toy.path / "stock.csv").write_text("item\n")
    assert [problem.message.split(" (")[0] for problem in toy.problems()] == [
        "unknown file 'stock.csv'; did you mean 'stocks.csv'?"
    ]


def test_a_card_with_a_name_of_other_signs_is_refused(toy):
    (toy.path / "scenarios" / "as now.toml").write_text('title = "x"\n')
    assert "scenarios/as now.toml:0:" in toy.places()


def test_a_crisis_without_scenarios_is_refused(toy):
    for file in (toy.path / "scenarios").iterdir():
        file.unlink()
    assert toy.places() == ["scenarios:0:"]


def test_formulas_and_scripts_are_harmless_text(toy):
    toy.cell("figures.csv", 2, "notes", "=cmd|' /C calc'!A0").cell(
        "figures.csv", 3, "notes", "<script>alert(1)</script>"
    )
    assert toy.read().figures["notes"].tolist()[:2] == ["=cmd|' /C calc'!A0", "<script>alert(1)</script>"]


def test_an_unknown_crisis_names_the_known_ones():
    with pytest.raises(NeedscastError, match="did you mean 'nw-syria-2020'"):
        read_crisis("nw-syria-2021")
    with pytest.raises(NeedscastError, match="unknown crisis"):
        read_crisis("../../etc/passwd")


def test_the_error_prints_one_line_for_each_problem(toy):
    toy.cell("figures.csv", 2, "value", "-1").cell("figures.csv", 3, "value", "N/A")
    with pytest.raises(InputError) as raised:
        toy.read()
    assert str(raised.value).splitlines() == [
        "2 problems in the input",
        "figures.csv:2:value: '-1' is negative; give a number of at least 0",
        "figures.csv:3:value: 'N/A' is not a number; leave the cell blank if it is not known; 0 needs a source",
    ]


TABLES = ["figures.csv", "sources.csv", "areas.csv", "rates.csv", "stocks.csv"]
WORDS = ["", "-1", "x", "2020-01-01", "../x", "a;b", "front", "toyland", "T1", "T2", "safe:0.5;front:0.5", "٣", "1e9"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TABLES), st.integers(1, 4), st.integers(0, 30), st.sampled_from(WORDS) | st.text(max_size=8))
def test_whatever_is_typed_into_a_cell_is_read_or_told_never_a_crash(toy, file, row, column, text):
    rows = toy.rows(file)
    changed = [list(cells) for cells in rows]
    changed[row % len(rows)][column % len(rows[0])] = text
    toy.write(file, changed)
    try:
        assert toy.read().zones
    except InputError as error:
        assert all(problem.file and problem.message and problem.remedy for problem in error.problems)
    finally:
        toy.write(file, rows)
