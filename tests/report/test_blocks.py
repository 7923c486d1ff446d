"""Blocks carry their data: they travel as JSON without loss and say what they are in a notebook."""

import json
import os

import pytest

from needscast.report import blocks as b
from needscast.report.values import Amount, BlockError, Day, Many, Named, Range, Text, encode

PEOPLE = Range(320_000, 360_000, 430_000, 0.8, "person")
EVERY_BLOCK = (
    b.Cover(
        Text("title.scenario", {"crisis": "A"}),
        "a",
        "A",
        "2020-01-21",
        "2019-12-01",
        "public",
        subtitle=Text("title.under", {"scenario": "S"}),
    ),
    b.Heading(Text("where.heading"), 3),
    b.Sentence(Text("headline.place", {"area": "North", "people": PEOPLE}), Text("question.where")),
    b.KeyFigure(
        Text("key.cost"), PEOPLE, Text("key.cost_note", {"date": Day("2020-01-21"), "weeks": Amount(13, "week")})
    ),
    b.Table(
        "t",
        Text("costs.table"),
        (
            b.Column("a", Text("table.area")),
            b.Column("p", Text("table.people_of", {"sector": "x"}), "range", "person"),
            b.Column("n", Text("table.figures"), "number"),
            b.Column("d", Text("table.cut_off"), "date"),
        ),
        (("North", PEOPLE, 3, "2020-01-02"), (Named({"en": "South", "fr": "Sud"}), None, None, None)),
        sources=("F1",),
    ),
    b.Chart("bars", "c", Text("needs.by_sector"), {"bars": [{"label": "A", "value": PEOPLE}]}, "person"),
    b.Note("missing", Text("gap.unknown", {"unknown": Amount(2), "items": Amount(3)})),
    b.Group(
        (
            b.Sentence(Text("where.no_flows")),
            b.Group((b.Sentence(Text("alt.bar", {"label": Day("2020-01-01"), "value": Many(("a", "b"))})),)),
        ),
        "answers",
        "headline",
    ),
)


@pytest.mark.parametrize("block", EVERY_BLOCK, ids=lambda block: block.tag)
def test_a_block_read_back_from_its_json_says_the_same(block):
    written = json.dumps(block.to_json())
    assert b.from_json(json.loads(written)).to_json() == block.to_json()


@pytest.mark.parametrize("block", EVERY_BLOCK, ids=lambda block: block.tag)
def test_a_block_shows_itself_as_json_and_html_in_a_notebook(block, monkeypatch):
    monkeypatch.delenv(b.BLOCKS_ONLY, raising=False)
    bundle = block._repr_mimebundle_()
    assert bundle[b.MIME] == block.to_json()
    assert "<" in bundle["text/html"]


def test_html_is_left_out_while_a_report_is_rendered(monkeypatch):
    monkeypatch.setenv(b.BLOCKS_ONLY, "1")
    assert set(EVERY_BLOCK[2]._repr_mimebundle_()) == {b.MIME, "text/plain"}
    assert os.environ[b.BLOCKS_ONLY] == "1"


def test_the_blocks_of_an_executed_notebook_come_back_in_reading_order():
    outputs = [{"output_type": "display_data", "data": block._repr_mimebundle_()} for block in EVERY_BLOCK[:3]]
    notebook = {
        "cells": [
            {"cell_type": "markdown"},
            {"cell_type": "code", "outputs": outputs[:2]},
            {"cell_type": "code", "outputs": [{"output_type": "stream", "text": "x"}, outputs[2]]},
        ]
    }
    assert [block.tag for block in b.from_notebook(notebook)] == ["cover", "heading", "sentence"]


def test_a_number_that_is_not_finite_cannot_enter_a_block():
    with pytest.raises(BlockError, match="None for missing"):
        encode(float("nan"))


def test_a_range_out_of_order_or_without_mass_is_refused():
    with pytest.raises(BlockError, match="not in order"):
        Range(2, 1, 3, 0.8)
    with pytest.raises(BlockError, match="mass 1"):
        Range(1, 2, 3, 1)


def test_a_table_with_a_row_that_does_not_fit_or_a_repeated_column_is_refused():
    column = b.Column("a", Text("table.area"))
    with pytest.raises(BlockError, match="row 1 has 2 cells for 1 columns"):
        b.Table("t", Text("costs.table"), (column,), (("x", "y"),))
    with pytest.raises(BlockError, match="repeats a column"):
        b.Table("t", Text("costs.table"), (column, column), ())


def test_an_unknown_kind_is_named_with_the_nearest_known_one():
    with pytest.raises(BlockError, match="did you mean 'caveat'"):
        b.Note("caveats", Text("where.no_flows"))
    with pytest.raises(BlockError, match="unknown kind of block 'sentense'"):
        b.from_json({"is": "sentense"})


def test_a_report_without_a_cover_is_refused():
    with pytest.raises(BlockError, match="no cover"):
        b.cover_of(EVERY_BLOCK[1:])
