"""Law 12: whatever goes wrong on the way, the last good report stays where it was and is whole."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from needscast.locks import alone
from needscast.press import Choices, folders, making, publishing, render

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "crises" / "toy"
SHORT = Choices(scenarios=["offensive"], formats=["html", "csv"])
SECONDS = 30.0

RENDER = """
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts deaf to it
from needscast.press import Choices, render, rendering
rendering.notebook_path = lambda name: Path(sys.argv[2]) / name
render(sys.argv[1], Path(sys.argv[3]), Choices(scenarios=["offensive"], formats=["html", "csv"]))
"""


def state(out):
    """Return what a reader of the folder can see: every file that is not hidden, with its bytes."""
    shown = [path for path in out.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.parts)]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in shown}


def wait_for(condition):
    limit = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)


def alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def good(quick_reports, tmp_path):
    """Publish a good run and return its folder with the state of all of it."""
    quick_reports()
    render(TOY, tmp_path / "out", SHORT)
    return tmp_path / "out", state(tmp_path / "out")


@pytest.fixture
def busy(make_reports, tmp_path):
    """Start a render whose first cell sleeps, and return the process with the id of its kernel."""
    noted = tmp_path / "kernel.pid"
    note = f"import os, time\nfrom pathlib import Path\nPath({str(noted)!r}).write_text(str(os.getpid()))"

    def start(out):
        notebooks = make_reports(f"{note}\ntime.sleep(600)")
        command = [sys.executable, "-c", RENDER, str(TOY), str(notebooks), str(out)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
        process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
        wait_for(lambda: noted.exists() and noted.read_text())
        return process, int(noted.read_text())

    return start


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.prove
def test_a_killed_render_leaves_the_last_good_report_and_no_kernel(good, busy):
    out, before = good
    process, kernel = busy(out)
    process.send_signal(signal.SIGKILL)
    assert process.wait(SECONDS) == -signal.SIGKILL
    assert state(out) == before
    wait_for(lambda: not alive(kernel))


@pytest.mark.skipif(os.name != "posix", reason="interrupts as POSIX does")
@pytest.mark.prove
def test_an_interrupted_render_stops_at_once_and_leaves_no_kernel_and_no_partial_folder(good, busy):
    out, before = good
    process, kernel = busy(out)
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) != 0
    assert state(out) == before
    assert not list((out / "runs").glob(f"{folders.PARTIAL}*"))
    wait_for(lambda: not alive(kernel))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_an_error_and_stays_as_it_was(good):
    out, before = good
    (out / "runs").chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            render(TOY, out, SHORT, force=True)
    finally:
        (out / "runs").chmod(0o755)
    assert state(out) == before


def test_a_file_where_the_folder_should_be_is_an_error(quick_reports, tmp_path):
    quick_reports()
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OSError, match="out"):
        render(TOY, tmp_path / "out", SHORT)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "where",
    [
        (publishing, "write_index"),
        (making, "manifest"),
        (publishing.formats, "write_carried"),
        (folders, "_settle"),
        (folders, "_free_name"),
    ],
    ids=lambda each: each[1],
)
@pytest.mark.prove
def test_a_disk_that_fills_up_leaves_the_last_good_report(good, monkeypatch, where):
    out, before = good
    monkeypatch.setattr(*where, full_disk)
    with pytest.raises(OSError, match="No space left"):
        render(TOY, out, SHORT, force=True)
    left = state(out)
    records = {name for name in left if name.startswith("failed/")} - set(before)  # written where there is still room
    assert {name: bytes_ for name, bytes_ in left.items() if name not in records} == before
    assert all(b"No space left" in left[name] for name in records)
    assert not list((out / "runs").glob(f"{folders.PARTIAL}*"))


@pytest.mark.parametrize("file", ["latest.txt", "index.html"])
@pytest.mark.prove
def test_a_disk_that_fills_up_at_the_pointer_leaves_pointers_that_name_whole_runs(good, monkeypatch, file):
    out, _ = good
    write = Path.write_text

    def write_unless_full(self, *given, **options):
        if self.name == file and self.parent.name.startswith(folders.PARTIAL):
            full_disk()
        return write(self, *given, **options)

    monkeypatch.setattr(Path, "write_text", write_unless_full)
    with pytest.raises(OSError, match="No space left"):
        render(TOY, out, SHORT, force=True)
    for pointer in ("latest.txt", "index.html"):
        (named,) = set(re.findall(r"runs/([\w-]+)", (out / pointer).read_text(encoding="utf-8")))
        assert (out / "runs" / named / "offensive.html").exists()


def test_what_a_killed_run_left_behind_is_swept_when_nobody_holds_it(good):
    out, _ = good
    left, held, young = (out / "runs" / f".partial-{each}" for each in ("left", "held", "young"))
    for folder in (left, held, young):
        folder.mkdir()
        (folder / "content").mkdir()
        os.utime(folder, (0, 0) if folder != young else None)
    with alone(held) as taken:
        os.utime(held, (0, 0))
        assert taken
        render(TOY, out, SHORT, force=True)
    assert (left.exists(), held.exists(), young.exists()) == (False, True, True)
