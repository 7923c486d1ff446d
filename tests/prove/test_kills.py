"""A hundred kills at random moments: no report is ever half there or missing, no lock stays, no kernel is left.

Killed are, in turn, the render itself, its warm process (the fork server), a kernel, and a worker of a cluster. The
moment is drawn over the whole life that such a process had in a render nobody disturbed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from needscast.locks import alone

distributed = pytest.importorskip("distributed")
logging.getLogger("distributed").setLevel(logging.CRITICAL)

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "crises" / "toy"
KINDS = ("parent", "warm", "kernel", "worker")  # in turn
KILLS, AT_ONCE = 100, 2
STALE = 3
SECONDS = 60.0  # whatever takes longer hangs
pytestmark = [pytest.mark.prove, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")]

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
time.sleep(0.1)
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


def left(render, *marks):
    """Return the processes that inherited one of the marks, and the copies that a render made of itself."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            environment = (place / "environ").read_bytes()
            state, _, _, session = (place / "stat").read_text().rpartition(")")[2].split()[:4]
            if state != "Z" and (int(session) == render or any(mark.encode() in environment for mark in marks)):
                found.add(int(place.name))
    return found


def children(process):
    """Return the processes that a process, in any of its threads, has started and that are alive."""
    found = []
    for place in Path(f"/proc/{process}/task").glob("[0-9]*/children"):
        with suppress(OSError):
            found += map(int, place.read_text().split())
    return [each for each in found if runs(each)]


def runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, what):
    limit = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(0.02)


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


@dataclass
class Yard:
    """A folder of reports with a launcher of renders, and a cluster of two workers."""

    folder: Path
    launcher: subprocess.Popen
    address: str
    workers: dict[int, str] = field(default_factory=dict)  # id -> mark

    @property
    def out(self):
        return self.folder / "out"

    def ask(self, *words):
        self.launcher.stdin.write(" ".join(map(str, words)) + "\n")
        self.launcher.stdin.flush()
        assert select.select([self.launcher.stdout], [], [], SECONDS)[0], f"no answer to {words}"
        return int(self.launcher.stdout.readline())

    def render(self, kind):
        """Start a render and return its id and its mark; a worker is killed while a cluster makes the reports."""
        mark = uuid.uuid4().hex
        return self.ask("render", mark, self.out, *([self.address] if kind == "worker" else [])), mark

    def staff(self):
        while len(self.workers) < 2:
            mark = uuid.uuid4().hex
            self.workers[self.ask("work", mark, self.address)] = mark

    def target(self, kind, parent):
        """Return a process of the kind that is alive now, or None."""
        warm = [each for above in (parent, *self.workers) for each in children(above)]
        busy = [each for each in self.workers if children(each)]
        if kind == "kernel":
            warm = [each for above in warm for each in children(above)]
        candidates = {"parent": [parent], "worker": busy or [*self.workers]}.get(kind, warm)
        return next(filter(runs, candidates), None)

    def lifetime(self, kind):
        """Return how long a process of the kind lives in a render that nobody disturbs. [second]"""
        parent, _ = self.render(kind)
        born = ended = None
        while runs(parent):
            if self.target(kind, parent) is not None:
                ended = time.monotonic()
                born = born or ended
            time.sleep(0.02)
        assert self.ask("wait", parent) == 0 and published(self.out) is not None
        return ended - born


@contextmanager
def yard():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with (
        tempfile.TemporaryDirectory(prefix="k") as name,
        distributed.LocalCluster(
            n_workers=0, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
        ) as cluster,
    ):
        folder = Path(name)
        (folder / "t").mkdir()
        notebooks(folder)
        launcher = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("launcher.py")), name, str(TOY)],
            env={**environment, "TMPDIR": f"{name}/t"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        made = Yard(folder, launcher, cluster.scheduler_address)
        made.staff()
        yield made
        for each in made.workers:
            os.kill(each, signal.SIGKILL)
        launcher.communicate()


def kill_once(yard, kind, moment):
    """Start a render, kill one of its processes some time after its birth, and hold what must hold; return the hits."""
    yard.staff()
    before = published(yard.out)
    parent, mark = yard.render(kind)
    wait_until(lambda: yard.target(kind, parent) is not None or not runs(parent), f"no {kind} was born")
    time.sleep(moment)
    target = yard.target(kind, parent) if runs(parent) else None
    if target is not None:
        os.kill(target, signal.SIGKILL)
    status = yard.ask("wait", parent)
    marks = [mark, yard.workers.pop(target, mark)]
    with alone(yard.out) as free:
        assert free, f"a lock stayed after a kill of the {kind}"
    wait_until(lambda: not left(parent, *marks), f"left after a kill of the {kind}")
    after = published(yard.out)
    assert status != STALE and after is not None
    if kind == "worker" or target is None:
        assert status == 0  # another worker took over
    if status >= 0:  # a parent that is killed may have published already
        assert (after != before) == (status == 0)
    return int(target is not None)


def campaign(place, kills, seed):
    """Return how many processes of each kind were killed, all kinds in turn."""
    dice, hit = random.Random(seed), Counter()
    for kind in ("parent", "worker"):
        assert place.ask("wait", place.render(kind)[0]) == 0
    lifetime = {kind: place.lifetime(kind) for kind in KINDS}
    while sum(hit.values()) < kills:
        kind = min(KINDS, key=lambda each: hit[each])
        hit[kind] += kill_once(place, kind, dice.uniform(0, lifetime[kind]))
    assert place.ask("wait", place.render("parent")[0]) == 0
    wait_until(lambda: not left(None, *place.workers.values()), "a worker kept something")
    return hit


def test_a_hundred_kills_at_random_moments_lose_nothing_and_leave_nothing():
    with ExitStack() as opened, ThreadPoolExecutor(AT_ONCE) as pool:
        # One after the other: two schedulers that start at once may each see the other's half-imported modules.
        places = [opened.enter_context(yard()) for _ in range(AT_ONCE)]
        hits = sum(pool.map(campaign, places, [KILLS // AT_ONCE] * AT_ONCE, range(AT_ONCE)), Counter())
    assert sum(hits.values()) == KILLS and min(hits[kind] for kind in KINDS) >= KILLS // len(KINDS) - 1
