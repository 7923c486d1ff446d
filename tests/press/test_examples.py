"""The examples of docs/press.md, taken from the page and run: whoever starts the command sees its exit status."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")
pytestmark = [pytest.mark.prove, pytest.mark.skipif(os.name != "posix", reason="the examples are for POSIX shells")]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "press.md").read_text(encoding="utf-8")
HOME = "/srv/needscast"
FAILS = '[[report]]\nname = "weekly"\ncrisis = "nowhere"\ncron = "0 6 * * MON"\n'


def example(language, holding):
    """Return the one code block of a language that holds a word."""
    [found] = [each for each in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holding in each]
    return found


def cron():
    return example("cron", "schedule due").strip().split(None, 5)[5]


def systemd():
    unit = dict(line.split("=", 1) for line in example("ini", "ExecStart").splitlines() if "=" in line)
    return f"cd {unit['WorkingDirectory']} && exec {unit['ExecStart']}"


def pipeline():
    steps = yaml.safe_load(example("yaml", "schedule due"))["jobs"]["reports"]["steps"]
    [command] = [each["run"] for each in steps if "schedule" in each.get("run", "")]
    return f"cd {HOME} && {command}"


def orchestrator():
    call = ast.parse(example("python", "BashOperator").strip()).body[0].value
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}["bash_command"]


@pytest.fixture
def run(tmp_path):
    """Return a function that runs an example in a checkout of its own, and returns what came of it."""
    program = tmp_path / ".venv" / "bin" / "needscast"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m needscast "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "reports").mkdir()
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "lib")}

    def run(command, timetable):
        (tmp_path / "reports" / "schedule.toml").write_text(timetable, encoding="utf-8")
        here = command.replace(HOME, str(tmp_path))
        done = subprocess.run(["sh", "-c", here], env=environment, capture_output=True, text=True, cwd="/")
        log = tmp_path / "schedule.log"
        return done.returncode, done.stderr + (log.read_text(encoding="utf-8") if log.exists() else "")

    return run


@pytest.mark.parametrize("command", [cron, systemd, pipeline, orchestrator], ids=lambda each: each.__name__)
def test_a_failed_report_is_an_exit_status_that_whoever_started_it_sees(run, command):
    status, said = run(command(), FAILS)
    assert status == 1 and "weekly: failed, the last good report stays: unknown crisis 'nowhere'" in said


def test_nothing_to_do_is_no_failure(run):
    assert run(cron(), "") == (0, "nothing is due\n")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path):
    for text in re.split(r"(?m)^(?=# /etc/systemd)", example("ini", "ExecStart"))[1:]:
        unit = tmp_path / Path(text.splitlines()[0].removeprefix("# ")).name
        unit.write_text(text.replace(f"{HOME}/.venv/bin/needscast", "/bin/true"), encoding="utf-8")
    names = sorted(str(each) for each in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True)
    assert "Unknown" not in done.stderr and "Failed to parse" not in done.stderr
