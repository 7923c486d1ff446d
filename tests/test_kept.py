"""Results kept by content: the same when read back, made anew when an entry is broken, and kept for the press only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from needscast import chain, kept
from needscast.draws import Draws
from needscast.evidence import store
from needscast.inputs import read_crisis

TOY = Path(__file__).parent / "crises" / "toy"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NEEDSCAST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(kept.SHARED, "1")
    monkeypatch.setattr(kept, "_held", {})
    return tmp_path / "cache"


def counted(calls, value):
    def make():
        calls.append(value)
        return value

    return make


def test_an_entry_is_made_once(home):
    calls = []
    assert [kept.kept("a" * 40, counted(calls, {"x": (1, 2)})) for _ in range(3)] == [{"x": (1, 2)}] * 3
    assert len(calls) == 1


@pytest.mark.parametrize("harm", ["cut", "garbage", "another digest", "empty"])
def test_a_broken_entry_is_made_anew_and_never_read(home, harm):
    calls = []
    kept.kept("b" * 40, counted(calls, "good"))
    place = home / f"{'b' * 40}.npz"
    whole = place.read_bytes()
    if harm == "another digest":
        place.unlink()
        store.remembered("b" * 40, lambda: {"payload": kept.np.frombuffer(b"evil", "u1"), "digest": kept.np.array("0")})
    else:
        place.write_bytes({"cut": whole[: len(whole) // 2], "garbage": b"PK\x03\x04 no zip", "empty": b""}[harm])
    assert kept.kept("b" * 40, counted(calls, "good")) == "good"
    assert len(calls) == 2


def test_a_folder_that_others_may_write_to_is_not_believed(home):
    calls = []
    kept.kept("c" * 40, counted(calls, "good"))
    home.chmod(0o777)
    assert kept.kept("c" * 40, counted(calls, "good")) == "good"
    assert len(calls) == 2


def test_nothing_is_shared_unless_the_press_asks_for_it(home, monkeypatch):
    monkeypatch.delenv(kept.SHARED)
    calls = []
    for _ in range(2):
        kept.kept("d" * 40, counted(calls, 1))
        kept.held("d" * 40, counted(calls, 1))
    assert len(calls) == 4


def test_results_that_were_kept_are_those_that_were_computed(home):
    computed = chain.estimate(TOY, "offensive", draws=64)
    read_back = chain.estimate(TOY, "offensive", draws=64)
    assert len(list(home.glob("*.npz"))) >= 1
    for name, table in computed.tables.items():
        assert table.equals(read_back.tables[name]), name
    for name, headline in computed.headlines.items():
        other = read_back.headlines[name]
        assert headline.unit == other.unit and headline.derivation == other.derivation
        assert headline.minus(other).summary()["upper"].item() == 0
    assert computed.missing == read_back.missing and computed.declared == read_back.declared


def test_the_key_knows_the_scenario_the_worlds_and_the_inputs_but_not_the_card_of_another_scenario():
    crisis = read_crisis(TOY)
    worlds = Draws(64, 0)
    keys = [
        kept.key(crisis, worlds, "offensive"),
        kept.key(crisis, worlds, "as-now"),
        kept.key(crisis, worlds),
        kept.key(crisis, Draws(64, 1), "offensive"),
        kept.key(crisis, Draws(128, 0), "offensive"),
    ]
    assert len(set(keys)) == len(keys)
    other = {**crisis.digests, "scenarios/as-now.toml": "changed"}
    object.__setattr__(crisis, "digests", other)
    assert kept.key(crisis, worlds, "offensive") == keys[0] and kept.key(crisis, worlds, "as-now") != keys[1]


def test_a_crisis_is_held_until_one_of_its_files_changes(home, tmp_path):
    shutil.copytree(TOY, tmp_path / "toy")
    first = kept.crisis_of(tmp_path / "toy", None)
    assert kept.crisis_of(tmp_path / "toy", first.reference_date) is first
    card = sorted((tmp_path / "toy" / "scenarios").glob("*.toml"))[0]
    card.write_text(card.read_text(encoding="utf-8") + "\n# looked at again\n", encoding="utf-8")
    again = kept.crisis_of(tmp_path / "toy", first.reference_date)
    assert again is not first
    assert again.digests != first.digests
