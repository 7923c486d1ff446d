"""Twenty kills at random moments: no report is ever half there or missing, no lock stays, no kernel is left."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "crises" / "toy"
KILLS, AT_ONCE = 20, 2
KINDS = ("parent", "warm", "kernel")  # in turn
SECONDS = 120.0
pytestmark = [pytest.mark.prove, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")]

RENDER = """
import sys
from pathlib import Path
from needscast.press import Choices, render, rendering
from needscast.press.alone import alone
rendering.notebook_path = lambda name: Path(sys.argv[1]) / name
with alone(Path(sys.argv[3])) as held:
    if not held:
        sys.exit("a stale lock")
    render(sys.argv[2], Path(sys.argv[3]), Choices(["offensive"], formats=["html"]), force=True)
"""
PARAMETERS = """
crisis: str = ""  # a path
as_of: str = ""  # a day
draws: int = 0  # a number
seed: int = 0  # a number
readership: str = "public"  # public | internal
language: str = "en"  # a language
"""
CELL = """
import time
from needscast.report.blocks import Cover, Group, KeyFigure
from needscast.report.values import Range, Text
time.sleep(0.3)
Cover(Text("title.comparison", {"crisis": "Toyland"}), "toy", "Toyland", as_of, as_of, readership, language)
"""
FIGURES = 'Group((KeyFigure("People", Range(90.0, 100.0, 120.0, 0.8)),), "figures", "headline")'


def notebooks(folder):
    for name, own in (("report_scenario", "scenario"), ("report_comparison", "scenarios")):
        parameters = nbformat.v4.new_code_cell(
            f'{PARAMETERS}{own}: str = ""  # a card', metadata={"tags": ["parameters"]}
        )
        cells = [parameters, *map(nbformat.v4.new_code_cell, (CELL, FIGURES))]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


def marked(mark):
    """Return the processes that inherited a mark: id -> id of the parent. Zombies have no environment any more."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes():
                found[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    return found


def choose(kind, parent, mark):
    """Return a process of the kind that is alive now: the renderer, its warm process, or a kernel."""
    family = marked(mark)
    warm = [each for each, above in family.items() if above == parent]
    kernels = [each for each, above in family.items() if above in warm]
    return next(iter({"parent": [parent], "warm": warm, "kernel": kernels}[kind]), None)


def published(out):
    """Return the run that the pointer names, after looking at every byte of it; None before the first."""
    if not (out / "latest.txt").exists():
        return None
    run = out / (out / "latest.txt").read_text().strip()
    manifest = json.loads((run / "manifest.json").read_text())
    assert {"offensive.html", "headlines.json", "index.html"} <= set(manifest["files"])
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest, name
    assert any(each.name in (out / "index.html").read_text() for each in (out / "runs").iterdir())
    return run


def start(folder, out, mark):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "MARK": mark, "TMPDIR": str(folder / "t")}
    command = [sys.executable, "-c", RENDER, str(folder), str(TOY), str(out)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def kill_once(folder, out, kind, dice, longest):
    """Start a render, kill one of its processes at a random moment, and hold what must hold; return what was hit."""
    moment, mark = dice.uniform(0, longest), uuid.uuid4().hex
    before = published(out)
    process = start(folder, out, mark)
    limit = time.monotonic() + SECONDS
    time.sleep(moment)
    target = choose(kind, process.pid, mark)
    while target is None and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.1)
        target = choose(kind, process.pid, mark)
    if target is not None:
        os.kill(target, signal.SIGKILL)
    status = process.wait(SECONDS)
    while marked(mark) and time.monotonic() < limit:
        time.sleep(0.1)
    assert marked(mark) == {}, f"left after a kill of the {kind}"
    after = published(out)
    assert after is not None or before is None
    if status != 0 and kind != "parent":
        assert after == before
    return kind if target is not None else "too late"


def campaign(kills, seed):
    dice, hit = random.Random(seed), Counter()
    with tempfile.TemporaryDirectory(prefix="k") as name:
        folder = Path(name)
        (folder / "t").mkdir()
        notebooks(folder)
        started = time.monotonic()
        assert start(folder, folder / "out", "none").wait(SECONDS) == 0
        longest = 1.2 * (time.monotonic() - started)
        for number in range(kills):
            hit[kill_once(folder, folder / "out", KINDS[number % len(KINDS)], dice, longest)] += 1
        assert start(folder, folder / "out", "none").wait(SECONDS) == 0
        assert published(folder / "out") is not None
    return hit


def test_twenty_kills_at_random_moments_lose_nothing_and_leave_nothing():
    with ThreadPoolExecutor(AT_ONCE) as pool:
        hits = sum(pool.map(campaign, [KILLS // AT_ONCE] * AT_ONCE, range(AT_ONCE)), Counter())
    assert sum(hits.values()) == KILLS
    assert min(hits[kind] for kind in KINDS) > 0, hits  # the others came too late
