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
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from needscast.inputs.shipped import data_path, notebook_path

CRISIS = "nw-syria-2020"
REPORTS = 12
UNCHANGED, FOLDERS = 1000, 200
GROWTH = (250, 500, 1000)
_HIGH = re.compile(r"(?m)^high = ([\d.]+)$")

SMALL = """
import sys
from pathlib import Path
from needscast.press import Choices, render, rendering
rendering.notebook_path = lambda name: Path(sys.argv[1]) / name
render(sys.argv[2], Path(sys.argv[3]), Choices(draws=64, formats=["html"]), workers=2, force=True)
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
    """Render twelve scenarios and their comparison, then the same notebooks by papermill's and nbconvert's commands."""
    crisis = _crisis(folder / "twelve", REPORTS)
    scenarios = [f"s{number:03d}" for number in range(REPORTS)]
    render = [sys.executable, "-m", "needscast", "render", str(crisis), "--to", "html", "--force", "--out"]
    cold = {**os.environ, "NEEDSCAST_CACHE": "off"}
    warm = {**os.environ, "NEEDSCAST_CACHE": str(folder / "cache")}
    ours = _timed([*render, str(folder / "cold")], cold)
    jobs = [("report_scenario", "scenario", each) for each in scenarios]
    jobs.append(("report_comparison", "scenarios", ",".join(scenarios)))
    rivals = [_timed(command, cold) for job in jobs for command in _command_lines(crisis, *job, folder)]
    theirs = sum(each.seconds for each in rivals)
    processor = ours.processor / sum(each.processor for each in rivals)
    _timed([*render, str(folder / "first")], warm)
    again = _timed([*render, str(folder / "again")], warm)
    one = _timed([*render, str(folder / "one"), "--scenario", scenarios[0]], warm)
    what = f"{REPORTS} scenario reports and their comparison"
    return [
        {"what": f"{what}, no cache", "measured": ours.seconds, "unit": "s"},
        {"what": "  memory of all its processes together", "measured": ours.memory, "unit": "GB", "target": 2.0},
        {"what": "  the same notebooks by papermill's and nbconvert's commands", "measured": theirs, "unit": "s"},
        {"what": "  share of their time", "measured": ours.seconds / theirs, "unit": "ratio", "target": 1 / 8},
        {"what": "  share of their processor time", "measured": processor, "unit": "ratio"},
        {"what": f"{what}, results in the cache", "measured": again.seconds, "unit": "s"},
        {"what": "one scenario report, results in the cache", "measured": one.seconds, "unit": "s"},
    ]


def _command_lines(crisis: Path, notebook: str, name: str, value: str, folder: Path) -> list[list[str]]:
    """Return the two commands that make one report, as their manuals have them."""
    done, source = str(folder / "executed.ipynb"), str(notebook_path(f"{notebook}.ipynb"))
    given = ["-k", "python3", "-p", "crisis", str(crisis), "-p", name, value]
    return [
        [sys.executable, "-m", "papermill", source, done, *given],
        [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", done],
    ]


def _unchanged(folder: Path) -> list[dict]:
    first = folder / "first"
    render = ["-m", "needscast", "render", CRISIS, "--to", "csv", "--out", str(first)]
    _timed([sys.executable, *render], dict(os.environ))
    for number in range(FOLDERS):
        shutil.copytree(first, folder / "many" / str(number))
    checked = _timed([sys.executable, "-c", CHECK, CRISIS, str(folder / "many")], dict(os.environ)).seconds
    return [{"what": f"{UNCHANGED} reports checked, nothing changed", "measured": checked, "unit": "s", "target": 3.0}]


def _growth(folder: Path) -> list[dict]:
    """Render more and more small reports: time stays in proportion, memory where it was."""
    for name, own in (("report_scenario", "scenario"), ("report_comparison", "scenarios")):
        parameters = nbformat.v4.new_code_cell(f'{HEAD}{own}: str = ""  # a card', metadata={"tags": ["parameters"]})
        cells = [parameters, *map(nbformat.v4.new_code_cell, (SHOWN, FIGURE))]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    rows, found = [], []
    for count in GROWTH:
        crisis = _crisis(folder / f"small-{count}", count)
        command = [sys.executable, "-c", SMALL, str(folder), str(crisis), str(folder / f"out-{count}")]
        found.append(_timed(command, dict(os.environ)))
        rows += [
            {"what": f"{count} small reports", "measured": found[-1].seconds, "unit": "s"},
            {"what": "  memory of all its processes together", "measured": found[-1].memory * 1e3, "unit": "MB"},
        ]
    first, last = found[0], found[-1]
    proportion = last.seconds / first.seconds / (GROWTH[-1] / GROWTH[0])
    more = 1e3 * (last.memory - first.memory) / (GROWTH[-1] - GROWTH[0])
    what = f"time for each of {GROWTH[-1]} beside that for each of {GROWTH[0]}"
    return [
        *rows,
        {"what": what, "measured": proportion, "unit": "ratio", "target": 1.1},
        {"what": "memory of one more small report", "measured": more, "unit": "MB", "target": 0.1},
    ]


def _crisis(home: Path, count: int) -> Path:
    """Copy the shipped crisis with so many scenarios: its own cards under other names, no two with the same numbers."""
    shutil.copytree(data_path("crises", CRISIS), home)
    cards = sorted((home / "scenarios").glob("*.toml"))
    texts = [re.sub(r"(?m)^weight.*$", "", card.read_text(encoding="utf-8")) for card in cards]  # they add up to one
    for card in cards:
        card.unlink()
    for number in range(count):
        text = texts[number % len(texts)]
        high = _HIGH.search(text)
        assert high is not None
        other = f"high = {float(high[1]) * (1 + number / 10_000):.6f}"
        (home / "scenarios" / f"s{number:03d}.toml").write_text(text.replace(high[0], other, 1), encoding="utf-8")
    (home / "names.csv").unlink()  # translations of texts that went with the weights
    return home


@dataclass(frozen=True)
class Cost:
    """Wall time and processor time of a command with all it started [second], and their memory at its peak. [GB]"""

    seconds: float
    processor: float
    memory: float


def _timed(command: Sequence[str], environment: dict) -> Cost:
    """Run a command and return what it cost."""
    started, peak, over = time.perf_counter(), [0.0], threading.Event()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said)

        def watch() -> None:
            while not over.wait(0.5):
                peak[0] = max(peak[0], _held(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        over.set()
        watcher.join()
        if status:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed: {said.read()[-800:]}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, peak[0] / 1e9)


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
