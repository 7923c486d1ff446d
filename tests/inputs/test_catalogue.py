"""The shipped catalogue: what numbers rest on, what was read and left out, how an analyst overrides a value."""

import csv
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from needscast import chain
from needscast.inputs import read_crisis
from needscast.inputs.shipped import data_path

SECTORS = data_path("sectors")
ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "crises" / "toy"
MEASURED = ("high", "medium", "low")
RATES = "input,area,group,low,best,high,mass,unit,source,published,url,confidence,reason"
OVERRIDES = {
    "price": ("TOY/blanket/price", "USD", 20),
    "lead time": ("TOY/blanket/lead_time_days", "day", 30),
    "share who require": ("TOY/requires_displaced", "share", 0.25),
}


@pytest.fixture(scope="module")
def cards():
    return read_crisis("nw-syria-2020").sectors


@pytest.fixture(scope="module")
def register():
    with (SECTORS / "standards_read.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


# --- what was read and where it went ----------------------------------------------------------------------------------


def test_every_standard_that_was_read_is_either_used_or_left_out_for_a_reason(register):
    assert len(register) == 276
    assert len({(row["sector"], row["standard"]) for row in register}) == len(register)
    assert [row["standard"] for row in register if bool(row["used_in"]) == bool(row["left_out_because"])] == []
    assert [row["standard"] for row in register if row["left_out_because"] and len(row["left_out_because"]) < 20] == []


def test_what_a_standard_is_used_in_exists(register, cards):
    on_cards = {f"{card.code}/{item.id}" for card in cards for item in card.items}
    named = {row.name for row in read_crisis("nw-syria-2020").inputs}
    crisis = ROOT / "data" / "crises" / "nw-syria-2020"
    for row in register:
        for place in filter(None, row["used_in"].split(";")):
            head, _, name = place.partition("/")
            known = (
                place in on_cards
                or place in named
                or (head == "rates.csv" and name in named)
                or (crisis / place).is_file()
                or (ROOT / place).is_file()
                or (ROOT / "lib" / place).is_file()
            )
            assert known, f"{row['standard']}: {place}"


def test_about_sixty_items_each_with_a_norm_and_a_confidence(cards):
    items = [(card.code, item) for card in cards for item in card.items]
    assert 55 <= len(items) <= 70
    for code, item in items:
        assert item.norms, f"{code}/{item.id}"
        assert all(norm.source and norm.confidence in MEASURED for norm in item.norms), f"{code}/{item.id}"


def test_what_is_assumed_says_so_and_is_of_low_confidence(cards):
    for card in cards:
        for item in card.items:
            for norm in item.norms:
                assert norm.confidence == "low" or not norm.source.startswith("assumption"), f"{card.code}/{item.id}"
    codes = {card.code for card in cards}
    for row in read_crisis("nw-syria-2020").inputs:
        if row.is_assumption and row.name.partition("/")[0] in codes:
            assert row.confidence == "low" and row.reason, row.name


def test_every_item_has_a_number_that_was_read_and_the_readme_counts_the_prices_and_lead_times_that_are_assumed():
    assumed = {"price": [], "lead_time_days": []}
    counted = 0
    for path in sorted(SECTORS.glob("*.toml")):
        card = tomllib.loads(path.read_text(encoding="utf-8"))
        for item in card["item"]:
            given = [
                *item["norm"],
                *(item[part] for part in ("specification", "price", "lead_time_days") if part in item),
            ]
            given += [each for each in card.get("input", []) if each["input"] in item.get("factors", [])]
            read = [each for each in given if not each["source"].startswith(("assumption", "by definition"))]
            assert read, f"{path.stem}/{item['id']}"
            counted += "lead_time_days" in item
            for what, names in assumed.items():
                if item.get(what, {}).get("source", "").startswith("assumption"):
                    names.append(f"{path.stem}/{item['id']}")
    told = " ".join((SECTORS / "README.md").read_text(encoding="utf-8").split())
    assert f"Of the prices {len(assumed['price'])} of {counted} are assumptions" in told, assumed["price"]
    assert f"Of {counted} lead times {len(assumed['lead_time_days'])} are assumptions" in told, assumed[
        "lead_time_days"
    ]


# --- an analyst overrides a value -------------------------------------------------------------------------------------


def overridden(folder, name, unit, value):
    shutil.copytree(TOY, folder)
    row = f'{name},,,{value},{value},{value},0.8,{unit},supplier,2020-01-02,,high,"contract signed in January"\n'
    rates = folder / "rates.csv"
    rates.write_text(rates.read_text(encoding="utf-8").rstrip("\n") + "\n" + row, encoding="utf-8")
    return folder


@pytest.mark.parametrize("what", OVERRIDES)
def test_a_row_of_the_crisis_folder_takes_the_place_of_the_card_with_its_source_and_reason(what, tmp_path):
    name, unit, value = OVERRIDES[what]
    found = read_crisis(overridden(tmp_path / "mine", name, unit, value)).inputs.find(name)
    assert (found.range.best, found.source, found.reason) == (value, "supplier", "contract signed in January")
    assert found.published == date(2020, 1, 2) and not found.is_assumption


def test_an_overridden_price_moves_the_cost_by_its_ratio_and_nothing_else(tmp_path):
    before = chain.estimate(TOY, "as-now", draws=64)
    card = before.crisis.inputs.find("TOY/blanket/price").range.best
    after = chain.estimate(overridden(tmp_path / "mine", "TOY/blanket/price", "USD", 2 * card), "as-now", draws=64)
    was, now = (each.tables["costs"].query("item == 'blanket'")["median"].item() for each in (before, after))
    assert now == pytest.approx(2 * was)
    assert after.tables["demand"]["median"].tolist() == before.tables["demand"]["median"].tolist()
