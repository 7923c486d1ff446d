"""Two versions of the toy crisis: a week apart, with other figures, rates, prices and stocks."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from needscast.estimate import Estimate
from needscast.inputs import read_crisis
from needscast.update import update

TOY = Path(__file__).parents[1] / "crises" / "toy"


@pytest.fixture(scope="session")
def earlier_toy(tmp_path_factory):
    """The toy crisis as it stood a week before: fewer displaced, T7 not there yet, a slower fading of flight."""
    folder = tmp_path_factory.mktemp("earlier") / "toy"
    shutil.copytree(TOY, folder)
    for file in (*folder.rglob("*.csv"), *folder.rglob("*.toml")):
        file.write_text(file.read_text().replace("2020-01-28", "2020-01-21"))
    figures = (folder / "figures.csv").read_text().splitlines()
    kept = [line.replace(",10000,", ",9000,") for line in figures if not line.startswith("T7")]
    (folder / "figures.csv").write_text("\n".join(kept) + "\n")
    rates = (folder / "rates.csv").read_text().replace("pace_decay,,,0.5,0.5,0.5", "pace_decay,,,0.6,0.6,0.6")
    (folder / "rates.csv").write_text(rates)
    return folder


@pytest.fixture(scope="session")
def versions(earlier_toy):
    return read_crisis(earlier_toy), read_crisis(TOY)


def told_by_figures(crisis, *, draws, seed):
    """A nowcast without doubt: as many have fled as T2 says, and live on the safe side with those of before."""
    fled = float(crisis.figures.set_index("figure_id").loc["T2", "value"])
    known = {
        "population": [40_000, 110_000],
        "idp_stock": [0, 30_000],
        "newly_displaced": [0, fled],
        "departed": [fled, 0],
        "weekly_outflow": [fled / 10, 0],
    }
    estimates = {
        name: Estimate.of(np.repeat([[front], [safe]], draws, axis=1), {"area": ["front", "safe"]}, "person", name)
        for name, (front, safe) in known.items()
    }
    return SimpleNamespace(estimates=estimates, diagnostics={})


@pytest.fixture(scope="session")
def without_doubt():
    """Have updates take the nowcast of :func:`told_by_figures`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("needscast.update.run.nowcast", told_by_figures)
        yield


@pytest.fixture(scope="session")
def made(versions, without_doubt):
    before, after = versions
    return update(after, "as-now", before=before, draws=64, seed=0, readership="public")
