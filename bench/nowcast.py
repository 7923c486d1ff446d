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

CRISIS = "nw-syria-2020"
SECONDS, GIGABYTES = 15.0, 1.0
TIMES = (4, 16)  # 310 figures become 1,240 and 4,960
JITTER = 0.1  # of the log, so that no copy is taken for a relay
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
    """Copy the shipped crisis with each figure ``times`` over, other numbers each time; return its path and size."""
    shutil.copytree(shipped.data_path("crises") / CRISIS, target)
    figures = pd.read_csv(target / "figures.csv", dtype=str, keep_default_na=False)
    generator, copies = np.random.default_rng(1), [figures]
    for copy in range(1, times):
        other = figures.assign(figure_id=figures["figure_id"] + f"x{copy}", upstream="")
        scale = np.exp(JITTER * generator.standard_normal(len(figures)))
        for column in ("value_low", "value", "value_high"):
            number = pd.to_numeric(figures[column])
            other[column] = (number * scale).map(lambda value: "" if pd.isna(value) else str(round(value)))
        copies.append(other)
    every = pd.concat(copies)
    every.to_csv(target / "figures.csv", index=False)
    return target, len(every)


def _cold(crisis: str, folder: Path, *, times: int) -> tuple[float, float]:
    command = ["-m", "needscast", "nowcast", crisis, "--out", str(folder / "nowcast.csv")]
    return measured(command, times=times, environment={"NEEDSCAST_CACHE": "off"})


def _row(what: str, value: float, unit: str, target: float) -> dict[str, Any]:
    return {"what": what, "measured": value, "unit": unit, "target": target}
