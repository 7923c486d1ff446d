"""Whole processes, timed from outside: wall seconds and the largest resident memory, the median of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence


def measured(
    arguments: Sequence[str], *, times: int = 3, environment: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Run ``python ARGUMENTS`` several times and return the median wall time and peak memory. [second, GB]"""
    runs = [_once([sys.executable, *arguments], {**os.environ, **(environment or {})}) for _ in range(times)]
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def _once(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    started = time.perf_counter()
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{' '.join(command)} failed: {said.decode(errors='replace')[-500:]}")
    scale = 1e9 if sys.platform == "darwin" else 1e6
    return seconds, usage.ru_maxrss / scale


def run() -> list[dict[str, object]]:
    """Measure what everybody waits for: the import, the help, the tables of all scenarios, a report."""
    import tempfile
    from pathlib import Path

    rows: list[dict[str, object]] = []

    def row(what: str, value: float, unit: str, target: float | None) -> None:
        rows.append({"what": what, "measured": value, "unit": unit, "target": target})

    bare, _ = measured(["-c", "pass"], times=5)
    imported, _ = measured(["-c", "import needscast"], times=5)
    row("import needscast, beyond a bare Python", imported - bare, "s", 0.1)
    row("needscast --help, whole process", measured(["-m", "needscast", "--help"], times=5)[0], "s", 0.4)
    with tempfile.TemporaryDirectory() as folder:
        for cold in (True, False):
            cache = {"NEEDSCAST_CACHE": "off" if cold else str(Path(folder) / "cache")}
            command = ["-m", "needscast", "estimate", "nw-syria-2020", "--out", str(Path(folder) / "tables")]
            if not cold:
                measured(command, times=1, environment=cache)
            seconds, memory = measured(command, times=3, environment=cache)
            about = "nowcast made anew" if cold else "nowcast kept"
            row(f"estimate, four scenarios, 4,096 draws, whole process, {about}", seconds, "s", None if cold else 5.0)
            row(f"estimate, four scenarios, peak memory, {about}", memory, "GB", 1.0)
        report = ["-m", "needscast", "render", "nw-syria-2020", "--scenario", "as-now", "--to", "html", "--force"]
        report += ["--out", str(Path(folder) / "report")]
        measured(report, times=1, environment=cache)
        row("one report, its results kept, whole process", measured(report, times=3, environment=cache)[0], "s", 4.0)
    return rows
