"""The course of a scenario in words."""

from pathlib import Path
from types import SimpleNamespace

from needscast.inputs import read_crisis
from needscast.report.blocks import flat
from needscast.report.content.regimes import regimes
from needscast.report.words import Words

ROOT = Path(__file__).parents[2]


def told(scenario):
    crisis = read_crisis(ROOT / "data" / "template")
    chosen = next(each for each in crisis.scenarios if each.id == scenario)
    results = SimpleNamespace(scenario=chosen, inputs=crisis.inputs.overridden(chosen.overrides))
    return [Words().say(block.text).replace("\u00a0", " ") for block in flat(regimes(results).blocks)]


def test_regimes_are_told_in_their_order_with_their_lengths():
    assert told("worse") == [
        "First fighting as now for 1–5 weeks (80 % range), middle 2, an offensive for 3–10 weeks (80 % range), "
        "middle 6 and fighting as now until the end.",
        "Blocked: homes are under fire or behind the line.",
    ]


def test_one_regime_rules_from_beginning_to_end():
    assert told("as-now")[0] == "From beginning to end: fighting as now."
