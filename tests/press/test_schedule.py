"""Unattended rendering: due once, caught up once, never two at a time, and the last good report stays."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from needscast import cli
from needscast.errors import NeedscastError
from needscast.locks import alone
from needscast.press import rendering, schedule
from needscast.press.timetable import read_timetable

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "crises" / "toy"
MONDAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
WEEKLY = f"""
[[report]]
name = "weekly"
crisis = "{TOY.as_posix()}"
scenarios = ["offensive"]
formats = ["html"]
cron = "0 6 * * MON"
time_zone = "Europe/Berlin"
keep = 2
"""
CHANNEL = """
[channel.office]
kind = "smtp"
host = "mail.example.org"
sender = "press@example.org"
to = ["office@example.org"]
tls = "none"
user_secret = "USER"
"""


@pytest.fixture
def timetable(tmp_path):
    def write(text=WEEKLY):
        path = tmp_path / "schedule.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def render_calls(monkeypatch, tmp_path):
    """Replace the renderer by one that notes its calls and publishes nothing."""
    calls = []

    def note(where, out, choices, **_):
        calls.append((str(where), out, choices.language))
        folder = out / "runs" / f"{len(calls)}"
        return rendering.Run(folder, out / "index.html", ("offensive",), {}, 0.0, {"offensive": ("x",)})

    monkeypatch.setattr(rendering, "render", note)
    return calls


@pytest.mark.parametrize("cron, zone, now, last, coming", [
    # 06:00 in Berlin is 05:00 UTC in winter and 04:00 UTC in summer; 1 and MON are Monday, 0, 7 and SUN are Sunday.
    ("0 6 * * MON", "Europe/Berlin", "2026-03-04T12:00", "2026-03-02T05:00", "2026-03-09T05:00"),
    ("0 6 * * 1", "Europe/Berlin", "2026-06-03T12:00", "2026-06-01T04:00", "2026-06-08T04:00"),
    ("0 6 * * 7", "UTC", "2026-03-04T12:00", "2026-03-01T06:00", "2026-03-08T06:00"),
    ("0 6 * * 0", "UTC", "2026-03-04T12:00", "2026-03-01T06:00", "2026-03-08T06:00"),
    ("0 6 * * *", "UTC", "2026-03-04T06:00", "2026-03-04T06:00", "2026-03-05T06:00"),
    ("0 6 * * *", "UTC", "2026-03-04T05:59", "2026-03-03T06:00", "2026-03-04T06:00"),
    ("30 9 1 * *", "Asia/Damascus", "2026-03-15T00:00", "2026-03-01T06:30", "2026-04-01T06:30"),
])  # fmt: skip
def test_an_entry_is_due_when_its_own_clock_says_so(timetable, cron, zone, now, last, coming):
    text = WEEKLY.replace("0 6 * * MON", cron).replace("Europe/Berlin", zone)
    entry = read_timetable(timetable(text)).entries[0]
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert entry.last_before(moment).isoformat()[:16] == last
    assert entry.next_after(moment).isoformat()[:16] == coming


def test_an_entry_is_rendered_once_and_missed_ones_are_caught_up_once(timetable, render_calls):
    path = timetable()
    days = [0, 0, 2, 7, 30, 30.01, 30.02]
    made = [len(schedule.due(path, MONDAY + timedelta(days=day))) for day in days]
    assert made == [1, 0, 0, 1, 1, 0, 0]
    assert len(render_calls) == 3


def test_every_language_has_a_folder_of_its_own(timetable, render_calls, tmp_path):
    path = timetable(WEEKLY + 'languages = ["en", "fr"]\n')
    assert [each.language for each in schedule.due(path, MONDAY)] == ["en", "fr"]
    assert [(out, language) for _, out, language in render_calls] == [
        (tmp_path / "weekly" / "en", "en"),
        (tmp_path / "weekly" / "fr", "fr"),
    ]


def test_a_failed_entry_is_tried_again_later_and_the_others_go_on(timetable, render_calls, monkeypatch):
    path = timetable(WEEKLY + WEEKLY.replace('"weekly"', '"second"'))
    good = rendering.render

    def fail_first(where, out, choices, **_):
        if out.name == "weekly":
            raise RuntimeError("boom")
        return good(where, out, choices)

    monkeypatch.setattr(rendering, "render", fail_first)
    first = schedule.due(path, MONDAY)
    assert [each.result for each in first] == ["failed", "published"]
    assert "RuntimeError: boom" in first[0].words and not first[0].is_good
    assert schedule.due(path, MONDAY + timedelta(minutes=5)) == []
    monkeypatch.setattr(rendering, "render", good)
    assert [each.result for each in schedule.due(path, MONDAY + timedelta(minutes=20))] == ["published"]
    assert schedule.due(path, MONDAY + timedelta(minutes=40)) == []


def test_two_at_a_time_do_not_collide(timetable, render_calls, tmp_path):
    path = timetable()
    with alone(tmp_path / "weekly") as held:
        assert held
        with alone(tmp_path / "weekly") as again:
            assert not again
        assert [each.result for each in schedule.due(path, MONDAY)] == ["busy"]
        assert render_calls == []
    assert [each.result for each in schedule.due(path, MONDAY)] == ["published"]


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.prove
def test_a_killed_process_leaves_no_lock(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from needscast.locks import alone\n"
        "with alone(Path(sys.argv[1])) as held:\n    print(held, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env=environment)
    assert holder.stdout.readline().strip() == b"True"
    with alone(tmp_path) as held:
        assert not held
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with alone(tmp_path) as held:
        assert held


@pytest.mark.prove
def test_real_runs_are_published_kept_when_unchanged_and_pruned(timetable, quick_reports, tmp_path):
    quick_reports()
    path, out = timetable(), tmp_path / "weekly"
    first, second = schedule.due(path, MONDAY), schedule.due(path, MONDAY + timedelta(days=7))
    assert [each.result for each in first + second] == ["published", "unchanged"]
    runs = out / "runs"
    for old in ("20200101T000000Z-aaaaaaaa", "20200102T000000Z-bbbbbbbb"):
        (runs / old).mkdir()
    (runs / "not-ours").mkdir()
    schedule.due(path, MONDAY + timedelta(days=14))
    latest = (out / "latest.txt").read_text(encoding="utf-8").strip().removeprefix("runs/")
    assert {each.name for each in runs.iterdir()} == {latest, "20200102T000000Z-bbbbbbbb", "not-ours"}
    assert json.loads((out / "schedule.json").read_text(encoding="utf-8"))["result"] == "unchanged"


def test_the_run_that_a_pointer_names_is_never_pruned(tmp_path):
    names = ["20200101T000000Z-aaaaaaaa", "20200102T000000Z-bbbbbbbb", "20200103T000000Z-cccccccc"]
    for name in names:
        (tmp_path / "runs" / name).mkdir(parents=True)
    (tmp_path / "latest.txt").write_text(f"runs/{names[0]}\n", encoding="utf-8")
    schedule.folders.prune(tmp_path, 1)
    assert sorted(each.name for each in (tmp_path / "runs").iterdir()) == [names[0], names[2]]


@pytest.mark.parametrize("change, message", [
    (("cron =", "crom ="), "unknown key 'crom'; did you mean 'cron'"),
    (("0 6 * * MON", "0 6 * *"), "cron = '0 6 . .' is never due"),
    (("0 6 * * MON", "0 6 31 2 *"), "cron = '0 6 31 2 .' is never due"),
    (("Europe/Berlin", "Europe/Berln"), "time_zone = 'Europe/Berln' is unknown"),
    (('name = "weekly"', 'name = "../up"'), "cannot name a folder"),
    (("keep = 2", "keep = 0"), "at least the latest run stays"),
    (("keep = 2", "keep = true"), "keep = True is not what belongs there"),
    (("keep = 2", 'tell = ["offise"]'), "unknown channel 'offise'"),
    (("keep = 2", 'readership = "all"'), "unknown readership 'all'"),
    (("keep = 2", '[[report.threshold]]\nfigure = "cost"'), "either above or below"),
    (("keep = 2", CHANNEL), "without tls the password would be sent for all to read"),
    (("[[report]]", "[[reports]]"), "unknown key 'reports'; did you mean 'report'"),
    (("crisis =", "# crisis ="), "'crisis' is missing"),
])  # fmt: skip
def test_a_mistake_in_the_timetable_is_told_with_its_place(timetable, change, message):
    path = timetable(WEEKLY.replace(*change))
    with pytest.raises(NeedscastError, match=message) as caught:
        read_timetable(path)
    assert "schedule.toml" in str(caught.value)


def test_staying_renders_what_becomes_due_and_stops_when_told(timetable, render_calls):
    path = timetable(WEEKLY.replace("0 6 * * MON", "* * * * *"))
    stop = threading.Event()
    worker = threading.Thread(target=schedule.run, args=(path, stop))
    worker.start()
    limit = time.monotonic() + 30
    while not render_calls and time.monotonic() < limit:
        time.sleep(0.02)
    stop.set()
    worker.join(10)
    assert render_calls and not worker.is_alive()


def test_the_shipped_timetable_is_in_order_and_its_commented_lines_too(timetable):
    shipped = ROOT / "reports" / "schedule.toml"
    assert [each.name for each in read_timetable(shipped).entries] == ["nw-syria-2020"]
    head, *lines = shipped.read_text(encoding="utf-8").splitlines()
    full = read_timetable(timetable("\n".join(line.removeprefix("# ") for line in lines)))
    assert set(full.channels) == {"office", "chat"} and full.entries[0].threshold[0].above == 600_000


def test_every_command_in_the_documentation_is_one(monkeypatch):
    text = (ROOT / "docs" / "press.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"needscast schedule (\w+)", text))
    assert commands == {"due", "run", "list"}
    for command in commands:
        assert cli._parser().parse_args(["schedule", command]).file == Path("reports/schedule.toml")


def test_the_command_says_what_was_done_and_fails_when_an_entry_does(timetable, render_calls, capsys, monkeypatch):
    path = timetable()
    assert cli.main(["schedule", "due", "--file", str(path)]) == 0
    assert cli.main(["schedule", "due", "--file", str(path)]) == 0
    err = capsys.readouterr().err
    assert "weekly: published 1: 1 rendered" in err and "nothing is due" in err
    monkeypatch.setattr(rendering, "render", lambda *_, **__: 1 / 0)
    (path.parent / "weekly" / "schedule.json").unlink()
    assert cli.main(["schedule", "due", "--file", str(path)]) == 1
    assert cli.main(["schedule", "due", "--file", str(path.parent / "absent.toml")]) == 1
