"""Cards: TOML files, or sheets that say the same, read key by key; unknown and missing keys are errors."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from needscast.errors import one_of
from needscast.inputs.cells import Column, read_cell
from needscast.inputs.problems import CellError, Problems, shown

Path = tuple[str | int, ...]

_TABLES = re.compile(r"\s*\[\[([^\]]+)\]\]")
_TABLE = re.compile(r"\s*\[([^\]]+)\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_LANGUAGE = re.compile(r"(.+)_([a-z]{2,3})")


@dataclass(frozen=True)
class Document:
    """A card with all its keys, and where each of them stands.

    Attributes
    ----------
    file : how the card is named in messages.
    values : the keys as TOML gives them: tables are dicts, arrays of tables are lists of dicts.
    text : the TOML text, to find the line of a key; empty when ``lines`` are given.
    lines : file and row by path, for a card that came from the sheets of a workbook.
    """

    file: str
    values: Mapping[str, Any]
    text: str = ""
    lines: Mapping[Path, tuple[str, int]] = field(default_factory=dict)

    @cached_property
    def _index(self) -> Mapping[Path, tuple[str, int]]:
        return self.lines or {path: (self.file, row) for path, row in line_index(self.text).items()}

    def place(self, path: Path) -> tuple[str, int]:
        """Return file and row of a key, else of the table it belongs to; row 0 is the card as a whole."""
        while path and path not in self._index:
            path = path[:-1]
        return self._index.get(path, (self.file, 0))

    def note(self, problems: Problems, path: Path, message: str, remedy: str) -> None:
        """Note a problem with a key."""
        problems.add(*self.place(path), path_name(path), message, remedy)

    def at(self, path: Path) -> Any:
        """Return what stands at a path."""
        found: Any = self.values
        for part in path:
            found = found[part]
        return found


def read_document(text: str, file: str, problems: Problems) -> Document | None:
    """Read a TOML text; None, with the row in a problem, when it is not TOML."""
    try:
        return Document(file, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)", str(error))
        row = int(place[1]) if place else text.count("\n") + 1
        problems.add(
            file,
            row,
            "",
            f"is not TOML: {str(error).split(' (at ')[0]}",
            "mend the line; text needs quotation marks, a date is written 2026-01-31 without any",
        )
        return None


def line_index(text: str) -> dict[Path, int]:
    """Return the line of every table and key of a TOML text by its path, for messages."""
    index: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLES.match(line):
            *above, last = _names(match[1])
            array = (*_resolved(above, counts), last)
            counts[array] = counts.get(array, -1) + 1
            here = (*array, counts[array])
            index.setdefault(array, number)
            index[here] = number
        elif match := _TABLE.match(line):
            here = _resolved(_names(match[1]), counts)
            index[here] = number
        elif match := _KEY.match(line):
            index.setdefault((*here, match[1]), number)
    return index


def _names(header: str) -> list[str]:
    return [name.strip().strip("\"'") for name in header.split(".")]


def _resolved(names: Sequence[str], counts: Mapping[Path, int]) -> Path:
    path: Path = ()
    for name in names:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return path


def path_name(path: Path) -> str:
    """Return a path as it is printed: ``item.2.price.unit``, tables counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def read_fields(
    document: Document,
    path: Path,
    columns: Sequence[Column],
    problems: Problems,
    *,
    tables: Sequence[str] = (),
    translated: Sequence[str] = (),
) -> dict[str, Any]:
    """Read the keys of one table of a card.

    Parameters
    ----------
    path : where the table stands.
    columns : its keys.
    tables : names of the tables inside it, which are read apart.
    translated : keys given in further languages too, as ``title_fr``; they come back as language -> text.

    Returns
    -------
    dict with a value for every column; what cannot be read is a problem and comes back as missing.
    """
    section = document.at(path)
    values: dict[str, Any] = {}
    for column in columns:
        values[column.name] = _read(document, (*path, column.name), column, section.get(column.name), problems)
        if column.name in translated:
            values[column.name] = {"en": values[column.name]} if values[column.name] else {}
    known = {column.name: column for column in columns}
    for key, value in section.items():
        language = _LANGUAGE.fullmatch(key)
        if key in known or key in tables:
            continue
        if language and language[1] in translated:
            values[language[1]][language[2]] = _read(document, (*path, key), known[language[1]], value, problems)
        else:
            document.note(
                problems,
                (*path, key),
                one_of("key", shown(key)[1:-1], [*known, *tables]),
                "rename the key or delete it",
            )
    return values


def _read(document: Document, path: Path, column: Column, value: Any, problems: Problems) -> Any:
    try:
        if column.kind == "text" and document.text and value is not None and not isinstance(value, str):
            raise CellError(f"{shown(value)} is not text", "write the words in quotation marks")
        return read_cell(column, value)
    except CellError as error:
        document.note(problems, path, error.message, error.remedy)
        return column.blank


def tables_at(document: Document, path: Path, name: str, problems: Problems) -> Iterator[Path]:
    """Yield the path of each table of an array ``[[name]]``; anything else under the name is a problem."""
    given = document.at(path).get(name, [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        document.note(
            problems,
            (*path, name),
            "is not a list of tables",
            f"write each one as [[{path_name((*path, name))}]]",
        )
        return
    for number in range(len(given)):
        yield (*path, name, number)


def table_at(document: Document, path: Path, name: str, problems: Problems, *, required: bool = False) -> Path | None:
    """Return the path of a table ``[name]``, or None when it is absent."""
    given = document.at(path).get(name)
    where = (*path, name)
    if isinstance(given, dict):
        return where
    if given is not None or required:
        message = "is missing" if given is None else f"{shown(given)} is not a table"
        document.note(problems, where, message, f"write it as [{path_name(where)}] with its keys")
    return None
