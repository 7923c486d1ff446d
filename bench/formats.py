"""Formats: how long each takes after the notebook ran, how big it gets, how soon the page is seen in Chromium."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from time import perf_counter

CRISIS, SCENARIO_ID = "nw-syria-2020", "as-now"
TARGETS = {"html": 3.0, "pdf": 1.0, "docx": 2.0, "xlsx": 1.0, "csv": 1.0, "json": 1.0}
NAMES = tuple(TARGETS)
FIRST_VIEW = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def run() -> list[dict]:
    """Write the scenario report of the shipped crisis in every format, charts drawn anew for the first of them."""
    from needscast import chain, report
    from needscast.report import formats
    from needscast.report.sections import SCENARIO

    results = chain.estimate(CRISIS, SCENARIO_ID, **report.choices(readership="public"))
    page = report.page(results)
    blocks = tuple(page.show(name) for name in ("cover", *SCENARIO))
    started = perf_counter()
    formats.load(NAMES)  # as the press does while notebooks run
    loading = perf_counter() - started
    rows = [
        {"what": "loading of all formats, while the notebook runs", "measured": loading, "unit": "s", "target": None}
    ]
    with tempfile.TemporaryDirectory() as folder:
        for format in NAMES:
            path, started = Path(folder) / f"r.{format}", perf_counter()
            formats.write(blocks, format, path)
            seconds, size = perf_counter() - started, path.stat().st_size / 1e6
            what = f"{format} written, charts drawn anew" if format in ("html", "docx") else f"{format} written"
            rows.append({"what": what, "measured": seconds, "unit": "s", "target": TARGETS[format]})
            rows.append({"what": f"{format} size", "measured": size, "unit": "MB", "target": 2.0})
        rows += _seen(Path(folder) / "r.html")
    return rows


def _seen(path: Path) -> list[dict]:
    """Measure when the first words are painted and when the page is complete, from disk; nothing without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    if not chromium:
        return []
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.goto("about:blank")
        started = perf_counter()
        page.goto(path.as_uri())
        loaded = perf_counter() - started
        painted = page.evaluate(FIRST_VIEW)
        browser.close()
    rows = [{"what": "page complete in Chromium, from disk", "measured": loaded, "unit": "s", "target": 1.0}]
    if painted is not None:
        rows.append({"what": "first view in Chromium", "measured": painted / 1000, "unit": "s", "target": 1.0})
    return rows
