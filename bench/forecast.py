"""One forecast, and a hindcast of forty series from all their origins; made-up series, half of them dense."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

SERIES, DENSE_ROWS, SPARSE_ROWS = 40, 400, 12
ALL_WEEKS = range(1, 27)


def run() -> list[dict[str, object]]:
    """Measure what an analyst waits for: the first forecast of a process, one more, and a whole hindcast."""
    from needscast.forecast import forecast, hindcast

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(SERIES):
            _write(folder / f"made-up-{number:02d}.csv", DENSE_ROWS if number % 2 else SPARSE_ROWS, number)
        path = folder / "made-up-01.csv"
        first = _seconds(lambda: forecast(path, as_of="2031-12-01", horizons=ALL_WEEKS))
        again = min(_seconds(lambda: forecast(path, as_of="2031-12-01", horizons=ALL_WEEKS)) for _ in range(5))
        origins = f"{SERIES} series, {SERIES // 2 * (DENSE_ROWS + SPARSE_ROWS):,} origins"
        whole = _seconds(lambda: hindcast(folder))
        alone = _seconds(lambda: hindcast(folder, workers=1))
    return [
        _row("first forecast of a process, 26 horizons, reads the past crises", first, "s", 1.0),
        _row("one forecast after that, 26 horizons", again, "s", 0.2),
        _row(f"hindcast of {origins}", whole, "s", 60.0),
        _row(f"hindcast of {origins}, one series at a time", alone, "s", None),
    ]


def _row(what: str, measured: float, unit: str, target: float | None) -> dict[str, object]:
    return {"what": what, "measured": measured, "unit": unit, "target": target}


def _seconds(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


def _write(path: Path, rows: int, seed: int) -> None:
    """Write a series that rises as a crisis does: growth as one over its age, with steps of chance."""
    draws = np.random.default_rng(seed)
    gaps: Sequence[int] = draws.integers(6, 9 if rows > SPARSE_ROWS else 40, rows)
    days = np.cumsum(gaps)
    values = np.exp(np.log(40_000) + np.log(days / days[0]) + np.cumsum(draws.normal(0, 0.03, rows)))
    lines = [
        f"{date(2031, 1, 1) + timedelta(days=int(day))},{value:.0f},idp_stock"
        for day, value in zip(days, values, strict=True)
    ]
    path.write_text("\n".join(["as_of,value,measure", *lines]) + "\n", encoding="utf-8")
