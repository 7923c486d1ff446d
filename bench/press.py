"""The press beside the command lines of papermill and nbconvert, in one run on the same notebooks; and how it grows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import nbformat
import psutil

from needscast.inputs.shipped import data_path, notebook_path

CRISIS = "nw-syria-2020"
REPORTS = 12
RIVALS = 3  # reports that the command lines render; twelve take four times as long
UNCHANGED, FOLDERS = 1000, 200
FEW, MANY = 20, 60

SMALL = """
import sys
from pathlib import Path
import resource
from needscast.press import Choices, render, rendering
rendering.notebook_path = lambda name: Path(sys.argv[1]) / name
render(sys.argv[2], Path(sys.argv[3]), Choices(formats=["html"]), workers=2, force=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
CHECK = """
import sys
from pathlib import Path
from needscast.press import Choices, render
found = [render(sys.argv[1], out, Choices(formats=["csv"])) for out in Path(sys.argv[2]).iterdir()]
print(sum(len(each.reports) for each in found if not each.rendered))
"""
HEAD = """
crisis: str = ""  # a path
as_of: str = ""  # a day
draws: int = 0  # a number
seed: int = 0  # a number
readership: str = "public"  # an edition
language: str = "en"  # a language
"""
SHOWN = """
from needscast.report.blocks import Cover, Group, KeyFigure
from needscast.report.values import Range, Text
Cover(Text("title.comparison", {"crisis": crisis}), "small", "Small", as_of, as_of, readership, language)
"""
FIGURE = 'Group((KeyFigure("People", Range(90.0, 100.0, 120.0, 0.8)),), "figures", "headline")'


def run() -> list[dict]:
    """Return the measurements of the press."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        return [*_beside_command_lines(folder), *_unchanged(folder), *_growth(folder)]


def _beside_command_lines(folder: Path) -> list[dict]:
    crisis = _crisis(folder / "twelve", REPORTS)
    scenarios = [f"s{number:03d}" for number in range(REPORTS)]
    chosen = [word for each in scenarios for word in ("--scenario", each)]
    rows = []
    for words, cache in (("no cache", "off"), ("nowcast in the cache", str(folder / "cache"))):
        environment = {**os.environ, "NEEDSCAST_CACHE": cache}
        if cache != "off":
            _timed(
                [sys.executable, "-m", "needscast", "nowcast", str(crisis), "--out", str(folder / "n.csv")], environment
            )
        out = str(folder / f"out-{cache == 'off'}")
        render = [
            sys.executable,
            "-m",
            "needscast",
            "render",
            str(crisis),
            *chosen,
            "--to",
            "html",
            "--force",
            "--out",
            out,
        ]
        seconds, memory = _timed(render, environment)
        one, _ = _timed([*render[:5], "--scenario", scenarios[0], *render[-5:-1], f"{out}-one"], environment)
        rows += [
            {"what": f"{REPORTS} scenario reports and their comparison, {words}", "measured": seconds, "unit": "s"},
            {"what": f"  their memory, all processes, {words}", "measured": memory, "unit": "GB", "target": 2.0},
            {"what": f"one scenario report, {words}", "measured": one, "unit": "s"},
        ]
        if find_spec("nbconvert"):
            rival = (
                REPORTS / RIVALS * sum(_command_lines(crisis, each, folder, environment) for each in scenarios[:RIVALS])
            )
            row = {
                "what": f"  share of papermill's and nbconvert's command lines, {words}",
                "measured": seconds / rival,
            }
            rows.append({**row, "unit": "ratio", "target": 1 / 8 if cache == "off" else None})
    return rows


def _command_lines(crisis: Path, scenario: str, folder: Path, environment: dict) -> float:
    done = str(folder / f"{scenario}.ipynb")
    given = ["-p", "crisis", str(crisis), "-p", "scenario", scenario]
    notebook = str(notebook_path("report_scenario.ipynb"))
    papermill = [sys.executable, "-m", "papermill", notebook, done, "-k", "python3", *given]
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", done]
    return _timed(papermill, environment)[0] + _timed(convert, environment)[0]


def _unchanged(folder: Path) -> list[dict]:
    first = folder / "first"
    render = ["-m", "needscast", "render", CRISIS, "--to", "csv", "--out", str(first)]
    _timed([sys.executable, *render], dict(os.environ))
    for number in range(FOLDERS):
        shutil.copytree(first, folder / "many" / str(number))
    seconds, _ = _timed([sys.executable, "-c", CHECK, CRISIS, str(folder / "many")], dict(os.environ))
    return [{"what": f"{UNCHANGED} reports checked, nothing changed", "measured": seconds, "unit": "s", "target": 3.0}]


def _growth(folder: Path) -> list[dict]:
    """Render few and many small reports: what one more costs, in time and in memory of the renderer."""
    for name, own in (("report_scenario", "scenario"), ("report_comparison", "scenarios")):
        parameters = nbformat.v4.new_code_cell(f'{HEAD}{own}: str = ""  # a card', metadata={"tags": ["parameters"]})
        cells = [parameters, *map(nbformat.v4.new_code_cell, (SHOWN, FIGURE))]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    found = {}
    for count in (FEW, MANY):
        crisis = _crisis(folder / f"small-{count}", count)
        command = [sys.executable, "-c", SMALL, str(folder), str(crisis), str(folder / f"out-{count}")]
        started = time.perf_counter()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found[count] = (time.perf_counter() - started, int(said.split()[-1]) / 1e3)
    more = MANY - FEW
    return [
        {"what": "one more small report", "measured": (found[MANY][0] - found[FEW][0]) / more, "unit": "s"},
        {
            "what": "  memory of one more",
            "measured": (found[MANY][1] - found[FEW][1]) / more,
            "unit": "MB",
            "target": 0.1,
        },
    ]


def _crisis(home: Path, count: int) -> Path:
    """Copy the shipped crisis with so many scenarios: its own cards under other names."""
    shutil.copytree(data_path("crises", CRISIS), home)
    cards = sorted((home / "scenarios").glob("*.toml"))
    texts = [re.sub(r"(?m)^weight.*$", "", card.read_text(encoding="utf-8")) for card in cards]  # they add up to one
    for card in cards:
        card.unlink()
    for number in range(count):
        (home / "scenarios" / f"s{number:03d}.toml").write_text(texts[number % len(texts)], encoding="utf-8")
    return home


def _timed(command: Sequence[str], environment: dict) -> tuple[float, float]:
    """Run a command; return its wall time and the most memory that it and its children held at once. [second, GB]"""
    started, peak, over = time.perf_counter(), [0.0], threading.Event()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def watch() -> None:
        while not over.wait(0.2):
            peak[0] = max(peak[0], _held(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    said = process.communicate()[1]
    seconds = time.perf_counter() - started
    over.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {said[-800:]}")
    return seconds, peak[0] / 1e9


def _held(process: int) -> float:
    """Memory of a process and its children; what forks share counts once (PSS), where the system tells."""
    total = 0.0
    try:
        family = [psutil.Process(process), *psutil.Process(process).children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            found = each.memory_full_info()
            total += getattr(found, "pss", found.rss)
        except psutil.Error:
            continue
    return total
