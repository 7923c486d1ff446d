"""What must be rendered again and why: a report is kept when nothing that decides its bytes has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from needscast.press import folders
from needscast.press.manifest import file_digest, folder_digest, foundation

FORCED = "asked for by --force"
FIRST = "there is no earlier run"
SUMMARY = "headlines.json"  # of each report: its cover, its key figures and its warnings
_CARD = "scenarios/"


@dataclass(frozen=True)
class Earlier:
    """The latest run of a folder.

    Attributes
    ----------
    folder : where it lies.
    manifest : what made it.
    summary : report -> formats, warnings and the blocks that stand on the index.
    """

    folder: Path
    manifest: Mapping[str, Any]
    summary: Mapping[str, Mapping[str, Any]]


def earlier_run(out: Path) -> Earlier | None:
    """Return the run that the pointer names, or None when there is none that can be read."""
    try:
        folder = out / (out / folders.LATEST).read_text(encoding="utf-8").strip()
        manifest, summary = (
            json.loads((folder / name).read_text(encoding="utf-8")) for name in (folders.MANIFEST, SUMMARY)
        )
        return Earlier(folder, manifest, summary)
    except (OSError, ValueError):
        return None


def unchanged(earlier: Earlier, out: Path, started: datetime) -> folders.Run:
    """Return the earlier run as the answer: every report in it is what would be made now."""
    names = tuple(name for name in earlier.manifest["reports"] if name in earlier.summary)
    warnings = {name: tuple(earlier.summary[name]["warnings"]) for name in names}
    return folders.Run(
        earlier.folder, out / folders.INDEX, names, warnings, folders.seconds_since(started), dict.fromkeys(names, ())
    )


def nothing_changed(earlier: Earlier, where: Path, asked: Mapping[str, Any], notebooks: Iterable[Path]) -> bool:
    """Tell, without reading the crisis, whether all files are byte for byte those of the earlier run.

    Parameters
    ----------
    where : the folder or workbook of the crisis.
    asked : the choices as they were given.
    notebooks : those of the earlier run.
    """
    known, now = earlier.manifest, foundation(notebooks)
    return (
        known.get("asked") == dict(asked)
        and known.get("folder") == folder_digest(where)
        and all(known.get(name) == value for name, value in now.items())
        and all((earlier.folder / name).is_file() for name in known["files"])
    )


def reasons(
    name: str, parameters: Mapping[str, Any], notebook: str, now: Mapping[str, Any], earlier: Earlier | None
) -> tuple[str, ...]:
    """Return why a report must be rendered, in words; none when the one of the earlier run will do.

    Parameters
    ----------
    parameters : of the report, as they stand in a manifest.
    notebook : the name of its file.
    now : inputs and foundation as a manifest would hold them.
    """
    if earlier is None:
        return (FIRST,)
    known = earlier.manifest
    if name not in known["reports"] or name not in earlier.summary:
        return ("it was not part of the earlier run",)
    inputs = [
        {file: digest for file, digest in each.get("inputs", {}).items() if _concerns(file, parameters)}
        for each in (known, now)
    ]
    found = [
        *_changes("input", *inputs),
        *_changes("parameter", known["reports"][name], parameters, shown=True),
        *_changes("notebook", *({notebook: each["notebooks"].get(notebook)} for each in (known, now))),
        *_changes("data", known["shipped_data"], now["shipped_data"]),
        *_changes("library", known["packages"], now["packages"], shown=True),
        *_changes("", *({each: one[each] for each in ("python", "platform")} for one in (known, now)), shown=True),
    ]
    if known["needscast"] != now["needscast"]:
        found.append("needscast itself changed")
    return tuple(found)


def lost_files(name: str, kinds: Sequence[str], earlier: Earlier) -> tuple[str, ...]:
    """Return which files of a report are not there, or not as they were published."""
    found = []
    for file in (f"{name}.{kind}" for kind in kinds):
        known, path = earlier.manifest["files"].get(file), earlier.folder / file
        if known is None:
            found.append(f"{file} was not asked for then")
        elif not path.is_file() or file_digest(path) != known:
            found.append(f"{file} is not as it was published")
    return tuple(found)


def _concerns(file: str, parameters: Mapping[str, Any]) -> bool:
    """The card of another scenario is no concern of a report about one; everything else concerns every report."""
    named = f"{parameters.get('scenario', '')},{parameters.get('scenarios', '')}".strip(",")
    return not file.startswith(_CARD) or not named or Path(file).stem in named.split(",")


def _changes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any], *, shown: bool = False) -> list[str]:
    def said(name: str) -> str:
        if name not in old:
            return "is new"
        if name not in new:
            return "is gone"
        return f"was {old[name]}, is {new[name]}" if shown else "changed"

    names = sorted({*old, *new})
    return [f"{kind} {name} {said(name)}".strip() for name in names if old.get(name) != new.get(name)]
