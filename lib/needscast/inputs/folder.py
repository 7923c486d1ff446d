"""A crisis as it lies on disk: a folder of tables and cards, or one workbook with the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from needscast.errors import one_of
from needscast.inputs.boundaries import FILE as BOUNDARIES_FILE
from needscast.inputs.boundaries import Shapes, read_boundaries
from needscast.inputs.card_sheets import CARD_SHEETS, key_documents, scenario_documents
from needscast.inputs.cells import ID
from needscast.inputs.documents import Document, read_document
from needscast.inputs.files import Raw, decoded, digest, read_bytes, read_csv, table_of
from needscast.inputs.located import SETTINGS_FILE
from needscast.inputs.problems import Problems, shown
from needscast.inputs.rows import Rows, read_rows
from needscast.inputs.sheets import read_sheets
from needscast.inputs.tables import TABLES, Table

CARD_FOLDERS = ("scenarios", "sectors")
READ_ENDINGS = (
    ".csv",
    ".toml",
    ".xlsx",
    ".xls",
    ".ods",
    ".geojson",
)  # a file like this that nobody reads is a mistake, not a note
OTHER_SHEETS = ("read_me",)  # sheets of our workbooks that hold no input


@dataclass(frozen=True)
class Folder:
    """The content of a crisis folder or workbook, each cell read, nothing compared yet.

    Attributes
    ----------
    id : name of the folder, or of the workbook without its ending.
    tables : every table by name; an absent one has no rows.
    settings : the card crisis.toml, None when it is missing or unreadable.
    scenarios, sectors : cards by name; ``sectors`` are the crisis's own.
    boundaries : rings by area or place code; none in a workbook.
    digests : file -> SHA-256 of its content.
    """

    id: str
    tables: Mapping[str, Rows]
    settings: Document | None
    scenarios: Mapping[str, Document]
    sectors: Mapping[str, Document]
    digests: dict[str, str] = field(default_factory=dict)
    boundaries: Shapes = field(default_factory=dict)


def file_of(path: Path, table: str) -> str:
    """Return how a table of a crisis is named in messages: its file, or the sheet of the workbook."""
    return f"{path.name}[{table}]" if path.is_file() else f"{table}.csv"


def open_crisis(path: Path, problems: Problems) -> Folder:
    """Open a folder, or a workbook when the path is a file.

    Raises
    ------
    InputError : when the workbook cannot be opened at all.
    """
    if path.is_dir():
        name = path.resolve().name
        folder = _open_folder(path, name, problems)
    else:
        name = path.stem
        folder = _open_workbook(path, name, problems)
    if not ID.fullmatch(name) or not name.strip("."):
        problems.add(
            path.name,
            0,
            "",
            f"{shown(name)} cannot name a crisis",
            "rename it: letters a-z, digits, '_', '.' and '-'",
        )
    return folder


def _open_folder(path: Path, name: str, problems: Problems) -> Folder:
    digests: dict[str, str] = {}
    _check_names(path, problems)

    def content(file: str) -> bytes | None:
        there = path / file
        made = read_bytes(there, file, problems) if there.exists() else None
        if made is not None:
            digests[file] = digest(made)
        return made

    tables = {}
    for table in TABLES.values():
        file = f"{table.name}.csv"
        data = content(file)
        raw = read_csv(data, table, file, problems) if data is not None else None
        tables[table.name] = _rows(table, file, raw, problems, there=(path / file).exists())
    settings = _card(SETTINGS_FILE, content(SETTINGS_FILE), problems)
    if not (path / SETTINGS_FILE).exists():
        problems.add(SETTINGS_FILE, 0, "", "is missing", "add it; `needscast new` writes one to fill in")
    cards = {
        kind: {
            file.stem: _card(f"{kind}/{file.name}", content(f"{kind}/{file.name}"), problems)
            for file in sorted((path / kind).glob("*.toml"))
        }
        for kind in CARD_FOLDERS
    }
    scenarios, sectors = ({name: card for name, card in cards[kind].items() if card} for kind in CARD_FOLDERS)
    shapes = read_boundaries(content(BOUNDARIES_FILE), problems)
    return Folder(name, tables, settings, scenarios, sectors, digests, shapes)


def _check_names(path: Path, problems: Problems) -> None:
    """Every file that looks like input must be one that is read, and be named as a name may be."""
    known = [SETTINGS_FILE, BOUNDARIES_FILE, *(f"{name}.csv" for name in TABLES)]
    for file in sorted(path.iterdir()):
        if (
            file.is_file()
            and file.suffix.lower() in READ_ENDINGS
            and file.name not in known
            and file.name[0] not in ".~"
        ):
            remedy = "rename it or move it out of the folder"
            if f"{file.stem.lower()}.csv" in known and file.suffix != ".csv":
                remedy = f"save it as {file.stem.lower()}.csv, kind 'CSV UTF-8'; or keep all tables in one workbook"
            problems.add(file.name, 0, "", one_of("file", shown(file.name)[1:-1], known), remedy)
    for kind in CARD_FOLDERS:
        for file in sorted((path / kind).iterdir()) if (path / kind).is_dir() else ():
            if (
                file.suffix.lower() in READ_ENDINGS
                and file.name[0] not in ".~"
                and (file.suffix != ".toml" or not ID.fullmatch(file.stem))
            ):
                problems.add(
                    f"{kind}/{file.name}",
                    0,
                    "",
                    "is not the name of a card",
                    "name it <id>.toml: letters, digits, '_', '.' and '-'",
                )


def _card(file: str, content: bytes | None, problems: Problems) -> Document | None:
    text = decoded(content, file, problems) if content is not None else None
    return read_document(text, file, problems) if text is not None else None


def _rows(table: Table, file: str, raw: Raw | None, problems: Problems, *, there: bool) -> Rows:
    if not there and table.required:
        problems.add(file, 0, "", "is missing", f"add it with the columns {', '.join(table.names)}")
    return read_rows(raw, table, problems) if raw else Rows(table, file)


def _open_workbook(path: Path, name: str, problems: Problems) -> Folder:
    content = read_bytes(path, path.name, problems)
    sheets = read_sheets(content, path.name, problems) if content is not None else {}
    if not sheets:
        problems.raise_if_any()
    known = (*TABLES, *CARD_SHEETS)
    for title in set(sheets) - {*known, *OTHER_SHEETS}:
        problems.add(
            f"{path.name}[{title}]",
            0,
            "",
            one_of("sheet", shown(title)[1:-1], known),
            "rename the sheet or delete it",
        )
    tables = {}
    for table in TABLES.values():
        file, there = f"{path.name}[{table.name}]", table.name in sheets
        raw = table_of(sheets[table.name], table, file, problems) if there else None
        tables[table.name] = _rows(table, file, raw, problems, there=there)
    settings = key_documents(sheets.get("crisis", []), f"{path.name}[crisis]", problems).get("")
    if settings is None:
        problems.add(
            f"{path.name}[crisis]",
            0,
            "",
            "is missing or has no rows",
            "add a sheet 'crisis' with the columns key and value",
        )
    scenarios = scenario_documents(sheets.get("scenarios", []), sheets.get("overrides", []), path.name, problems)
    sectors = key_documents(sheets.get("sectors", []), f"{path.name}[sectors]", problems)
    for kind, cards in (("scenarios", scenarios), ("sectors", sectors)):
        for card in cards:
            if not ID.fullmatch(card) or not re.search("[^.]", card):
                problems.add(
                    f"{path.name}[{kind}]",
                    0,
                    kind[:-1],
                    f"{shown(card)} is not a name of ours",
                    "use letters, digits, '_', '.' and '-'",
                )
    return Folder(
        name,
        tables,
        settings,
        scenarios,
        sectors,
        {path.name: digest(content)} if content is not None else {},
    )
