"""What a tenth more of an input moves: known answers where the cost is a product that can be worked by hand."""

import numpy as np
import pytest

from needscast.decisions import pulls
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import UncertainInput

WORLDS = Draws(2048, 0)
INPUTS = [
    UncertainInput("FOO/ration/price", Range(18, 20, 22, 0.8, "USD"), "made up", made_for="SYR"),
    UncertainInput("FOO/requires_host", Range(0.1, 0.2, 0.4), "made up", made_for="SYR"),
    UncertainInput("FOO/requires_idp", Range(0.5, 0.5, 0.5), "made up", made_for="SYR"),
    UncertainInput("SHE/tent/price", Range(90, 100, 110, 0.8, "USD"), "made up", made_for="SYR"),
]


def drawn(row):
    return WORLDS.sample(row.name, row.range)


def cost(name, array, *rows):
    sources = [f"{row.name}: {row.citation}" for row in rows]
    return Estimate.of(array, {}, "USD", name, sources=sources)


@pytest.fixture(scope="module")
def found():
    ration, host, idp, tent = INPUTS
    food = drawn(ration) * 1_000 * (drawn(host) + drawn(idp))
    shelter = drawn(tent) * 40
    headlines = {
        "cost/FOO": cost("cost, FOO", food, ration, host, idp),
        "cost/SHE": cost("cost, SHE", shelter, tent),
        "cost": cost("cost", food + shelter, *INPUTS),
    }
    table = pulls(headlines, INPUTS, WORLDS)
    return dict(zip(table["input"], table["share_of_cost"], strict=True)), table, food.mean(), shelter.mean()


def test_a_tenth_more_of_the_only_price_of_a_sector_moves_the_cost_by_a_tenth_of_the_sectors_part(found):
    pull, _, food, shelter = found
    assert pull["FOO/ration/price"] == pytest.approx(0.1 * food / (food + shelter), rel=0.02)
    assert pull["SHE/tent/price"] == pytest.approx(0.1 * shelter / (food + shelter), rel=0.001)


def test_a_share_pulls_with_the_people_it_is_a_share_of_however_wide_it_is(found):
    pull, _, food, shelter = found
    host = drawn(INPUTS[1]).mean()
    assert pull["FOO/requires_host"] == pytest.approx(0.1 * food * host / (host + 0.5) / (food + shelter), rel=0.05)


def test_the_strongest_pull_stands_first_and_what_is_known_exactly_has_none(found):
    _, table, *_ = found
    assert table["input"].tolist() == ["FOO/ration/price", "FOO/requires_host", "SHE/tent/price"]
    assert (np.diff(table["share_of_cost"]) < 0).all()


def test_without_a_price_nothing_pulls():
    people = Estimate.of(np.ones(WORLDS.count), {}, "person", "people")
    assert pulls({"requiring/FOO": people}, INPUTS, WORLDS).empty
