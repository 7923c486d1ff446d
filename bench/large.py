"""The whole chain of a large crisis: 30 zones, 26 weeks, every item, four scenarios, beside the same work in numpy.

The crisis is the shipped one with every zone split into neighbours that are alike. Chain and floor are whole processes,
on as many cores, and write as much.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench import _floor
from bench.processes import measured
from needscast.inputs import shipped

CRISIS, ZONES, WEEKS = "nw-syria-2020", 30, 26
SECONDS, GIGABYTES, OVER_FLOOR = 10.0, 2.0, 1.5
HEADLINES, ASKED = 50, 60  # of a scenario, and inputs asked about for each decision
TIMES = 5


def run() -> list[dict[str, Any]]:
    """Measure `needscast estimate` of the large crisis, its nowcast kept, and the floor."""
    from needscast.inputs import read_crisis

    with tempfile.TemporaryDirectory() as folder:
        crisis, tables = split(Path(folder) / CRISIS), Path(folder) / "tables"
        kept = {"NEEDSCAST_CACHE": str(Path(folder) / "cache")}
        measured(["-m", "needscast", "nowcast", str(crisis), "--out", str(Path(folder) / "now.csv")], environment=kept)
        command = ["-m", "needscast", "estimate", str(crisis), "--out", str(tables)]
        measured(command, times=1, environment=kept)  # for the size of its tables
        size = sum(each.stat().st_size for each in tables.rglob("*.csv"))
        read = read_crisis(crisis)
        inputs, count = sum(not one.range.is_constant for one in read.inputs), len(read.scenarios)
        shape = _floor.Shape.of(read, inputs, HEADLINES, len(read.decisions), ASKED)
        floor = _floor.process(shape, count, size // count, Path(folder))
        # In turn, so that a machine that is slower for a while is so for both.
        pairs = [(measured(command, times=1, environment=kept), measured(floor, times=1)) for _ in range(TIMES)]
    seconds, memory = (median(chain[at] for chain, _ in pairs) for at in (0, 1))
    bare = median(bare[0] for _, bare in pairs)
    about = f"{shape.zones} zones, {shape.weeks} weeks, {shape.items} items, {count} scenarios, {_floor.DRAWS:,} draws"

    def row(what: str, value: float, unit: str, target: float | None) -> dict[str, Any]:
        return {"what": f"large crisis, {what}", "measured": value, "unit": unit, "target": target}

    return [
        row(f"whole process: {about}", seconds, "s", SECONDS),
        row("peak memory of the largest process", memory, "GB", GIGABYTES),
        row("what its tables take", size / 1e9, "GB", None),
        row("the same array work in numpy, writing as much, whole process", bare, "s", None),
        row("over floor", seconds / bare, "ratio", OVER_FLOOR),
    ]


def split(target: Path) -> Path:
    """Copy the shipped crisis with every zone split into several that share its people; return its folder."""
    shutil.copytree(shipped.data_path("crises") / CRISIS, target)
    areas = _table(target / "areas.csv")
    zones = [row for row in areas if row["level"] == "zone"]
    copies = {row["area"]: ZONES // len(zones) + (place < ZONES % len(zones)) for place, row in enumerate(zones)}
    twins = [
        {**row, "area": f"{row['area']}-{number}", "name": f"{row['name']}, part {number}", "pcode": ""}
        for row in zones
        for number in range(2, copies[row["area"]] + 1)
    ]
    for row in [*zones, *twins]:
        for column in ("population_low", "population", "population_high"):
            row[column] = str(round(float(row[column]) / copies[re.sub(r"-\d+$", "", row["area"])]))
    _write(target / "areas.csv", [*areas, *twins])
    rates = _table(target / "rates.csv")
    more = [
        {**row, "area": twin["area"]}
        for twin in twins
        for row in rates
        if row["area"] == twin["area"].rpartition("-")[0]
    ]
    _write(target / "rates.csv", [*rates, *more])
    settings = target / "crisis.toml"
    text = re.sub(r"horizon_weeks = \d+", f"horizon_weeks = {WEEKS}", settings.read_text(encoding="utf-8"))
    settings.write_text(text, encoding="utf-8")
    return target


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, list(rows[0]))
        made.writeheader()
        made.writerows(rows)
