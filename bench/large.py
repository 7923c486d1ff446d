"""The whole chain of a large crisis: 30 zones, 26 weeks, every item, four scenarios, beside the same work in numpy.

The crisis is the shipped one with every zone split into neighbours that are alike.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.chain import DRAWS, floor, zone_by_zone
from bench.processes import measured
from needscast.inputs import shipped

CRISIS, ZONES, WEEKS = "nw-syria-2020", 30, 26
SECONDS, GIGABYTES, OVER_FLOOR = 10.0, 2.0, 1.5


def run() -> list[dict[str, Any]]:
    """Measure `needscast estimate` of the large crisis, its nowcast kept, whole process, and the floor."""
    from needscast.inputs import read_crisis
    from needscast.vocabulary import GROUPS

    with tempfile.TemporaryDirectory() as folder:
        crisis = split(Path(folder) / CRISIS)
        kept = {"NEEDSCAST_CACHE": str(Path(folder) / "cache")}
        measured(["-m", "needscast", "nowcast", str(crisis), "--out", str(Path(folder) / "now.csv")], environment=kept)
        command = ["-m", "needscast", "estimate", str(crisis), "--out", str(Path(folder) / "tables")]
        seconds, memory = measured(command, times=1, environment=kept)
        read = read_crisis(crisis)
    items, inputs = (
        sum(len(sector.items) for sector in read.sectors),
        sum(not one.range.is_constant for one in read.inputs),
    )
    sectors, asked = read.sectors, 60
    shape = len(GROUPS), len(read.zones), WEEKS, len(sectors), items, zone_by_zone(sectors)
    started = time.perf_counter()
    floor(*shape, inputs, 50, len(read.decisions), asked)
    bare = (time.perf_counter() - started) * len(read.scenarios) / 2  # scenarios on two cores
    about = f"{len(read.zones)} zones, {WEEKS} weeks, {items} items, {len(read.scenarios)} scenarios, {DRAWS:,} draws"
    return [
        {"what": f"large crisis, whole process: {about}", "measured": seconds, "unit": "s", "target": SECONDS},
        {
            "what": "large crisis, peak memory of the largest process",
            "measured": memory,
            "unit": "GB",
            "target": GIGABYTES,
        },
        {
            "what": "large crisis, the same array work in numpy on two cores",
            "measured": bare,
            "unit": "s",
            "target": None,
        },
        {"what": "large crisis over floor", "measured": seconds / bare, "unit": "ratio", "target": OVER_FLOOR},
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
