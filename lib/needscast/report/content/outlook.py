"""Beside the official count: the scenarios by their weights, or one of them, and why they differ from its forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from needscast.comparison import Outlook
from needscast.comparison import outlook as looked_ahead
from needscast.report.blocks import Block, Chart, Group, Heading, Sentence
from needscast.report.content import pick
from needscast.report.numbers import round_range
from needscast.report.values import Amount, Day, Text

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.comparison import Comparison


def mixed(comparison: Comparison) -> Group:
    """Return the weighted mixture of all scenarios beside the forecast of the official count."""
    return _beside(comparison.results)


def alone(results: Results) -> Group:
    """Return one scenario beside the forecast of the official count."""
    return _beside((results,))


def _beside(all_results: tuple[Results, ...]) -> Group:
    results, heading = all_results[0], Heading(Text("outlook.heading"))
    ahead = looked_ahead(all_results)
    if ahead is None:
        return Group((heading, Sentence(Text("outlook.none"))))
    what = (
        Text("outlook.mixture")
        if len(all_results) > 1
        else Text("outlook.one", {"scenario": pick.title_of(results.scenario)})
    )
    blocks: list[Block] = [heading, chart(results, ahead, what), *why(results, ahead, what)]
    return Group(tuple(blocks))


def chart(results: Results, ahead: Outlook, what: Any) -> Chart:
    """Draw the mixture and the forecast of the official count over the reported figures."""
    mass = pick.mass(results)
    points = [_point(results, row, "person") for row in pick.each(ahead.mixture.summary(results.mass))]
    expected = [_point(results, row, "person") for row in pick.each(ahead.expected)]
    reported = [
        {"date": Day.of(day).iso, "value": float(value)}
        for day, value in zip(ahead.official.days.astype("datetime64[D]"), ahead.official.values, strict=True)
    ]
    names = {
        "points": Text("outlook.name_points", {"what": what, "mass": mass}),
        "expected": Text("outlook.name_expected", {"mass": mass}),
        "reported": Text("outlook.name_reported"),
    }
    return Chart(
        "fan",
        "displaced_outlook",
        Text("outlook.chart", {"onset": Day.of(results.crisis.settings.onset)}),
        {"points": points, "expected": expected, "reported": reported, "names": names},
        "person",
        Text("outlook.caption", {"date": pick.today(results)}),
    )


def why(results: Results, ahead: Outlook, what: Any) -> list[Sentence]:
    """Say where the two lead when the horizon ends, how far they part from the start, and why they part after it."""
    ranges = {row.week: row for row in pick.each(ahead.mixture.summary(results.mass))}
    last = int(ahead.expected["week"].max())
    row = next(pick.each(ahead.expected[ahead.expected["week"] == last]))
    now, end, expected = pick.range_of(ranges[0]), pick.range_of(ranges[last]), pick.range_of(row, "person")
    day, count = ahead.last_official
    here, there, alone = (round_range(each)[1] for each in (now, end, expected))  # a reader takes off what is printed
    values = {
        "what": what,
        "end": end,
        "expected": expected,
        "day": pick.after_weeks(results, last),
        "inside": Amount(ahead.share_inside(last), "share", 2),
        "now": now,
        "official": Amount(count, "person"),
        "cut_off": Day.of(day),
        "gap": _people(here - count),
        "more": _people(there - here),
        "moves": Text("outlook.rises" if alone >= count else "outlook.falls", {"by": _people(alone - count)}),
    }
    start = "outlook.start_above" if here >= count else "outlook.start_below"
    ahead_of_it = there - here > alone - count
    keys = ("outlook.apart", start, "outlook.ahead_more" if ahead_of_it else "outlook.ahead_fewer")
    return [Sentence(Text(key, values)) for key in keys]


def _people(count: float) -> Amount:
    return Amount(abs(count), "person", 2)


def _point(results: Results, row: Any, unit: str) -> dict[str, Any]:
    return {"date": pick.after_weeks(results, int(row.week)).iso, "value": pick.range_of(row, unit)}
