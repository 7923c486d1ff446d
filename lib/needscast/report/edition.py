"""Two editions: what a public report may hold, and the check that it holds nothing else (law 10).

Content leaves out of a public edition what does not belong there; :func:`check_edition` reads the finished blocks
again, word by word, and refuses the edition when something slipped through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.errors import NeedscastError
from needscast.inputs import each_row
from needscast.report.blocks import Block, Table, flat
from needscast.report.values import TAG, Named, Text
from needscast.vocabulary import PUBLIC_AREA_LEVELS

if TYPE_CHECKING:
    from needscast.inputs import Crisis

PUBLIC = "public"
HIDDEN_SOURCE_TYPE = "local_responder"  # never named in public
GRADE_COLUMNS = {"reliability", "credibility", "grade"}
ROUTE_COLUMNS = ({"origin", "destination"}, {"from_area", "to_area"})
# An e-mail address, or a number to call with its country: + and 8 digits or more, spaces and brackets among them.
CONTACT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w+])\+\d(?:[ ()/-]{0,2}\d){7,}")
SOURCE_COLUMNS = {"source", "sources"}  # of tables: ids and citations, as in the tables others script against
_BETWEEN = "\x00"  # stands in no text and in no word, so nothing is found across it
_STRUCTURE = {TAG, "key", "kind", "section", "style"}  # JSON keys that hold no reader's text


class EditionError(NeedscastError):
    """A public edition holds something that must stay internal."""


def check_edition(blocks: Iterable[Block], crisis: Crisis, readership: str) -> None:
    """Refuse a public edition that holds anything of a row that is not public, a grade, a route or a contact.

    Raises
    ------
    EditionError : naming the block and what it must not hold. An internal edition holds everything.
    """
    if readership != PUBLIC:
        return
    hidden = hidden_words(crisis)
    for block in flat(blocks):
        where = f"{block.tag} '{getattr(block, 'name', '')}'".replace(" ''", "")
        if isinstance(block, Table):
            _check_columns(block, where)
        _refuse(_BETWEEN.join(_texts(block.to_json())), where, hidden)


def check_tables(tables: Mapping[str, pd.DataFrame], crisis: Crisis, readership: str) -> None:
    """Refuse tables of a public edition that hold in some text what must stay internal; ids of sources may stand.

    Raises
    ------
    EditionError : naming the table and the column, and what it must not hold.
    """
    if readership != PUBLIC:
        return
    hidden = hidden_words(crisis)
    for name, table in tables.items():
        for column in (each for each in table.columns if each not in SOURCE_COLUMNS):
            for text in {cell for cell in table[column] if isinstance(cell, str)}:
                _refuse(text, f"{name}.csv column '{column}'", hidden)


class Hidden:
    """The words that a public edition of a crisis must not hold: ids and names of rows that are not public."""

    def __init__(self, crisis: Crisis) -> None:
        areas, sources = crisis.areas, crisis.sources
        fine = ~areas["level"].isin(PUBLIC_AREA_LEVELS)
        unnamed = (sources["sensitivity"] != PUBLIC) | (sources["type"] == HIDDEN_SOURCE_TYPE)
        words = {
            *_ids_of_rows(crisis.figures, "figure_id"),
            *areas.loc[fine, "area"],
            *areas.loc[fine, "name"],
            *sources.loc[unnamed, "source"],
            *(part for name in sources.loc[unnamed, "name"] for part in _parts(name)),
        }
        words |= set(crisis.figures.loc[crisis.figures["area"].isin(areas.loc[fine, "area"]), "area_printed"])
        words |= {said for word in words for said in crisis.names.get(word, {}).values()}
        shown = {
            *areas.loc[~fine, "area"],
            *areas.loc[~fine, "name"],
            *sources.loc[~unnamed, "source"],
            *sources.loc[~unnamed, "name"],
        }
        self._hidden = _pattern(words - shown)
        self._shown = _pattern({word for word in shown if self._hidden and self._hidden.search(str(word))})

    def found_in(self, text: str) -> list[str]:
        """Return the hidden words in a text; a name inside a longer public name does not count."""
        if self._hidden is None:
            return []
        return self._hidden.findall(self._shown.sub(" ", text) if self._shown else text)

    def may_show(self, text: str) -> bool:
        """Whether a text holds no hidden word."""
        return not self.found_in(text)


@lru_cache(maxsize=4)
def hidden_words(crisis: Crisis) -> Hidden:
    """Return the hidden words of a crisis, found once."""
    return Hidden(crisis)


def shown_figures(crisis: Crisis, readership: str) -> pd.DataFrame:
    """Return the figures that an edition may show."""
    return crisis.figures if readership != PUBLIC else crisis.figures[crisis.figures["sensitivity"] == PUBLIC]


def translated(crisis: Crisis, text: str) -> Any:
    """Return a text of the crisis folder in the languages that its names.csv has it in."""
    others = crisis.names.get(text)
    return Named({"en": text, **others}) if others else text


def source_name(crisis: Crisis, source: str, readership: str) -> Any:
    """Return the name of a source; a local responder or a source that is not public has a number instead in public."""
    return _source_names(crisis, readership).get(source, source)


@lru_cache(maxsize=4)
def _source_names(crisis: Crisis, readership: str) -> dict[str, Any]:
    """Return the name of every source, found once; those that have none in public are counted by their kind."""
    named: dict[str, Any] = {}
    numbers = {"local_responder": 0, "unnamed": 0}
    for row in each_row(crisis.sources):
        kind = "local_responder" if row.type == HIDDEN_SOURCE_TYPE else "unnamed"
        is_hidden = kind == "local_responder" or row.sensitivity != PUBLIC
        numbers[kind] += is_hidden
        text = Text(f"source.{kind}", {"number": numbers[kind]})
        named[row.source] = text if is_hidden and readership == PUBLIC else translated(crisis, row.name)
    return named


def shown_text(crisis: Crisis, text: str, readership: str, said: Callable[[str], Any] | None = None) -> Any:
    """Return a free text of the data, or the phrase that stands for it when a public edition must not hold it.

    Parameters
    ----------
    said : turns a text that may be shown into a phrase; without it the crisis's own translations are looked up.
    """
    if readership != PUBLIC or hidden_words(crisis).may_show(text):
        return said(text) if said else translated(crisis, text)
    return Text("edition.text_kept_back")


def advised(text: Text, advice: str, readership: str) -> Text:
    """Add to a text what who keeps the inputs can do about it; a public edition goes to others and leaves it out."""
    if readership == PUBLIC:
        return text
    return Text("headline.then", {"first": text, "second": Text(f"advice.{advice}")})


def _refuse(text: str, where: str, hidden: Hidden) -> None:
    contact = CONTACT.search(text)
    if contact:
        raise EditionError(
            f"{where} holds a contact, '{contact[0]}', in a public edition; take it out of the text, or keep "
            "it in a column that is not printed"
        )
    for word in hidden.found_in(text):
        raise EditionError(
            f"{where} names '{word}' in a public edition; leave it out there, or mark its row public "
            "once its owner has agreed"
        )


def _check_columns(table: Table, where: str) -> None:
    keys = {column.key for column in table.columns}
    if keys & GRADE_COLUMNS:
        raise EditionError(
            f"{where} shows grades of sources ({', '.join(sorted(keys & GRADE_COLUMNS))}); they stay internal"
        )
    if any(route <= keys for route in ROUTE_COLUMNS):
        raise EditionError(
            f"{where} shows flows from area to area, which predict routes of flight; show stocks instead"
        )


def _texts(thing: Any) -> list[str]:
    """Return the texts of a block in reading order."""
    found: list[str] = []
    waiting = [thing]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, list):
            waiting.extend(reversed(each))
        elif isinstance(each, dict):
            shown = [value for key, value in each.items() if key not in _STRUCTURE or not isinstance(value, str)]
            waiting.extend(reversed(shown))
    return found


def _ids_of_rows(frame: pd.DataFrame, column: str) -> set[str]:
    return set(frame.loc[frame["sensitivity"] != PUBLIC, column]) if not frame.empty else set()


def _parts(name: str) -> list[str]:
    """A name and what stands inside and before its brackets: "White Hats (Civil Help)" is hidden in each form."""
    head, _, rest = name.partition("(")
    inside = rest.rstrip(") ")
    return [part for part in (name, head.strip(), inside if " " in inside else "") if part]


def _pattern(words: Iterable[Any]) -> re.Pattern[str] | None:
    plain = sorted({str(word) for word in words if str(word).strip()}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, plain))})(?!\w)", re.IGNORECASE) if plain else None
