"""Decisions: drivers and information for a hundred inputs and twenty headlines, and the value of finding out."""

from __future__ import annotations

import time

import numpy as np
from scipy.special import ndtri

from needscast.decisions import drivers
from needscast.decisions.information import FieldCheck, Loss, worth_knowing
from needscast.decisions.shapley import shapley_effects
from needscast.draws import Draws

INPUTS, HEADLINES, GROUPS, DRAWS = 100, 20, 7, 4096
TARGET_SECONDS = 10.0  # all three together


def run() -> list[dict]:
    """Return one row a measurement: what, measured, unit, target."""
    worlds = Draws(DRAWS, 0)
    inputs = {f"input {at}": ndtri(worlds.probabilities(str(at))) for at in range(INPUTS)}
    stacked = np.stack(list(inputs.values()))
    slopes = np.stack([ndtri(Draws(INPUTS, 1).probabilities(f"slope {at}")) for at in range(HEADLINES)])
    headlines = {f"headline {at}": 100 + row @ stacked for at, row in enumerate(slopes)}
    groups = {f"group {at}": stacked[at::GROUPS] for at in range(GROUPS)}
    check = {"check": FieldCheck("check", {"input 0": stacked[0]}, 0.5, False)}
    steps = {
        "first-order drivers, 100 inputs x 20 headlines": lambda: drivers(headlines, inputs),
        "Shapley effects, 7 groups of 100 inputs x 20 headlines": lambda: shapley_effects(headlines, groups),
        "value of 100 inputs and a check for 20 decisions": lambda: [
            worth_knowing(each, Loss(4, 1), inputs, check, worlds) for each in headlines.values()
        ],
    }
    rows, total = [], 0.0
    for what, step in steps.items():
        start = time.process_time()
        step()
        total += (seconds := time.process_time() - start)
        rows.append({"what": what, "measured": round(seconds, 2), "unit": "CPU s", "target": None})
    rows.append(
        {"what": "drivers and information", "measured": round(total, 2), "unit": "CPU s", "target": TARGET_SECONDS}
    )
    return rows
