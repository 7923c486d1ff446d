"""The manifest of a run: everything that decides its bytes, and nothing that does not (law 11: no time, no place)."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import needscast
from needscast.errors import NeedscastError
from needscast.inputs.shipped import data_path

if TYPE_CHECKING:
    from needscast.inputs import Crisis

PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "pint",
    "matplotlib",
    "jinja2",
    "babel",
    "openpyxl",
    "XlsxWriter",
    "papermill",
    "nbclient",
    "ipykernel",
)
_SHARED = "data/"
_CODE = ("*.py", "*.toml", "*.j2", "*.css", "*.woff2")
_SHIPPED = ("evidence", "sectors", "hindcast")  # data that every crisis uses


def manifest(
    crisis: Crisis,
    where: Path,
    notebooks: Iterable[Path],
    reports: Mapping[str, Mapping[str, Any]],
    asked: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the manifest of a run, all but the digests of its files.

    Parameters
    ----------
    where : the folder or workbook of the crisis.
    reports : name of a report -> its parameters, in the order of the index.
    asked : the choices as they were given.
    """
    return {
        "crisis": crisis.id,
        "reference_date": str(crisis.reference_date),
        "folder": folder_digest(where),
        "inputs": dict(crisis.digests),
        "asked": dict(asked),
        "reports": {name: dict(parameters) for name, parameters in reports.items()},
        "order": [*reports],
        **foundation(notebooks),
    }


def foundation(notebooks: Iterable[Path]) -> dict[str, Any]:
    """Return what every run rests on beside its crisis: code, shipped data, notebooks, versions."""
    package = Path(needscast.__file__).parent
    return {
        "shipped_data": {name: tree_digest(data_path(name), ("*",)) for name in _SHIPPED if data_path(name).is_dir()},
        "notebooks": {path.name: file_digest(path) for path in sorted(set(notebooks))},
        "needscast": {"version": needscast.__version__, "code": tree_digest(package, _CODE, skip="_shipped")},
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "packages": {name: _version(name) for name in PACKAGES},
    }


def files_of(folder: Path) -> dict[str, str]:
    """Return name and SHA-256 of every file of a run in the making."""
    return {path.name: file_digest(path) for path in sorted(folder.iterdir())}


def check_unchanged(crisis: Crisis, where: Path) -> None:
    """Refuse to publish when an input file has changed since it was read: the reports may mix old and new."""
    for name, known in crisis.digests.items():
        shared = data_path().parent / name  # a sector card of ours, data/sectors/...
        path = shared if name.startswith(_SHARED) else where / name if where.is_dir() else where
        if not path.exists() or file_digest(path) != known:
            raise NeedscastError(f"{path} has changed while the reports were made; render again")


def folder_digest(where: Path) -> str:
    """Return the SHA-256 over everything visible in the folder of a crisis, or of its workbook."""
    return tree_digest(where, ("*",)) if where.is_dir() else file_digest(where)


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file; a file that was not touched since is not read again."""
    found = os.stat(path)
    return _digest(str(path), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=100_000)
def _digest(path: str, *_: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def tree_digest(folder: Path, patterns: Iterable[str], skip: str = "") -> str:
    """Return the SHA-256 over names and contents of the visible files below a folder, all but those in ``skip``."""
    total = hashlib.sha256()
    for name in visible_files(folder, patterns):
        if name.partition("/")[0] != skip:
            total.update(f"{name}\0{file_digest(f'{folder}/{name}')}\0".encode())
    return total.hexdigest()


def visible_files(folder: Path, patterns: Iterable[str] = ("*",)) -> list[str]:
    """Return the names of the files below a folder, in order and with slashes, all but hidden and compiled ones."""
    chosen = tuple(patterns)
    return sorted(name for name in _names(str(folder), "") if any(fnmatchcase(name, each) for each in chosen))


def _names(folder: str, above: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for each in entries:
            if each.is_dir(follow_symlinks=False):
                if each.name != "__pycache__":
                    yield from _names(each.path, f"{above}{each.name}/")
            elif not each.name.startswith(".") and each.is_file():
                yield f"{above}{each.name}"


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
