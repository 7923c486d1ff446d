"""A new crisis to fill in: a folder or one workbook, made from the template, that already renders."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from needscast.errors import NeedscastError, one_of
from needscast.inputs.cells import ID
from needscast.inputs.problems import shown
from needscast.inputs.shipped import data_path
from needscast.inputs.workbook import write_workbook


def new_crisis(where: str | Path, *, workbook: bool = False, cards: Collection[str] = ()) -> Path:
    """Make a crisis folder, or one workbook with the same tables, from the template.

    Parameters
    ----------
    where : the folder to make; its last part names the crisis. A workbook gets the ending .xlsx.
    cards : codes of shipped sector cards to put beside the tables, so that norms and items can be changed too.

    Returns
    -------
    The path of what was made. Everything in it that is not known is a placeholder, marked TO FILL IN.

    Raises
    ------
    NeedscastError : when something is there already, the name cannot name a crisis, or there is no such card.
    """
    target = Path(where)
    if workbook and target.suffix.lower() != ".xlsx":
        target = target.with_name(target.name + ".xlsx")
    name = target.stem if workbook else target.name
    if not ID.fullmatch(name) or not name.strip("."):
        raise NeedscastError(f"{shown(name)} cannot name a crisis; use letters a-z, digits, '_', '.' and '-'")
    if target.exists() or target.is_symlink():
        raise NeedscastError(f"{target} is there already; choose another name or move it away first")
    known = {path.stem: path for path in data_path("sectors").glob("*.toml")}
    for code in cards:
        if code not in known:
            raise NeedscastError(one_of("sector card", code, known))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        made = Path(temporary) / name
        shutil.copytree(data_path("template"), made, copy_function=shutil.copyfile)
        if cards:
            (made / "sectors").mkdir()
        for code in cards:
            shutil.copyfile(known[code], made / "sectors" / f"{code}.toml")
        if workbook:
            return write_workbook(made, target)
        made.rename(target)
    return target
