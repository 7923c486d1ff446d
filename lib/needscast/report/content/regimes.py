"""The course of a scenario in words: which regime of hostilities rules for how long, and who can go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needscast.report.blocks import Group, Sentence
from needscast.report.values import Many, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results


def regimes(results: Results) -> Group:
    """Say the regimes in their order with the ranges of their lengths, and the regime of returns."""
    story = results.scenario
    course = Sentence(_course(results), Text("question.course"))
    returns = Sentence(Text(f"regime.returns_{story.returns or 'none'}"), Text("question.returns"))
    return Group((course, returns), "answers")


def _course(results: Results) -> Text:
    *before, last = results.scenario.hostilities
    if not before:
        return Text("regime.course_one", {"regime": Text(f"regime.{last}")})
    until = Text("regime.until_end", {"regime": Text(f"regime.{last}")})
    spells = (*(_spell(results, regime) for regime in before), until)
    return Text("regime.course", {"spells": Many(spells)})


def _spell(results: Results, regime: str) -> Text:
    row = results.inputs.find(f"{regime}_weeks").range
    weeks = Range(row.low, row.best, row.high, row.mass, "week")
    return Text("regime.for", {"regime": Text(f"regime.{regime}"), "weeks": weeks})
