"""Reasons that evidence and sectors give, in the words of the catalogue; one that it does not know stays as it is."""

from __future__ import annotations

import re
from typing import Any

from needscast.report.content.pick import noun, plain
from needscast.report.values import Text

ANOTHER = "another figure"  # stands in a reason for the id of any figure

# What a reason reads like, as a pattern, and the phrase that says it; named parts are the phrase's values.
_KNOWN = {
    "analogue": r"an analogue: another place or an earlier wave",
    "forward": r"looks forward: a forecast, plan, target or claim of intention",
    "documented": r"deaths and injuries are shown as documented counts and never enter an estimate",
    "relay": r"a relay of (?P<figure>.+)",
    "again": r"the same source prints again the number of (?P<figure>.+)",
    "number_of": r"prints the number of (?P<figure>.+)",
    "measure": r"the measure (?P<measure>.+) says nothing about displacement, displaced people or population",
    "group": r"counts only the group '(?P<group>.+)'; figures of the whole are used",
    "area": r"its area is not, or not wholly, in the modelled area",
    "no_number": r"it carries no number",
    "not_public": r"no value was public on the reference date",
    "part": r"a part: says how its total is shared out",
}
_PATTERNS = {key: re.compile(pattern) for key, pattern in _KNOWN.items()}


def reason(text: str) -> Any:
    """Return a reason as a phrase of the catalogue, or as it was given."""
    for key, pattern in _PATTERNS.items():
        found = pattern.fullmatch(text)
        if found:
            return Text(f"reason.{key}", {name: _named(name, value) for name, value in found.groupdict().items()})
    return plain(text) if "/" not in text else text


def _named(what: str, value: str) -> Any:
    return Text("reason.another_figure") if value == ANOTHER else noun(what, value)
