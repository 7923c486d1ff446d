"""Simulated registers: a world drawn from the model's prior, reported badly, in the tables of a crisis folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd

from needscast.draws import Range
from needscast.evidence.area import Areas
from needscast.evidence.behaviour import Behaviour, shipped
from needscast.evidence.counted import FLOW, IDP, POPULATION
from needscast.evidence.model import CEILING, DISPLACED_BEFORE, NOBODY_COUNTS, Model
from needscast.evidence.observe import TargetLog
from needscast.evidence.rows import Target, side_of
from needscast.evidence.source import SERIES_SHARE, WITHIN_WEEK_SD
from needscast.evidence.window import Weeks

REFERENCE = date(2031, 3, 12)
ONSET = date(2031, 1, 20)
POPULATION_RANGE = Range(700_000, 900_000, 1_200_000, 0.8, "person")
HOUSEHOLD = Range(4.2, 5.2, 6.5, 0.8, "person / household")
SOURCES = (
    ("agency", "un", "B", "joint"),
    ("cluster", "un", "B", "joint"),
    ("charity", "ngo", "C", ""),
    ("responder", "local_responder", "C", ""),
    ("watch", "monitor", "D", ""),
    ("paper", "media", "D", ""),
)
HEDGES = ("", "some", "an estimated", "nearly", "more than", "at least")
COLUMNS = (
    "figure_id",
    "measure",
    "group",
    "area",
    "period_start",
    "as_of",
    "published",
    "hedge",
    "value_low",
    "value",
    "value_high",
    "unit",
    "definition",
    "coverage",
    "source",
    "upstream",
    "reliability",
    "credibility",
)


@dataclass(frozen=True)
class Breakage:
    """How the reporting differs from what the model believes."""

    bias_factor: float = 1.0
    hedges: bool = False  # a bound is passed by twice as much
    hidden_relays: int = 0


@dataclass(frozen=True)
class Simulated:
    """A register and what was true: people and movements since the onset, stocks, one zone of each."""

    crisis: SimpleNamespace
    truth: dict[tuple, float]


def simulate(seed: int, breakage: Breakage | None = None, *, figures: int | None = None) -> Simulated:
    """Draw a world from the prior and report it; where nobody counts displaced people few were displaced before."""
    made = _simulated(seed, breakage, figures, before=DISPLACED_BEFORE)
    if (made.crisis.figures["measure"] == "idp_stock").any():
        return made
    return _simulated(seed, breakage, figures, before=NOBODY_COUNTS)


def _simulated(seed: int, breakage: Breakage | None, figures: int | None, *, before: tuple[float, float]) -> Simulated:
    how, generator = breakage or Breakage(), np.random.default_rng(seed)
    zones, roles = ["north", "middle", "south"], ["destination", "both", "origin"]
    areas = _areas(zones, roles, np.full((3, 3), np.nan))
    starts = [
        ONSET,
        ONSET + timedelta(days=7 * int(generator.integers(0, 3))),
        ONSET - timedelta(days=int(generator.integers(10, 60))),
    ]
    weeks, none = Weeks.covering(starts, REFERENCE), (np.zeros(1), np.zeros((1, 1)))
    model = Model(weeks, areas, ONSET, POPULATION_RANGE, HOUSEHOLD, *none, before=before)
    world = _possible_world(model, generator)
    people = world.population.value[0]
    sd = generator.uniform(0.1, 0.3, 3)
    best = people * np.exp(sd * generator.standard_normal(3))
    printed = np.stack([best * np.exp(-1.2816 * sd), best, best * np.exp(1.2816 * sd)], axis=1)
    reporter = _Reporter(model, world, generator, how)
    count = figures or int(generator.integers(5, 13))
    rows = [reporter.figure(k, starts) for k in range(count)]
    rows += reporter.relays(rows)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("period_start", "as_of", "published"):
        frame[column] = pd.to_datetime(frame[column])
    frame[["value_low", "value_high"]] = np.nan
    crisis = SimpleNamespace(
        id=f"simulated-{seed}",
        reference_date=REFERENCE,
        figures=frame,
        areas=_table(zones, roles, printed),
        sources=pd.DataFrame(SOURCES, columns=["source", "type", "reliability", "network"]),
        settings=SimpleNamespace(
            onset=ONSET,
            anchor_source="agency",
            population=SimpleNamespace(range=POPULATION_RANGE),
            household_size=SimpleNamespace(range=HOUSEHOLD),
        ),
    )
    return Simulated(crisis, _truth(model, world))


def _possible_world(model: Model, generator: np.random.Generator):
    while True:
        world = model.world(model.leaves(generator.standard_normal((1, model.size))))
        if (world.flow.value[0] @ model.since_onset) < CEILING * world.population.value.sum():
            return world


def _truth(model: Model, world) -> dict[tuple, float]:
    people = float(world.flow.value[0] @ model.since_onset)
    left = np.einsum("w,w,wz->z", world.flow.value[0], model.since_onset, world.leaving.value[0, model.epoch_of_week])
    ratio = float(model.ratio(world, ONSET, REFERENCE)[0])
    start = ONSET.isoformat()
    return {
        ("displaced_cumulative", "region", start, "person"): people,
        ("displaced_cumulative", "region", start, "movement"): people * ratio,
        ("displaced_cumulative", "south", start, "person"): float(left[2]),
        ("population_stock", "region", "", "person"): float(world.population.value.sum()),
        ("idp_stock", "region", "", "person"): float(world.idp.value.sum()),
        ("idp_stock", "north", "", "person"): float(world.idp.value[0, 0]),
    }


class _Reporter:
    """Sources that know the world and print it their way."""

    def __init__(self, model: Model, world, generator: np.random.Generator, how: Breakage) -> None:
        self.model, self.world, self.generator, self.how = model, world, generator, how
        self.behaviour: Behaviour = shipped()
        self._lasting: dict[tuple, float] = {}

    def figure(self, number: int, starts: list[date]) -> dict:
        """Print one figure."""
        pick = self.generator
        source, kind, grade, network = SOURCES[pick.choice(6, p=[0.3, 0.2, 0.15, 0.2, 0.1, 0.05])]
        measure, zones, unit = self._subject(source)
        end = REFERENCE - timedelta(days=int(pick.integers(0, 28)))
        start = (
            starts[pick.integers(0, len(starts))]
            if pick.random() < 0.8
            else end - timedelta(days=int(pick.integers(0, 9)))
        )
        if measure != FLOW:
            start = end
        start = min(start, end)
        side = side_of("", zones, self.model.areas) if measure == FLOW else ""
        log_truth = TargetLog(self.model, (Target(measure, side, unit, zones, start, end),))(self.world).value[0, 0]
        hedge = HEDGES[pick.choice(6, p=[0.35, 0.15, 0.1, 0.1, 0.2, 0.1])]
        believed = np.exp(log_truth + self._error(source, kind, grade, network, measure, unit, start, end, hedge))
        names = {FLOW: "displaced_cumulative", IDP: "idp_stock", POPULATION: "population_stock"}
        area = "region" if all(zones) else self.model.areas.zones[zones.index(True)]
        published = end + timedelta(days=int(pick.integers(0, 8)))
        return {
            "figure_id": f"S{number}",
            "measure": names[measure],
            "group": "idp" if measure == IDP else "all",
            "area": area,
            "period_start": start if measure == FLOW else None,
            "as_of": end,
            "published": min(published, REFERENCE),
            "hedge": hedge,
            "value": self._printed(believed, hedge),
            "unit": unit,
            "definition": "",
            "coverage": "complete",
            "source": source,
            "upstream": "",
            "reliability": grade,
            "credibility": "3",
        }

    def relays(self, rows: list[dict]) -> list[dict]:
        """Repeat figures, with a label or, when the model is to be broken, without."""
        pick, found = self.generator, []
        for number in range(int(pick.integers(0, 4))):
            root = rows[pick.integers(0, len(rows))]
            found.append(
                {
                    **root,
                    "figure_id": f"R{number}",
                    "source": "paper",
                    "upstream": root["figure_id"],
                    "hedge": "some",
                    "published": REFERENCE,
                    "reliability": "D",
                }
            )
        for number in range(self.how.hidden_relays):
            root = rows[pick.integers(0, len(rows))]
            found.append(
                {
                    **root,
                    "figure_id": f"H{number}",
                    "source": ("paper", "charity")[number % 2],
                    "published": REFERENCE,
                    "as_of": min(root["as_of"] + timedelta(days=3), REFERENCE),
                }
            )
        return found

    def _subject(self, source: str) -> tuple[str, tuple[bool, ...], str]:
        pick = self.generator
        measure = (FLOW, IDP, POPULATION)[pick.choice(3, p=[0.75, 0.15, 0.1])]
        zones = (
            (True,) * 3 if pick.random() < 0.75 else tuple(bool(each) for each in np.arange(3) == pick.integers(0, 3))
        )
        unit = "person"
        if measure == FLOW:
            unit = "movement" if source == "cluster" else "household" if pick.random() < 0.1 else "person"
        return measure, zones, unit

    def _error(self, source, kind, grade, network, measure, unit, start, end, hedge) -> float:
        grades, pick = self.behaviour.grade, self.generator
        own = grades("source_sd", grade)
        lasting = [
            (("type", kind), grades("type_bias_sd", kind)),
            (("source", source), own * np.sqrt(1 - SERIES_SHARE)),
            (("series", source, measure, unit, start if measure == FLOW else ""), own * np.sqrt(SERIES_SHARE)),
        ]
        if network:
            lasting.append((("network", network), grades("network_sd")))
        bias = sum(sd * self._lasting.setdefault(key, pick.standard_normal()) for key, sd in lasting)
        days = (end - start).days + 1
        parts = [grades("noise_sd", grade) * grades("noise_factor", "3"), self.behaviour.hedges[hedge].spread]
        if measure == FLOW:
            parts += [
                WITHIN_WEEK_SD * np.sqrt(max(0.0, 1 - days / 7)),
                0.06 * (1 - np.exp(-days / 45)) if unit == "movement" else 0.0,
            ]
        if pick.random() < grades("outlier_share"):
            return grades("outlier_sd") * pick.standard_t(4)
        return self.how.bias_factor * bias + np.sqrt(np.square(parts).sum()) * pick.standard_t(4)

    def _printed(self, believed: float, word: str) -> float:
        pick, hedge = self.generator, self.behaviour.hedges[word]
        unit = 10.0 ** (np.floor(np.log10(max(believed, 1.0))) - int(pick.integers(1, 3)))
        if hedge.kind == "centre":
            return max(round(believed / unit) * unit, 1.0)
        if pick.random() >= hedge.share_rounded:
            middle, far = np.log(hedge.typical), np.log(hedge.far)
            steps = ((0.0, middle), (middle, far), (far, 2 * far))[pick.choice(3, p=[0.5, 0.45, 0.05])]
            believed = believed / np.exp(pick.uniform(*sorted(steps)) * (2 if self.how.hedges else 1))
        towards = np.floor if hedge.kind == "below" else np.ceil
        return max(float(towards(believed / unit) * unit), 1.0)


def _areas(zones: list[str], roles: list[str], population: np.ndarray) -> Areas:
    return replace(Areas.of(_table(zones, roles, np.ones((3, 3)))), population=population)


def _table(zones: list[str], roles: list[str], population: np.ndarray) -> pd.DataFrame:
    rows = [{"area": "region", "level": "crisis", "parent": "", "covers": "", "role": ""}]
    for zone, role, (low, best, high) in zip(zones, roles, population, strict=True):
        rows.append(
            {
                "area": zone,
                "level": "zone",
                "parent": "region",
                "covers": "",
                "role": role,
                "population_low": low,
                "population": best,
                "population_high": high,
            }
        )
    return pd.DataFrame(rows)
