"""What the nowcast warns of, for the first page: two stories, news taken for an error, contradictions, rough draws."""

from __future__ import annotations

from typing import Any

from needscast.evidence.diagnostics import STORIES, UNLIKELY, stories_told
from needscast.report.values import Amount, Range, Text


def warned(results: Any) -> list[Text]:
    """Return what to know before the ranges are used, most serious first; nothing where the figures tell one story."""
    said = results.nowcast.diagnostics
    found = [_two_stories(results, name) for name in STORIES if stories_told(said, name)]
    rough = said["converged"] != "yes" and not found  # of two stories every run has other shares: that is said already
    if said["newest_far"]:
        found.append(Text("warned.newest", {"figures": Amount(len(str(said["newest_far"]).split(",")), "")}))
    if float(said["check_p"]) < UNLIKELY:
        found.append(Text("warned.contradict"))
    return [*found, *([Text("warned.rough")] if rough else [])]


def _two_stories(results: Any, name: str) -> Text:
    told = stories_told(results.nowcast.diagnostics, name)
    assert told is not None
    pairs = {"low": (told.low_from, told.low_to), "high": (told.high_from, told.high_to)}
    values: dict[str, Any] = {
        which: Range(start, (start * end) ** 0.5, end, results.mass, "person") for which, (start, end) in pairs.items()
    }
    return Text("warned.stories", values | {"what": Text(f"head.{name}"), "share": Amount(told.share_low, "share", 1)})
