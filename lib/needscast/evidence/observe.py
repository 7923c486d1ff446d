"""What each target would be in a world, and how well all figures agree with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import sparse

from needscast.evidence.counted import DESTINATION, FLOW, HOST, IDP, ORIGIN, POPULATION, RETURNS
from needscast.evidence.gradient import Traced, exp, gradients, join, log, mix
from needscast.evidence.likelihood import log_likelihood
from needscast.evidence.model import EPOCH_WEEKS, WAVE_WEEKS, Model, World, repeated
from needscast.evidence.rows import WHOLE, Rows, Target
from needscast.evidence.source import MOVED
from needscast.evidence.window import days_between

# Numbers of one array: worlds are worked on in parts beyond it, which bounds the memory of a large register.
BLOCK, FEWEST_WORLDS = 250_000, 16


class Posterior:
    """The joint density of a world and the figures, with its gradient.

    Attributes
    ----------
    model, rows : prior and data.
    size : number of standard normal numbers.
    outlier : share and scale of figures that are wrong by a factor.
    """

    def __init__(self, model: Model, rows: Rows, outlier_share: float, outlier_sd: float) -> None:
        self.model, self.rows, self.size = model, rows, model.size
        self.outlier = outlier_share, outlier_sd
        self._targets = TargetLog(model, rows.targets)
        self._mixing = _mixing(rows, len(rows.targets), model.bias_loading.shape[1])

    def log_likelihood(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log likelihood and gradient by world; the standard normal prior of ``z`` is not in it."""
        parts = [self._log_likelihood(part) for part in self._parts(z)]
        return np.concatenate([value for value, _ in parts]), np.concatenate([slope for _, slope in parts])

    def _log_likelihood(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        leaves = self.model.leaves(z)
        world, middle = self._middle(leaves)
        by_figure, slope = log_likelihood(middle.value, self.rows, *self.outlier)
        gradients(join([middle, world.log_prior]), np.concatenate([slope, np.ones((len(z), 1))], axis=1))
        gradient = np.concatenate([_slope(leaf) for leaf in leaves.values()], axis=1) * self.model.spread
        return by_figure.sum(axis=1) + world.log_prior.value[:, 0], gradient

    def by_figure(self, z: np.ndarray, noise: np.ndarray | None = None) -> np.ndarray:
        """Return the log likelihood of each figure (worlds x figures), with other noise scales if given."""
        parts = (self._middle(self.model.leaves(part))[1].value for part in self._parts(z))
        return np.concatenate([log_likelihood(part, self.rows, *self.outlier, noise=noise)[0] for part in parts])

    def middle(self, z: np.ndarray) -> np.ndarray:
        """Return log truth + bias - log printed (worlds x rows)."""
        return np.concatenate([self._middle(self.model.leaves(part))[1].value for part in self._parts(z)])

    def world(self, z: np.ndarray) -> World:
        """Return what the standard normal numbers stand for."""
        return self.model.world(self.model.leaves(z))

    def _parts(self, z: np.ndarray) -> list[np.ndarray]:
        worlds = max(FEWEST_WORLDS, BLOCK // max(self.size, len(self.rows.target)))
        return [z[start : start + worlds] for start in range(0, len(z), worlds)]

    def _middle(self, leaves: dict[str, Traced]) -> tuple[World, Traced]:
        world = self.model.world(leaves)
        known = join([self._targets(world), world.bias])
        return world, mix(known, *self._mixing) - self.rows.scale


@dataclass(frozen=True)
class _Block:
    """Targets of one sort: where they stand, their windows, and their zones."""

    places: np.ndarray
    windows: np.ndarray  # weeks x targets
    zones: np.ndarray  # zones x targets
    # Of a flow by origin, each pair of a target and an epoch that its window touches:
    parts: np.ndarray  # weeks x pairs: the window within the epoch
    by_epoch: np.ndarray  # pairs x (epochs and zones): the zones in that epoch
    gather: tuple[sparse.csr_matrix, sparse.csr_matrix]  # pairs x targets, and its transpose


class TargetLog:
    """The logarithm of many targets in a world; columns in the order the targets were given."""

    def __init__(self, model: Model, targets: tuple[Target, ...]) -> None:
        self.model, self.targets = model, targets
        days = np.array([days_between(each.start, each.end) for each in targets], dtype=float)
        moved = np.array([each.unit in MOVED for each in targets])
        self._per_person = np.where(moved, repeated(days), 0.0)
        self._waves = np.zeros((-(-len(model.weeks) // WAVE_WEEKS), len(targets)))
        self._waves[[model.wave(each.start) for each in targets], np.arange(len(targets))] = 1.0
        self._households = np.array([each.unit == "household" for each in targets], dtype=float)
        sorts = [
            (FLOW, WHOLE),
            (FLOW, ORIGIN),
            (FLOW, DESTINATION),
            (RETURNS, ""),
            (IDP, ""),
            (POPULATION, ""),
            (HOST, ""),
        ]
        self._blocks = [(sort, self._block(*sort)) for sort in sorts if any((t.kind, t.side) == sort for t in targets)]
        self._back = np.argsort(np.concatenate([block.places for _, block in self._blocks]))

    def __call__(self, world: World) -> Traced:
        plain = join([self._value(sort, block, world) for sort, block in self._blocks])[self._back]
        ratio = log((world.ratio_excess @ self._waves) * self._per_person + 1.0) if self._per_person.any() else 0.0
        size = log(world.household) * self._households if self._households.any() else 0.0
        return plain + ratio - size

    def _block(self, kind: str, side: str) -> _Block:
        places = np.array([i for i, each in enumerate(self.targets) if (each.kind, each.side) == (kind, side)])
        weeks = self.model.weeks
        chosen = [self.targets[i] for i in places]
        if kind == IDP:  # what was displaced after the day of the figure
            windows = [weeks.overlap(each.end + timedelta(days=1), weeks.reference) for each in chosen]
        else:
            windows = [weeks.overlap(each.start, each.end) for each in chosen]
        zones = np.array([each.zones for each in chosen], dtype=float).T
        return _Block(places, np.array(windows).T, zones, *self._pairs(np.array(windows).T, zones))

    def _pairs(self, windows: np.ndarray, zones: np.ndarray) -> tuple:
        epochs = np.eye(self.model.epoch_of_week.max() + 1)[self.model.epoch_of_week].T  # epochs x weeks
        epoch, target = np.nonzero(epochs @ windows > 0)
        by_epoch = np.zeros((len(target), len(EPOCH_WEEKS) + 1, len(zones)))
        by_epoch[np.arange(len(target)), epoch] = zones[:, target].T
        ones = (np.ones(len(target)), (np.arange(len(target)), target))
        gather = sparse.csr_matrix(ones, shape=(len(target), windows.shape[1]))
        return (
            windows[:, target] * epochs[epoch].T,
            by_epoch.reshape(len(target), (len(EPOCH_WEEKS) + 1) * len(zones)),
            (gather, gather.T.tocsr()),
        )

    def _value(self, sort: tuple[str, str], block: _Block, world: World) -> Traced:
        kind, side = sort
        if kind == FLOW and side == ORIGIN:
            leaving = world.leaving.reshape(block.by_epoch.shape[1]) @ block.by_epoch.T
            return log(mix((world.flow @ block.parts) * leaving, *block.gather))
        if kind == FLOW:
            flow = log(world.flow @ block.windows)
            return flow if side == WHOLE else flow + log(world.arriving @ block.zones)
        if kind == POPULATION:
            return log(world.population @ block.zones)
        if kind == HOST:
            return log((world.population - world.idp) @ block.zones)
        held = log(world.idp @ block.zones)
        if kind == RETURNS:
            then = exp(self._stock_then(world, self.model.after_mid_week))
            return held + log((world.return_rate * then) @ block.windows)
        return held + self._stock_then(world, block.windows)

    def _stock_then(self, world: World, after: np.ndarray) -> Traced:
        """Return log (displaced people on some days / those of the reference date); ``after``: weeks x days.

        Who is displaced now was so then, or has joined since; who was so then is so now, or has returned. Those who
        joined since the onset are a part of the newly displaced who are present; those who joined before it are set
        against the others.
        """
        since = self.model.since_onset[:, None]
        total = world.idp.sum(axis=1)
        newly = world.newly.sum(axis=1) * world.new_to_stock
        fled = (world.remaining @ np.minimum(after, since)) / (world.remaining @ since)
        earlier = world.new_to_stock * (world.remaining @ np.maximum(after - since, 0.0))
        others = total - newly
        return world.return_rate @ after + log((1.0 - fled * (newly / total)) / (earlier / others + 1.0))


def _slope(leaf: Traced) -> np.ndarray:
    return np.zeros_like(leaf.value) if leaf.gradient is None else leaf.gradient


def target_of_people(zones: tuple[bool, ...], side: str, start: date, end: date, *, unit: str = "person") -> Target:
    """Return the target of a cumulative displacement."""
    return Target(FLOW, side, unit, zones, start, end)


def _mixing(rows: Rows, targets: int, sources: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return the matrix (targets and biases x rows) that makes log truth + bias of each row, and its transpose."""
    count = len(rows.target)
    each = np.arange(count)
    entries = [(rows.target, each, np.ones(count))]
    part, biased = rows.reference >= 0, rows.source >= 0
    entries.append((rows.reference[part], each[part], -np.ones(part.sum())))
    entries.append((targets + rows.source[biased], each[biased], np.ones(biased.sum())))
    where, row, value = (np.concatenate([entry[k] for entry in entries]) for k in range(3))
    matrix = sparse.csr_matrix((value, (where, row)), shape=(targets + sources, count))
    return matrix, matrix.T.tocsr()
