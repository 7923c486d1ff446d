"""What the nowcast warns of, for the first page: two stories, news taken for an error, contradictions, rough draws."""

from __future__ import annotations

from typing import Any

from needscast.evidence.diagnostics import STORIES, UNLIKELY, stories_told
from needscast.evidence.stories import Two
from needscast.report.values import Amount, Range, Text


def warned(results: Any) -> list[Text]:
    """Return what to know before the ranges are used, most serious first; nothing where the figures tell one story."""
    said = results.nowcast.diagnostics
    found = [_two(told, name, results.mass) for name in STORIES if (told := stories_told(said, name))]
    rough = said["converged"] != "yes" and not found  # of two stories every run has other shares: that is said already
    if said["newest_far"]:
        found.append(Text("warned.newest", {"figures": Amount(len(str(said["newest_far"]).split(",")), "")}))
    if float(said["check_p"]) < UNLIKELY:
        found.append(Text("warned.contradict"))
    return [*found, *([Text("warned.rough")] if rough else [])]


def _two(told: Two, name: str, mass: float) -> Text:
    values = {
        "what": Text(f"head.{name}"),
        "low": Range(told.low_p10, told.low_p50, told.low_p90, mass, "person"),
        "high": Range(told.high_p10, told.high_p50, told.high_p90, mass, "person"),
        "share": Amount(told.low_share, "share", 1),
    }
    return Text("warned.stories", values)
