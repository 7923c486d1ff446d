"""Nothing from the future (law 7): what was not public on the reference date of a run is hidden, and listed.

An input, norm or specification that is younger or undated comes in only when crisis.toml admits it by name
and reason. Reported figures, stocks, deliveries and responses are never admitted: they are about their date.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from needscast.inputs.cards import SectorCard
from needscast.inputs.rows import Row, Rows
from needscast.inputs.scenarios import Override, Scenario, ScenarioCard
from needscast.inputs.sectors import Item, Sector
from needscast.inputs.settings import Admission
from needscast.inputs.uncertain import Inputs, UncertainInput


@dataclass(frozen=True)
class DatedInput:
    """An input as it was given: the value, its name without area and group, and where it stands."""

    value: UncertainInput
    base: str
    file: str
    row: int


@dataclass
class Gate:
    """The door that lets through what was public on a date.

    Attributes
    ----------
    reference : the reference date of the run.
    latest : that of the folder, on which an undated judgement stands.
    admit : admissions by name.
    hidden : what stayed outside: (table, row, name, published).
    admitted : name and reason of what came in although it is younger or undated.
    """

    reference: date
    latest: date
    admit: dict[str, Admission]
    hidden: list[tuple[str, int, str, date | None]] = field(default_factory=list)
    admitted: dict[str, str] = field(default_factory=dict)

    def is_public(self, published: date | None) -> bool:
        """Whether something was public on the reference date; an undated value is not known to have been."""
        return published is not None and published <= self.reference

    def lets_in(self, file: str, row: int, name: str, published: date | None) -> bool:
        """Let in an input, norm or specification that is public or admitted; list it otherwise."""
        if self.is_public(published):
            return True
        for admitted in (name, name.rpartition("/")[0] if "/norm/" in name else name):
            if admitted in self.admit:
                self.admitted[admitted] = self.admit[admitted].reason
                return True
        self.hidden.append((file, row, name, published))
        return False

    def inputs(self, dated: Iterable[DatedInput]) -> list[DatedInput]:
        """Return the inputs that may be used, in their order."""
        return [one for one in dated if self.lets_in(one.file, one.row, one.value.name, one.value.published)]

    def rows(self, rows: Rows, name: str) -> list[Row]:
        """Return the rows published by the reference date; ``name`` is the column that names a row."""
        kept = []
        for row in rows:
            if self.is_public(row["published"]):
                kept.append(row)
            else:
                self.hidden.append((rows.file, row.number, row[name], row["published"]))
        return kept

    def sector(self, card: SectorCard, known: set[str], phase: str) -> Sector | None:
        """Return a sector with what was public of it.

        An item whose norm for the phase is hidden is left out, and so is a sector whose share requiring
        assistance is hidden: missing is missing, and it is listed.

        Parameters
        ----------
        known : names of the inputs that were let in. phase : the phase whose norms count.
        """
        code = card.sector.code
        if any(f"{code}/{requirement.input}" not in known for requirement in card.sector.requires):
            return None
        seen = [self._item(item, card, known) for item in card.sector.items]
        kept = [item for item in seen if item.norm(phase) and known.issuperset(card.sector.names_of(item))]
        names = {item.id for item in kept}
        return replace(
            card.sector,
            items=tuple(
                replace(item, instead_of=tuple(other for other in item.instead_of if "/" in other or other in names))
                for item in kept
            ),
        )

    def _item(self, item: Item, card: SectorCard, known: set[str]) -> Item:
        name = f"{card.sector.code}/{item.id}"

        def public(what: str, published: date | None) -> bool:
            file, row = card.document.place(card.places[what])
            return self.lets_in(file, row, what, published)

        norms = tuple(norm for norm in item.norms if public(f"{name}/norm/{norm.phase}", norm.published))
        weight = item.specification
        return replace(
            item,
            norms=norms,
            has_price=f"{name}/price" in known,
            has_lead_time=f"{name}/lead_time_days" in known,
            specification=weight if weight and public(f"{name}/specification", weight.published) else None,
        )

    def scenario(self, card: ScenarioCard, inputs: Inputs, bases: Set[str]) -> Scenario:
        """Return a scenario with the overrides that were public, of inputs that were; its story only if all were."""
        kept = []
        for override in card.overrides:
            file, row = card.document.place(override.path)
            name = f"{card.scenario.id}/{override.value.name}"
            if not replaces(override, inputs, bases):
                self.hidden.append((file, row, name, override.value.published))
            elif self.lets_in(file, row, name, override.value.published):
                kept.append(override.value)
        withheld = len(card.overrides) - len(kept)
        return replace(
            card.scenario,
            overrides=(*chosen_returns(card.scenario.returns, kept, inputs), *kept),
            weight=self._weight(card),
            withheld=withheld,
            narrative="" if withheld else card.scenario.narrative,
        )

    def _weight(self, card: ScenarioCard) -> float | None:
        """The weight of a scenario if it had been judged by the reference date of the run."""
        judged = card.scenario.weight_date or self.latest
        if card.scenario.weight is None or self.is_public(judged):
            return card.scenario.weight
        file, row = card.document.place(("weight",))
        self.hidden.append((file, row, f"{card.scenario.id}/weight", judged))
        return None

    def hidden_table(self) -> pd.DataFrame:
        """Return what was hidden as ``table, row, name, published``; an undated value has no date."""
        rows = sorted(self.hidden, key=lambda one: one[:3])
        table = pd.DataFrame(rows, columns=["table", "row", "name", "published"])
        return table.assign(published=pd.to_datetime(table["published"]).astype("datetime64[s]"))


def chosen_returns(regime: str, overrides: Iterable[UncertainInput], inputs: Inputs) -> list[UncertainInput]:
    """Return the rows ``return_hazard_<regime>`` as rows of ``return_hazard``; none where the card overrides it."""
    if not regime or any(row.name == "return_hazard" for row in overrides):
        return []
    given = f"return_hazard_{regime}"
    return [
        replace(row, name="return_hazard" + row.name.removeprefix(given))
        for row in inputs
        if row.name.partition("/")[0] == given
    ]


def replaces(override: Override, inputs: Inputs, bases: Set[str]) -> bool:
    """Whether there is an input to replace; an override without area and group speaks for all of them.

    ``bases`` are the names of the inputs without area and group.
    """
    if override.input not in bases:
        return False
    return inputs.has(override.input, override.area, override.group) or not (override.area or override.group)
