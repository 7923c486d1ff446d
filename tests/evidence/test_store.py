"""The store stays within its bounds: the least recently used goes first, the latest never, and no reader suffers."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from needscast.errors import NeedscastError
from needscast.evidence import store

DAY = 86_400.0
NAMES = ("a" * 40, "b" * 40, "c" * 40)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Hold three entries of 8 kB, last used three, two and one day ago."""
    monkeypatch.setenv("NEEDSCAST_CACHE", str(tmp_path))
    for days, name in zip((3, 2, 1), NAMES, strict=True):
        store.remembered(name, lambda: {"draws": np.zeros(1000)})
        moment = time.time() - days * DAY
        os.utime(tmp_path / f"{name}.npz", (moment, moment))
    return tmp_path


def kept(home):
    return [name[0] for name in NAMES if (home / f"{name}.npz").exists()]


@pytest.mark.parametrize("most_bytes, unused_seconds, left", [
    (1e9, 60 * DAY, ["a", "b", "c"]),
    (17_000, 60 * DAY, ["b", "c"]),  # the one used longest ago goes first
    (9_000, 60 * DAY, ["c"]),
    (0, 60 * DAY, ["c"]),  # the latest stays even when it is too large by itself
    (1e9, 2.5 * DAY, ["b", "c"]),
    (1e9, 0, ["c"]),
])  # fmt: skip
def test_entries_go_by_age_and_by_last_use_until_the_others_fit(home, most_bytes, unused_seconds, left):
    store.prune(home, most_bytes, unused_seconds=unused_seconds)
    assert kept(home) == left


def test_reading_an_entry_is_using_it(home):
    store.remembered(NAMES[0], lambda: pytest.fail("it was there"))
    store.prune(home, 9_000)
    assert kept(home) == ["a"]


def test_keeping_an_entry_prunes_the_store_to_what_the_environment_allows(home, monkeypatch):
    monkeypatch.setenv("NEEDSCAST_CACHE_GB", "0.000017")
    store.remembered("d" * 40, lambda: {"draws": np.zeros(1000)})
    assert kept(home) == ["c"] and (home / f"{'d' * 40}.npz").exists()
    monkeypatch.setenv("NEEDSCAST_CACHE_GB", "two")
    with pytest.raises(NeedscastError, match="NEEDSCAST_CACHE_GB is 'two'; give a number of gigabytes"):
        store.remembered("e" * 40, lambda: {"draws": np.zeros(1000)})


@pytest.mark.skipif(os.name != "posix", reason="open files stay where the system is not POSIX")
def test_a_reader_keeps_what_it_has_opened_and_the_next_one_makes_it_anew(home):
    with np.load(home / f"{NAMES[0]}.npz") as reader:
        store.prune(home, 0)
        assert not (home / f"{NAMES[0]}.npz").exists()
        assert reader["draws"].shape == (1000,)
    assert store.remembered(NAMES[0], lambda: {"draws": np.ones(2)})["draws"].tolist() == [1, 1]


def test_what_a_killed_process_had_begun_to_write_goes_after_a_day(home):
    for name, age in (("old.part", 2 * DAY), ("young.part", 0.0)):
        (home / name).touch()
        os.utime(home / name, (time.time() - age, time.time() - age))
    store.prune(home, 1e9)
    assert [each.name for each in home.glob("*.part")] == ["young.part"]
