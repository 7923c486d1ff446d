"""The model: weekly flows, shares of zones, stocks and ratios as functions of independent standard normal numbers.

The identities are built in: a cumulative figure is a sum of flows over its window; the zones add up to the whole;
displaced people present = newly displaced + displaced before; displaced people <= population; movements >= people;
departed = newly displaced present + returned + crossed. Each prior is stated beside its constant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from needscast.draws import Range
from needscast.evidence.area import Areas
from needscast.evidence.counted import DESTINATION, ORIGIN
from needscast.evidence.gradient import Traced, exp, log, logistic, shares
from needscast.evidence.window import Weeks, days_between

# Log-normal or logit-normal priors: centre and standard deviation on that scale.
FLOW_SHARE = (np.log(0.004), 1.8)  # people displaced in a middling week, per inhabitant: 0.04 % to 4 %
# The log weekly flow around its level moves at two paces: a front that opens changes a week by a factor of ten, and a
# wave of fighting lasts for months. Standard deviation of either, and its correlation between two weeks running.
WEEKS_DIFFER, WAVES_DIFFER = (1.2, 0.4), (1.2, 0.9)
# Movements per person in a window of L days = 1 + excess x (1 - exp(-L / 45)): 1.02 in two days, 1.3 to 1.9 at last.
RATIO_EXCESS = (np.log(0.5), 0.35)
RATIO_BY_WAVE = 0.35  # excess of windows that begin in one span of four weeks against another's (log)
RATIO_DAYS, WAVE_WEEKS = 45.0, 4
ORIGIN_SPREAD, FRONT_SHIFT = 1.6, 1.0  # zones' shares of the flow (log): for good, and from epoch to epoch
EPOCH_WEEKS = (1.0, 3.0, 7.0, 15.0, 31.0)  # shares may change where a week is this long before the reference date
DESTINATION_SPREAD = 1.0
ONE_WAY, BOTH_WAYS = -2.5, -0.7  # log weight of a zone on the side that its role denies, or shares with the other
OTHERS_SPREAD = 1.0  # zones' shares of those who were not displaced since the onset
# Share of them who are displaced from before (logit), where figures count many: 10 % to 70 %; see before.py for few.
# Where nobody reports any it is 0.06 % to 3 %: the world's average is 0.7 % (IDMC, Global Report on Internal
# Displacement 2020: 50.8 million people at the end of 2019).
DISPLACED_BEFORE, NOBODY_COUNTS = (-0.7, 1.2), (-5.5, 1.5)
DISPLACED_BEFORE_BY_ZONE = 0.7
# Returns of displaced people in a middling week, and of a span of two weeks against another's (log; and its correlation
# with the span before): a road that opens, a town that is safe again. Where counts of displaced people fell in past
# crises (half of all spans, data/hindcast), they fell by 2 % a week, and by 0.7 % (Haiti) to 16 % (Syria 2024) in the
# middle of one crisis; in the other half of the spans nobody sees the returns.
RETURN_RATE, RETURN_SPANS_DIFFER, SPAN_WEEKS = (np.log(0.006), 1.3), (1.3, 0.7), 2
RETURNED_SPREAD = 0.7  # how the returns of the newly displaced differ from that rate
CROSSED = (-3.5, 1.5)  # share who left the area (logit): 0.4 % to 17 %; most of a refugee outflow is in its tail
AGAIN = (0.2, 0.7)  # log odds of having fled before, of the newly displaced against everybody else
CEILING = 0.98  # of the population can have been displaced since the onset
CEILING_SD = 0.05
SATURATION = 8  # sharpness of that ceiling
END_OF_80 = 1.2816  # standard deviations from the middle of a normal distribution to an end of its 80 % range

TwoPiece = tuple[float | np.ndarray, float | np.ndarray, float | np.ndarray]  # middle, spread below it, spread above it


@dataclass(frozen=True)
class World:
    """What the normal numbers stand for, worlds along the first axis.

    Attributes
    ----------
    flow : people newly displaced by week. [person]
    leaving : share of each zone of origin in the flow by epoch.
    arriving : share of each zone in the arrivals.
    ratio_excess, household : long-run movements per person less one, by the wave in which a window begins; people
        per household.
    population, idp, newly : by zone, at the reference date. [person]
    newly_total, departed_total, returned, crossed : since the onset. [person]
    return_rate : share of displaced people who return, by week.
    remaining : those of the flow of a week who have not returned by the reference date. [person]
    new_to_stock : share of the newly displaced who add to the displaced people.
    bias : log bias of each source.
    errors : standard normal errors behind the biases.
    """

    flow: Traced
    leaving: Traced
    arriving: Traced
    ratio_excess: Traced
    household: Traced
    population: Traced
    idp: Traced
    newly: Traced
    departed_total: Traced
    returned: Traced
    crossed: Traced
    return_rate: Traced
    remaining: Traced
    new_to_stock: Traced
    bias: Traced
    errors: Traced
    log_prior: Traced


@dataclass(frozen=True)
class Model:
    """Everything known before a figure is read.

    Attributes
    ----------
    weeks, areas : the axes.
    onset : first day of the displacement the headline counts.
    population, household : ranges of the whole area. [person], [person / household]
    bias_median, bias_loading : of the series; see :class:`needscast.evidence.source.Sources`.
    before : prior of the share of the others who were displaced before the onset: centre and spread (logit).
    slices, size : which standard normal numbers drive what, and how many there are.
    centre, spread : each number's prior, on the scale (log, logit) of what it drives.
    epoch_of_week, since_onset : for each week its epoch (0 is the last), and its share since the onset.
    after_mid_week : the share of each week (row) that lies after the middle of each week (column).
    """

    weeks: Weeks
    areas: Areas
    onset: date
    population: Range
    household: Range
    bias_median: np.ndarray
    bias_loading: np.ndarray
    before: tuple[float, float] = DISPLACED_BEFORE
    slices: dict[str, slice] = field(init=False)
    size: int = field(init=False)
    centre: np.ndarray = field(init=False, repr=False)
    spread: np.ndarray = field(init=False, repr=False)
    epoch_of_week: np.ndarray = field(init=False)
    since_onset: np.ndarray = field(init=False)
    after_mid_week: np.ndarray = field(init=False, repr=False)
    _walk: np.ndarray = field(init=False, repr=False)
    _return_walk: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        priors = self._priors()
        sizes = {name: count for name, (count, _, _) in priors.items()}
        ends = np.cumsum([0, *sizes.values()])
        slices = {name: slice(int(a), int(b)) for name, a, b in zip(sizes, ends[:-1], ends[1:], strict=True)}
        count, spans = len(self.weeks), sizes["return_span"]
        object.__setattr__(self, "slices", slices)
        object.__setattr__(self, "size", int(ends[-1]))
        for place, name in ((1, "centre"), (2, "spread")):
            each = [np.broadcast_to(prior[place], prior[0]) for prior in priors.values()]
            object.__setattr__(self, name, np.concatenate(each).astype(float))
        object.__setattr__(self, "_walk", _walk(count, WEEKS_DIFFER, WAVES_DIFFER))
        by_week = np.eye(spans)[:, np.arange(count) // SPAN_WEEKS]
        object.__setattr__(self, "_return_walk", _walk(spans, RETURN_SPANS_DIFFER) @ by_week)
        object.__setattr__(self, "epoch_of_week", np.searchsorted(EPOCH_WEEKS, self.weeks.ages()))
        object.__setattr__(self, "since_onset", self.weeks.overlap(self.onset, self.weeks.reference))
        passed = self.weeks.overlap(self.weeks.first, self.weeks.reference)[:, None]  # the last week may be short
        object.__setattr__(self, "after_mid_week", passed * (np.tri(count, k=-1) + np.eye(count) / 2))

    def wave(self, start: date) -> int:
        """Return the wave in which a window begins."""
        return max((start - self.weeks.first).days, 0) // (7 * WAVE_WEEKS)

    def ratio(self, world: World, start: date, end: date) -> np.ndarray:
        """Return the movements per person of a window, by world."""
        return 1 + world.ratio_excess.value[:, self.wave(start)] * repeated(days_between(start, end))

    def leaves(self, z: np.ndarray) -> dict[str, Traced]:
        """Return standard normal numbers (worlds x size) by what they drive, on its scale, ready for a gradient."""
        scaled = z * self.spread + self.centre
        return {name: Traced(scaled[:, columns]) for name, columns in self.slices.items()}

    def world(self, leaves: dict[str, Traced]) -> World:
        """Turn the numbers of :meth:`leaves` into a world."""
        part = leaves.__getitem__
        flow = exp(part("level") + part("walk") @ self._walk)
        leaving = self._leaving(part("origin"), part("front"))
        excess = exp(part("ratio") + part("wave"))
        household = exp(_two_piece(part("household"), self._spreads["household"]))
        total = exp(_two_piece(part("population"), self._spreads["population"]))
        rate = exp(part("return_rate") + part("return_span") @ self._return_walk)
        remaining = flow * exp(-(rate @ self.after_mid_week) * exp(part("returned")))
        since = self.since_onset[:, None]
        displaced = flow @ since
        fullness = log(displaced / total) - np.log(CEILING)
        departed = displaced * exp(-_soft_excess(fullness))
        stay = (remaining @ since) / displaced
        cross = logistic(part("crossed"))
        returned, crossed = departed * (1 - stay), departed * stay * cross
        present = departed * stay * (1 - cross)
        arriving = shares(part("destination"))
        newly = present * arriving
        others = (total - present) * shares(part("others"))
        idp = newly + others * logistic(part("before_zone") + part("before"))
        population = newly + others
        bias = part("errors") @ self.bias_loading + self.bias_median
        too_many = _positive(fullness)
        log_prior = too_many * too_many * (-0.5 / CEILING_SD**2) + self._zone_populations(population)
        return World(
            flow,
            leaving,
            arriving,
            excess,
            household,
            population,
            idp,
            newly,
            departed,
            returned,
            crossed,
            rate,
            remaining,
            logistic(-(part("before") + part("again"))),
            bias,
            part("errors"),
            log_prior,
        )

    def _priors(self) -> dict[str, tuple[int, float | np.ndarray, float]]:
        """Return for each part how many numbers drive it, their centre and their spread."""
        zones, weeks, epochs = len(self.areas.zones), len(self.weeks), len(EPOCH_WEEKS) + 1
        return {
            "walk": (weeks, 0.0, 1.0),
            "wave": (-(-weeks // WAVE_WEEKS), 0.0, RATIO_BY_WAVE),
            "return_span": (-(-weeks // SPAN_WEEKS), 0.0, 1.0),
            "origin": (zones, self._weights(DESTINATION), ORIGIN_SPREAD),
            "front": (zones * epochs, 0.0, FRONT_SHIFT),
            "destination": (zones, self._weights(ORIGIN), DESTINATION_SPREAD),
            "others": (zones, 0.0, OTHERS_SPREAD),
            "before_zone": (zones, 0.0, DISPLACED_BEFORE_BY_ZONE),
            "before": (1, *self.before),
            "again": (1, *AGAIN),
            "errors": (len(self.bias_loading), 0.0, 1.0),
            "level": (1, np.log(self.population.best) + FLOW_SHARE[0], FLOW_SHARE[1]),
            "ratio": (1, *RATIO_EXCESS),
            "household": (1, 0.0, 1.0),
            "population": (1, 0.0, 1.0),
            "return_rate": (1, *RETURN_RATE),
            "returned": (1, 0.0, RETURNED_SPREAD),
            "crossed": (1, *CROSSED),
        }

    def _leaving(self, origin: Traced, front: Traced) -> Traced:
        zones, epochs = len(self.areas.zones), len(EPOCH_WEEKS) + 1
        return shares(origin.reshape(1, zones) + front.reshape(epochs, zones))

    def _weights(self, denied_role: str) -> np.ndarray:
        by_role = {denied_role: ONE_WAY, "both": BOTH_WAYS}
        return np.array([by_role.get(role, 0.0) for role in self.areas.roles])

    @cached_property
    def _spreads(self) -> dict[str, TwoPiece]:
        return {"household": _two_piece_of(self.household), "population": _two_piece_of(self.population)}

    @cached_property
    def _known_populations(self) -> TwoPiece:
        """What the table of areas says of each zone; a zone it does not know may hold anybody."""
        low, best, high = (np.maximum(each, 1.0) for each in self.areas.population.T)
        known = np.isfinite(best) & (len(self.areas.zones) > 1)
        down = np.where(known, np.maximum(np.log(best / low) / END_OF_80, 0.02), np.inf)
        up = np.where(known, np.maximum(np.log(high / best) / END_OF_80, 0.02), np.inf)
        return np.log(np.where(known, best, 1.0)), down, up

    def _zone_populations(self, population: Traced) -> Traced:
        """Return how well the zones' populations agree with the ranges of the table of areas (log density)."""
        middle, down, up = self._known_populations
        away = log(population) - middle
        scaled = away * (1 / np.where(away.value < 0, down, up))
        return (scaled * scaled).sum(axis=1) * -0.5


def repeated(days: float | np.ndarray) -> float | np.ndarray:
    """Return how much of the long-run excess of movements over people has come about in a window of so many days."""
    return 1 - np.exp(-days / RATIO_DAYS)


def _walk(count: int, *paces: tuple[float, float]) -> np.ndarray:
    """Return the matrix that turns independent numbers into a series: a sum of paces, each (spread, correlation)."""
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    covariance = np.sum([spread**2 * correlation**lag for spread, correlation in paces], axis=0)
    walk: np.ndarray = np.linalg.cholesky(covariance).T
    return walk


def _two_piece_of(spread: Range) -> TwoPiece:
    """Return a positive range as two half-normals that meet at the median, on the log scale."""
    if spread.is_constant:
        return np.log(spread.best), 0.0, 0.0
    from scipy.special import ndtri

    reach = ndtri((1 + spread.mass) / 2)
    down = np.log(spread.best / max(spread.low, spread.best / 100)) / reach
    return np.log(spread.best), down, np.log(spread.high / spread.best) / reach


def _two_piece(z: Traced, spread: TwoPiece) -> Traced:
    middle, down, up = spread
    return z * np.where(z.value < 0, down, up) + middle


def _soft_excess(fullness: Traced) -> Traced:
    """Return how far (log) an amount must come down to stay below a ceiling, from how far it is above it (log);
    practically zero well below it.
    """
    return log(exp(fullness * SATURATION) + 1.0) * (1 / SATURATION)


def _positive(x: Traced) -> Traced:
    return x * (x.value > 0)
