"""Alternative texts: what a chart shows, in words, computed from its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from needscast.report.blocks import Chart
from needscast.report.values import Amount, Day, Many, Text
from needscast.report.words import Words

MOST = 12  # values that are read out; a longer chart is in its table


def alt(chart: Chart, words: Words) -> str:
    """Return the alternative text of a chart."""
    return words.say(Text("alt.chart", {"title": chart.title, "said": _SAID[chart.kind](chart)}))


def is_empty(chart: Chart) -> bool:
    """Whether a chart has nothing to draw; pages then say so in words."""
    return not any(chart.data.get(held) for held in ("points", "bars", "places", "start", "lines"))


def _fan(chart: Chart) -> Any:
    points = chart.data["points"]
    if not points:
        return Text("alt.empty")
    first, last, expected = points[0], points[-1], chart.data.get("expected")
    said = {
        "first": Day(first["date"]),
        "start": first["value"],
        "last": Day(last["date"]),
        "end": last["value"],
    }
    if not expected:
        return Text("alt.fan", said)
    return Text("alt.fan_beside", {**said, "until": Day(expected[-1]["date"]), "expected": expected[-1]["value"]})


def _bars(chart: Chart) -> Any:
    return _many([Text("alt.bar", {"label": bar["label"], "value": bar["value"]}) for bar in chart.data["bars"]])


def _circles(chart: Chart) -> Any:
    return _many([Text("alt.bar", {"label": place["name"], "value": place["value"]}) for place in chart.data["places"]])


def _tornado(chart: Chart) -> Any:
    return _many([Text("alt.bar", {"label": bar["label"], "value": _swing(bar, chart)}) for bar in chart.data["bars"]])


def _swing(bar: Any, chart: Chart) -> Text:
    return Text("chart.swing", {end: Amount(bar[end], chart.unit, 2) for end in ("low", "high")})


def _timeline(chart: Chart) -> Any:
    points = chart.data["points"]
    if not points:
        return Text("alt.empty")
    values = [point["value"] for point in points]
    said = {
        "count": Amount(len(points)),
        "low": Amount(min(values)),
        "high": Amount(max(values)),
        "first": Day(points[0]["date"]),
        "last": Day(points[-1]["date"]),
        "movements": Amount(sum(point["counts"] == "movement" for point in points)),
    }
    return Text("alt.timeline", said)


def _calibration(chart: Chart) -> Any:
    return _many(
        [
            Text(
                "alt.calibration",
                {
                    "label": point["label"],
                    "nominal": Amount(point["nominal"], "share", 2),
                    "observed": Amount(point["observed"], "share", 2),
                },
            )
            for point in chart.data["points"]
        ]
    )


def _weeks(chart: Chart) -> Any:
    happens = [point for point in chart.data["points"] if point["share"] > 0]
    after = Amount(chart.data.get("after") or 0.0, "share", 2)
    if not happens:
        return Text("alt.weeks_never", {"after": after}) if chart.data["points"] else Text("alt.empty")
    most = max(happens, key=lambda point: point["share"])
    said = {
        "first": Day(happens[0]["date"]),
        "last": Day(happens[-1]["date"]),
        "most": Day(most["date"]),
        "share": Amount(most["share"], "share", 2),
        "after": after,
    }
    return Text("alt.weeks", said)


def _steps(chart: Chart) -> Any:
    start, end = (
        Text("alt.bar", {"label": chart.data[at]["label"], "value": chart.data[at]["value"]}) for at in ("start", "end")
    )
    between = [Text("alt.bar", {"label": step["label"], "value": step["said"]}) for step in chart.data["steps"]]
    return _many([start, *between[: MOST - 2], end])


def _tree(chart: Chart) -> Any:
    return _many([line["label"] for line in chart.data["lines"]])


def _many(items: list[Any]) -> Any:
    return Many(tuple(items[:MOST])) if items else Text("alt.empty")


_SAID: dict[str, Callable[[Chart], Any]] = {
    "fan": _fan,
    "bars": _bars,
    "circles": _circles,
    "tornado": _tornado,
    "timeline": _timeline,
    "calibration": _calibration,
    "steps": _steps,
    "weeks": _weeks,
    "tree": _tree,
}
