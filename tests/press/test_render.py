"""Rendering: every report or none, the same bytes each time, and a pointer that names what is whole."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from needscast.errors import NeedscastError
from needscast.press import Choices, RenderError, render
from needscast.press.forks import CAN_FORK

SHORT = Choices(scenarios=["offensive"], formats=["html"])  # one report, in one format
ANSWER = 'Sentence("So many.")'
TOY = Path(__file__).parents[1] / "crises" / "toy"


def published(out):
    return out / (out / "latest.txt").read_text(encoding="utf-8").strip()


def content(run, *, without=("run-record.json",)):
    return {path.name: path.read_bytes() for path in run.iterdir() if path.name not in without}


def test_a_run_holds_every_report_in_every_format_with_index_manifest_and_record(quick_reports, tmp_path):
    quick_reports()
    run = render(TOY, tmp_path / "out")
    names = {f"{report}.{kind}" for report in run.reports for kind in ("html", "xlsx", "csv")}
    assert run.reports[-1] == "comparison" and len(run.reports) == 3
    assert {path.name for path in run.folder.iterdir()} == names | {
        "headlines.json",
        "index.html",
        "manifest.json",
        "run-record.json",
    }
    assert published(tmp_path / "out") == run.folder
    assert run.folder.name in run.index.read_text(encoding="utf-8")
    index = (run.folder / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in index for name in names)
    archive = (tmp_path / "out" / "archive.html").read_text(encoding="utf-8")
    shown = [archive.index(f'href="runs/{run.folder.name}/{report}.html"') for report in run.reports]
    assert shown == sorted(shown)
    assert "<script" not in index and "Toyland" in index


@pytest.mark.prove
def test_new_pythons_one_by_one_and_forked_kernels_side_by_side_give_the_same_bytes(
    quick_reports, tmp_path, monkeypatch
):
    quick_reports()
    first = render(TOY, tmp_path / "one", workers=1)
    monkeypatch.setattr("needscast.press.kernel.CAN_FORK", CAN_FORK)
    second = render(TOY, tmp_path / "elsewhere" / "two", workers=3)
    assert content(first.folder) == content(second.folder)


def test_the_manifest_says_what_made_the_run_and_neither_time_nor_place(quick_reports, tmp_path):
    quick_reports()
    run = render(TOY, tmp_path / "out", replace(SHORT, draws=64, seed=0, formats=["csv"]))
    text = (run.folder / "manifest.json").read_text(encoding="utf-8")
    made = json.loads(text)
    assert made["reports"]["offensive"] == {
        "as_of": "2020-01-28",
        "draws": 64,
        "language": "en",
        "readership": "public",
        "scenario": "offensive",
        "seed": 0,
    }
    assert set(made["inputs"]) >= {"crisis.toml", "figures.csv"}
    assert set(made["files"]) == {"offensive.csv", "headlines.json", "index.html"}
    assert made["packages"]["numpy"] and made["needscast"]["code"] and made["notebooks"]["report_scenario.ipynb"]
    assert str(tmp_path) not in text and str(TOY) not in text
    record = json.loads((run.folder / "run-record.json").read_text(encoding="utf-8"))
    assert {"started", "seconds", "machine", "warnings"} <= set(record)


@pytest.mark.prove
def test_a_later_run_leaves_the_earlier_one_as_it_was(quick_reports, tmp_path):
    quick_reports()
    first = render(TOY, tmp_path / "out", SHORT)
    before = content(first.folder, without=())
    second = render(TOY, tmp_path / "out", replace(SHORT, seed=7))
    assert content(first.folder, without=()) == before
    assert published(tmp_path / "out") == second.folder != first.folder


@pytest.mark.prove
def test_a_failing_cell_publishes_nothing_and_every_failure_is_told(quick_reports, tmp_path):
    quick_reports()
    every = Choices(formats=["csv"])
    good = render(TOY, tmp_path / "out", every)
    quick_reports("raise ValueError(f'no {scenario}')")
    with pytest.raises(RenderError) as caught:
        render(TOY, tmp_path / "out", every)
    names = [name for name in good.reports if name != "comparison"]
    for name in names:
        assert f"{name}: report_scenario.ipynb, cell 3: ValueError: no {name}" in str(caught.value)
    assert "comparison:" not in str(caught.value)
    assert published(tmp_path / "out") == good.folder
    assert [path.name for path in (tmp_path / "out" / "runs").iterdir()] == [good.folder.name]
    record = json.loads(next((tmp_path / "out" / "failed").iterdir()).read_text(encoding="utf-8"))
    assert "Traceback" in record["failures"][names[0]]["traceback"]


def test_leaving_midway_with_status_0_publishes_nothing(quick_reports, tmp_path):
    quick_reports("import sys\nsys.exit(0)")
    with pytest.raises(RenderError, match="said that all was well"):
        render(TOY, tmp_path / "out", SHORT)
    assert not (tmp_path / "out" / "latest.txt").exists()


def test_what_cells_warn_about_stands_in_the_report_and_in_the_record(quick_reports, tmp_path):
    quick_reports("import warnings\nwarnings.warn('the register is thin')")
    run = render(TOY, tmp_path / "out", SHORT)
    assert run.warnings[run.reports[0]] == ("UserWarning: the register is thin",)
    assert "UserWarning: the register is thin" in (run.folder / f"{run.reports[0]}.html").read_text(encoding="utf-8")
    assert "the register is thin" in (run.folder / "run-record.json").read_text(encoding="utf-8")


@pytest.fixture
def toy_with_secret(tmp_path):
    """Return a copy of the toy crisis with one source that is restricted, called Hidden Helpers."""
    copy = shutil.copytree(TOY, tmp_path / "toy")
    with (copy / "sources.csv").open("a", encoding="utf-8") as sources:
        sources.write("hidden,Hidden Helpers,local_responder,B,people counted,,restricted,\n")
    return copy


def test_a_public_render_with_a_restricted_name_in_it_fails_and_an_internal_one_does_not(
    quick_reports, tmp_path, toy_with_secret
):
    quick_reports(answer=ANSWER.replace("So many.", "So many, say Hidden Helpers."))
    with pytest.raises(RenderError, match="names 'Hidden Helpers' in a public edition"):
        render(toy_with_secret, tmp_path / "out", SHORT)
    assert not (tmp_path / "out" / "latest.txt").exists()
    run = render(toy_with_secret, tmp_path / "out", replace(SHORT, readership="internal"))
    assert "Hidden Helpers" in (run.folder / "offensive.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("choices, message", [
    (Choices(formats=["odt"]), "unknown format 'odt'"),
    (Choices(scenarios=["offensve"]), "unknown scenario 'offensve'; did you mean 'offensive'"),
    (Choices(readership="everybody"), "unknown readership 'everybody'"),
    (Choices(as_of=date(1999, 1, 1)), "as of 1999-01-01"),
    (Choices(draws=-1), "parameter 'draws' is -1"),
])  # fmt: skip
def test_a_wrong_choice_is_told_before_anything_is_written(quick_reports, tmp_path, choices, message):
    quick_reports()
    with pytest.raises(NeedscastError, match=message):
        render(TOY, tmp_path / "out", choices)
    assert not (tmp_path / "out").exists()


@pytest.mark.prove
def test_a_crisis_that_changes_while_its_reports_are_made_is_not_published(quick_reports, tmp_path):
    quick_reports(f"from pathlib import Path\nPath({str(tmp_path / 'toy' / 'areas.csv')!r}).write_text('changed')")
    shutil.copytree(TOY, tmp_path / "toy")
    with pytest.raises(NeedscastError, match="areas.csv has changed while the reports were made"):
        render(tmp_path / "toy", tmp_path / "out")
    assert not (tmp_path / "out" / "latest.txt").exists()


def test_a_public_report_that_shows_what_is_still_to_fill_in_warns_of_it(quick_reports, tmp_path):
    quick_reports('Sentence("TO FILL IN: who chose it")')
    run = render(TOY, tmp_path / "out", SHORT)
    record = json.loads((run.folder / "run-record.json").read_text(encoding="utf-8"))
    assert all("shows 'TO FILL IN'" in record["warnings"][name][0] for name in run.reports)
    assert render(TOY, tmp_path / "mine", replace(SHORT, readership="internal")).warnings == {"offensive": ()}
