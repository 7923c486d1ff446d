"""Installed from a wheel, in another folder, with no checkout around it: shipped crisis and notebooks are inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The content of the wheel, as an installer lays it."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = made.glob("needscast-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(made / "site")
    return made / "site"


@pytest.fixture
def run(installed, tmp_path):
    def command(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        words = [sys.executable, "-m", "needscast", *arguments]
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return command


def test_the_wheel_carries_data_and_notebooks_and_no_cache(installed):
    files = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert "needscast/_shipped/data/crises/nw-syria-2020/figures.csv" in files
    assert "needscast/_shipped/notebooks/report_scenario.ipynb" in files
    assert not [name for name in files if name.endswith(".pyc") or name.startswith(("tests", "bench"))]


def test_the_commands_work_from_the_wheel_in_another_folder(run, tmp_path):
    checked = run("check", "nw-syria-2020")
    assert checked.returncode == 0, checked.stderr
    assert "no problems" in checked.stderr
    assert run("new", "mine").returncode == 0
    assert (tmp_path / "mine" / "figures.csv").is_file()
    options = ("--scenario", "offensive", "--to", "html", "--draws", "64", "--out", "made")
    rendered = run("render", str(ROOT / "tests" / "crises" / "toy"), *options)
    assert rendered.returncode == 0, rendered.stderr
    assert (tmp_path / "made" / "index.html").is_file()
