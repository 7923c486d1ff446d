"""The tables that a decision rests on beside the evidence: crossings, orders, priorities, field checks, own words."""

from __future__ import annotations

from needscast import vocabulary as words
from needscast.inputs.schema import AS_OF, ILLUSTRATION, NOTES, PUBLISHED, SENSITIVITY, URL, Table, column, must

_SOURCE = must("source", note="publication, or 'assumption'")
_REASON = must("reason", note="why so; an assumption says who made it and on what")
_ORIGIN = (_SOURCE, PUBLISHED, URL, SENSITIVITY, _REASON)

CROSSINGS = Table(
    "crossings",
    (
        must("crossing", "id", "a name of its own, kebab-case; repeated when it opens again"),
        must("name", note="the name as it is printed"),
        must("opens", "date", "first day on which goods may cross, YYYY-MM-DD"),
        column("closes", "date", "last day on which they may, YYYY-MM-DD; blank means no end is known"),
        column("legal_basis", note="the decision that opens it"),
        column("trucks_low", "number", "trucks a week: low end", low=0.0),
        column("trucks", "number", "trucks a week, median; blank means not known", low=0.0),
        column("trucks_high", "number", "trucks a week: high end", low=0.0),
        column("mass", "number", "probability between the ends, such as 0.8", low=0.0, high=1.0, default=0.8),
        must("payload_tonnes", "number", "what a truck carries, in tonnes", low=0.1),
        must("payload_m3", "number", "what a truck holds, in cubic metres", low=0.1),
        *_ORIGIN,
    ),
    key=("crossing", "opens"),
    note="Where goods may enter the area, from when to when, and how much. No row means nothing is limited.",
)

DECISIONS = Table(
    "decisions",
    (
        must("item", "input", "item of a sector card whose order is to be decided"),
        must("cost_unmet", "number", "what one unit too few is judged to cost, in the currency", low=0.0),
        must("cost_surplus", "number", "what one unit too many costs, in the currency", low=0.0),
        column("to_share_out", "number", "units in hand to be shared out now; blank means not known", low=0.0),
        ILLUSTRATION,
        must("chosen_by", note="who judged the two costs"),
        *_ORIGIN,
    ),
    key=("item",),
    note="Orders to be decided, with what too few and too many would cost. No row means no value of finding out.",
)

PRIORITIES = Table(
    "priorities",
    (
        must("criterion", note="what it looks at, as it is printed"),
        column("item", "input", "item of a sector card; blank means every item"),
        column("area", "id", "a zone; blank means every zone"),
        column("group", "word", "a population group; blank means every group", words=words.GROUPS),
        must("weight", "number", "1 is the rule, 2 comes twice as much; criteria multiply", low=0.0, high=100.0),
        must("chosen_by", note="who set the weight"),
        *_ORIGIN,
    ),
    key=("criterion", "item", "area", "group"),
    note="Who comes first when there is too little. No row means by need alone.",
)

CHECKS = Table(
    "checks",
    (
        must("check", "id", "a name of its own, kebab-case"),
        must("name", note="what would be done, as it is printed"),
        must("measures", note="inputs it would measure, 'a;b'; * stands for any letters; now/ begins what is true now"),
        must(
            "scale",
            "word",
            "share: error in shares of one; relative: error as a share of the number",
            words=words.SCALES,
        ),
        must("error", "number", "standard error of the new figure on that scale", low=0.0001),
        column("cost", "number", "what it costs, in the currency; blank means not known", low=0.0),
        column("days", "number", "days until the figure is there; blank means not known", low=0.0),
        *_ORIGIN,
        NOTES,
    ),
    key=("check",),
    note="Field checks that could be made, and how exact their figure would be.",
)

STATED = Table(
    "stated_priorities",
    (
        must("priority", note="what people put first, as it is printed"),
        column("sector", "id", "code of the sector card that answers it; blank when none does"),
        column("rank", "whole", "place in the order that the source prints, 1 first", low=1),
        column("share", "number", "of those asked who named it; blank means not printed", low=0.0, high=1.0),
        column("group", "word", "who is meant; blank means all", words=words.FIGURE_GROUPS, default="all"),
        column("area", "id", "an area of the table areas; blank means the whole crisis area"),
        must("asked", note="who was asked, such as heads of displaced households or key informants"),
        column("asked_count", "whole", "how many were asked; blank means not printed", low=1),
        column("asked_unit", note="what was counted: households, people, communities"),
        column("period_start", "date", "first day of asking, YYYY-MM-DD"),
        AS_OF,
        PUBLISHED,
        _SOURCE,
        URL,
        SENSITIVITY,
        NOTES,
    ),
    key=("priority", "group", "area", "source", "as_of"),
    note="What displaced people themselves say they need first. No row means that no source is known.",
)
