"""Where a number comes from: a headline or an item, as a tree that a person reads, down to its sources."""

from pathlib import Path

import pytest

from needscast import chain
from needscast.errors import NeedscastError
from needscast.report.explain import explain

TOY = Path(__file__).parents[1] / "crises" / "toy"


@pytest.fixture(scope="module")
def toy():
    return chain.estimate(TOY, "offensive", draws=64)


@pytest.mark.parametrize("name", ["blanket", "TOY/blanket", "demand/TOY/blanket"])
def test_an_item_is_explained_by_its_norm_its_people_and_their_sources(toy, name):
    text = explain(toy, name)
    assert text.startswith(f"{name} = ")
    assert "norm of blanket [Toy handbook (2018-11-06)]" in text
    assert "goods_lost_share" in text
    assert "\nSources\n" in text


def test_the_same_item_is_the_same_number_as_in_the_table_of_demand(toy):
    table = toy.tables["demand"].query("item == 'blanket' and area == 'all' and week == 'horizon'")
    from needscast.report.explain import found

    assert found(toy, "blanket").summary()["median"].item() == pytest.approx(table["median"].item(), rel=1e-12)


def test_a_step_with_many_inputs_takes_few_lines(toy):
    tree = explain(toy, "cost").split("\nSources\n")[0]
    assert max(len(line) for line in tree.splitlines()) < 700
    assert "inputs, each under Sources: " in tree
    assert "of the same as" in tree


def test_an_unknown_name_lists_what_there_is(toy):
    with pytest.raises(NeedscastError, match="did you mean"):
        explain(toy, "blankett")
