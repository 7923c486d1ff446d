"""Charts drawn ahead of their report: in a process of their own or not, the bytes are the same."""

from contextlib import closing
from types import SimpleNamespace

import pytest

from needscast.press import drafts
from needscast.press.drafts import Drafts
from needscast.report.blocks import MIME, Chart
from needscast.report.charts import house
from needscast.report.formats import html
from needscast.report.values import Range, Text
from needscast.report.words import Words

REPORT = SimpleNamespace(name="as-now", parameters={"language": "en"})
BARS = {"bars": [{"label": "tents", "value": Range(1000, 2000, 3000, 0.8, "person")}]}
CHART = Chart("bars", "needs", Text("title.needs"), BARS, "person")


def cell(block):
    return {"outputs": [{"output_type": "display_data", "data": {MIME: block.to_json()}}]}


@pytest.fixture
def none_kept():
    house.taken()


@pytest.mark.parametrize("apart", [True, False])
def test_a_chart_is_drawn_before_its_report_is_written_and_the_same_wherever(apart, none_kept, monkeypatch):
    monkeypatch.setattr(drafts, "may_copy", lambda: apart)
    with closing(Drafts(("html",))) as ahead:
        ahead.seen(REPORT, cell(CHART))
        ahead.wait_for(REPORT)
    drawn = house.taken()
    assert len(drawn) == 2  # wide, and narrow for phones
    assert [each.encode("utf-8") for each in html.draw(CHART, False, Words("en"))] == [*drawn.values()]


def test_a_chart_that_several_reports_show_is_drawn_once(none_kept, monkeypatch, tmp_path):
    made, noted = house._made, tmp_path / "drawings"

    def drawn(*about):
        with noted.open("a") as file:
            file.write(f"{about[2]}\n")
        return made(*about)

    monkeypatch.setattr(drafts, "may_copy", lambda: True)
    monkeypatch.setattr(house, "_made", drawn)
    with closing(Drafts(("html",))) as ahead:
        for report in (REPORT, SimpleNamespace(name="offensive", parameters={"language": "en"})):
            ahead.seen(report, cell(CHART))
            ahead.wait_for(report)
    assert len(noted.read_text().splitlines()) == len(house.taken()) == 2  # wide, and narrow for phones


def test_charts_are_drawn_here_once_the_process_that_draws_is_gone(none_kept, monkeypatch):
    monkeypatch.setattr(drafts, "may_copy", lambda: True)
    with closing(Drafts(("html",))) as ahead:
        process, _ = ahead._apart
        process.kill()
        process.join()
        ahead.seen(REPORT, cell(CHART))
        ahead.wait_for(REPORT)
    assert len(house.taken()) == 2


def test_a_chart_that_cannot_be_drawn_is_left_to_the_writer(none_kept, monkeypatch):
    monkeypatch.setattr(drafts, "may_copy", lambda: True)
    broken = Chart("bars", "needs", Text("title.needs"), {"bars": [{"label": "tents", "value": "many"}]}, "person")
    with closing(Drafts(("html",))) as ahead:
        ahead.seen(REPORT, cell(broken))
        ahead.seen(REPORT, cell(CHART))
        ahead.wait_for(REPORT)
    assert len(house.taken()) == 2
