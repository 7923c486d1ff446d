"""Every way in which a report fails: the last good one stays, a record says what and where, the rest goes on, exit 1.

A parent that is killed is in test_faults and in the campaign of kills, a broken entry of the cache in test_kept.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from test_faults import state
from test_render import TOY

from needscast import cli
from needscast.press import rendering

pytestmark = pytest.mark.prove

COMMAND = ("render", str(TOY), "--to", "csv", "--out")
ONLY = "if scenario == 'offensive':\n    "


@pytest.fixture(scope="module")
def published(tmp_path_factory, reports_into):
    """Publish good reports once; every test gets a copy."""
    home = tmp_path_factory.mktemp("good")
    reports_into(home)()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("needscast.press.rendering.notebook_path", lambda name: home / name)
        assert cli.main([*COMMAND, str(home / "out")]) == 0
    return home / "out"


@pytest.fixture
def out(published, tmp_path):
    return shutil.copytree(published, tmp_path / "out")


@pytest.fixture
def patient(monkeypatch):
    """Let a cell take ten seconds, not a quarter of an hour."""
    monkeypatch.setattr(rendering, "render", functools.partial(rendering.render, cell_seconds=10))


@pytest.mark.parametrize("cell, what", [
    ("{}['absent']", "report_scenario.ipynb, cell 3: KeyError: 'absent'"),
    ("import sys\n    sys.exit(0)", "report_scenario.ipynb stopped in cell 3 and said that all was well"),
    ("import time\n    time.sleep(600)", "report_scenario.ipynb: a cell took longer than allowed and was stopped"),
    # what the system does to a process when memory is short
    ("import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)", "report_scenario.ipynb: the kernel died, perhaps"),
    ("raise MemoryError('no memory for the draws')", "cell 3: MemoryError: no memory for the draws"),
])  # fmt: skip
def test_a_report_that_fails_leaves_the_last_good_ones_and_the_others_go_on(
    quick_reports, out, patient, capsys, cell, what
):
    before = state(out)
    quick_reports(ONLY + cell)
    assert cli.main([*COMMAND, str(out), "--force"]) == 1
    told = capsys.readouterr().err
    assert "failed:\noffensive: " in told and what in told
    assert "the last good reports stay" in told and "as-now:" not in told and "comparison:" not in told
    after = state(out)
    assert {name: after[name] for name in before} == before
    [record] = [name for name in after if name not in before]
    failures = json.loads(after[record])["failures"]
    assert record.startswith("failed/") and [*failures] == ["offensive"] and what in failures["offensive"]["message"]


def mount(kind, size, place):
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"{kind},size={size}", "needscast", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a disk here")


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of its own; nobody writes what does not fit, not even the superuser."""
    place = tmp_path / "disk"
    mount("rw", "600k", place)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full_leaves_the_last_good_reports(quick_reports, published, disk, capsys):
    quick_reports()
    shutil.copytree(published, disk, dirs_exist_ok=True)
    before = state(disk)
    with pytest.raises(OSError, match="No space left"), (disk / "ballast").open("ab", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4096))
    assert cli.main([*COMMAND, str(disk), "--force"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    (disk / "ballast").unlink()
    assert {name: held for name, held in state(disk).items() if name in before} == before


def test_a_disk_that_may_only_be_read_stays_as_it_is(quick_reports, published, disk, capsys):
    quick_reports()
    shutil.copytree(published, disk, dirs_exist_ok=True)
    before = state(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert cli.main([*COMMAND, str(disk), "--force"]) == 1
    assert "Read-only file system" in capsys.readouterr().err
    assert state(disk) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_file_that_cannot_be_written_is_in_the_record_with_its_place(quick_reports, out, monkeypatch, capsys):
    quick_reports()
    before = state(out)
    monkeypatch.setattr("needscast.press.publishing.write_index", lambda *_: Path("/dev/full").write_text("index"))
    assert cli.main([*COMMAND, str(out), "--force"]) == 1
    after = state(out)
    [record] = [name for name in after if name not in before]
    failure = json.loads(after[record])["failures"]["run"]
    assert "No space left" in failure["message"] and "publishing.py" in failure["traceback"]
