"""Where a crisis lies: found by path or by name, before anything of it is read."""

from __future__ import annotations

from pathlib import Path

from needscast.errors import NeedscastError, one_of
from needscast.inputs.cells import ID
from needscast.inputs.problems import shown
from needscast.inputs.shipped import data_path

SETTINGS_FILE = "crisis.toml"


def locate(where: str | Path) -> Path:
    """Return the folder or workbook of a crisis given by path, or by its name under the shipped ``crises``.

    Raises
    ------
    NeedscastError : when there is neither; the message names the crises that exist.
    """
    path = Path(where)
    if path.is_dir() or (path.is_file() and path.suffix.lower() == ".xlsx"):
        return path
    shipped = data_path("crises")
    if ID.fullmatch(str(where)) and (shipped / str(where)).is_dir() and str(where).strip("."):
        return shipped / str(where)
    known = [folder.name for folder in shipped.iterdir() if folder.is_dir()] if shipped.is_dir() else []
    known += _crises_beside(path)
    raise NeedscastError(
        one_of("crisis", shown(where)[1:-1], known) + "; give a name, or the path of a folder or workbook"
    )


def _crises_beside(path: Path) -> list[str]:
    """Return the crises in the folder where one was looked for, as they would be given."""
    try:
        found = [
            each
            for each in path.parent.iterdir()
            if (each / SETTINGS_FILE).is_file() or (each.suffix.lower() == ".xlsx" and each.name[0] not in ".~")
        ]
    except OSError:  # no such folder, or one that may not be looked into
        return []
    return [str(each) for each in found]
