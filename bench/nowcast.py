"""How long the nowcast takes, cold, and how its cost grows with the number of figures."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.processes import measured
from needscast.inputs import shipped

CRISIS, AREA, MEASURE = "nw-syria-2020", "nw-syria", "displaced_cumulative"
SECONDS, GIGABYTES = 15.0, 1.0
TIMES = (4, 16)  # 310 figures become 1,240 and 4,960
ERROR_SD = 0.15  # of the log
MORE_SOURCES = 8
LINEAR = 1.0  # cost per figure against that of the register as it is


def run() -> list[dict[str, Any]]:
    """Return time and memory of the shipped register, and the cost per figure of larger ones against it."""
    with tempfile.TemporaryDirectory() as folder:
        once, memory = _cold(CRISIS, Path(folder), times=3)
        rows = [_row("nowcast of the shipped register, cold", once, "s", SECONDS)]
        rows.append(_row("nowcast of the shipped register, peak memory", memory, "GB", GIGABYTES))
        for times in TIMES:
            crisis, count = enlarged(Path(folder) / str(times) / CRISIS, times)
            seconds, memory = _cold(str(crisis), Path(folder), times=1)
            rows.append(_row(f"nowcast of {count:,} figures, cost per figure", seconds / times / once, "ratio", LINEAR))
            rows.append(_row(f"nowcast of {count:,} figures, peak memory", memory, "GB", GIGABYTES))
    return rows


def enlarged(target: Path, times: int) -> tuple[Path, int]:
    """Copy the shipped crisis with so many times its figures; return its path and how many figures it has.

    The others are like those of the whole area: a source, a first day and a pace of theirs, on a day at random, with an
    error; so that none is a relay of another, or a part.
    """
    shutil.copytree(shipped.data_path("crises") / CRISIS, target)
    figures = pd.read_csv(target / "figures.csv", dtype=str, keep_default_na=False)
    alike = {"area": AREA, "measure": MEASURE, "group": "all", "coverage": "complete"}
    whole = figures[(figures[list(alike)] == pd.Series(alike)).all(axis=1) & (figures["value"] != "")]
    generator, count = np.random.default_rng(1), len(figures) * (times - 1)
    other = whole.iloc[generator.integers(0, len(whole), count)].reset_index(drop=True)
    start, end = (pd.to_datetime(other[column]) for column in ("period_start", "as_of"))
    share = generator.uniform(0.3, 1.0, count)
    cut_off = (start + ((end - start) * share).dt.round("D")).dt.strftime("%Y-%m-%d")
    value = pd.to_numeric(other["value"]) * share * np.exp(ERROR_SD * generator.standard_normal(count))
    other = other.assign(
        figure_id="X" + other.index.astype(str),
        source=generator.choice(_more_sources(target / "sources.csv"), count),
        upstream="",
        as_of=cut_off,
        published=cut_off,
        value=value.round().astype(int).astype(str),
    )
    every = pd.concat([figures, other])
    every.to_csv(target / "figures.csv", index=False)
    return target, len(every)


def _more_sources(path: Path) -> list[str]:
    """Add sources like the first ones of the table, and return their ids."""
    sources = pd.read_csv(path, dtype=str, keep_default_na=False)
    more = sources.head(MORE_SOURCES).assign(source="x-" + sources["source"].head(MORE_SOURCES))
    pd.concat([sources, more]).to_csv(path, index=False)
    return more["source"].tolist()


def _cold(crisis: str, folder: Path, *, times: int) -> tuple[float, float]:
    command = ["-m", "needscast", "nowcast", crisis, "--out", str(folder / "nowcast.csv")]
    return measured(command, times=times, environment={"NEEDSCAST_CACHE": "off"})


def _row(what: str, value: float, unit: str, target: float) -> dict[str, Any]:
    return {"what": what, "measured": value, "unit": unit, "target": target}
