"""The manifest of a run: everything that decides its bytes, and nothing that does not (law 11: no time, no place)."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import needscast
from needscast.errors import NeedscastError
from needscast.inputs import Crisis
from needscast.inputs.shipped import data_path

PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "pint",
    "matplotlib",
    "jinja2",
    "openpyxl",
    "XlsxWriter",
    "papermill",
    "nbclient",
    "ipykernel",
)
_SHARED = "data/"
_CODE = ("*.py", "*.toml", "*.j2", "*.css")
_SHIPPED = ("evidence", "sectors", "hindcast")  # data that every crisis uses


def manifest(
    crisis: Crisis, notebooks: Iterable[Path], reports: Mapping[str, Mapping[str, Any]], files: Path
) -> dict[str, Any]:
    """Return the manifest of the files in a folder.

    Parameters
    ----------
    reports : name of a report -> its parameters.
    files : the folder with everything that the run publishes.
    """
    package = Path(needscast.__file__).parent
    return {
        "crisis": crisis.id,
        "reference_date": str(crisis.reference_date),
        "inputs": dict(crisis.digests),
        "shipped_data": {name: tree_digest(data_path(name), ("*",)) for name in _SHIPPED if data_path(name).is_dir()},
        "notebooks": {path.name: file_digest(path) for path in notebooks},
        "needscast": {"version": needscast.__version__, "code": tree_digest(package, _CODE, skip="_shipped")},
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "reports": {name: dict(parameters) for name, parameters in reports.items()},
        "files": {path.name: file_digest(path) for path in sorted(files.iterdir())},
    }


def check_unchanged(crisis: Crisis, where: Path) -> None:
    """Refuse to publish when an input file has changed since it was read: the reports may mix old and new."""
    for name, known in crisis.digests.items():
        shared = data_path().parent / name  # a sector card of ours, data/sectors/...
        path = shared if name.startswith(_SHARED) else where / name if where.is_dir() else where
        if not path.exists() or file_digest(path) != known:
            raise NeedscastError(f"{path} has changed while the reports were made; render again")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_digest(folder: Path, patterns: Iterable[str], skip: str = "") -> str:
    """Return the SHA-256 over names and contents of the files below a folder."""
    total = hashlib.sha256()
    found = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    for path in sorted(found, key=lambda each: each.relative_to(folder).as_posix()):
        name = path.relative_to(folder)
        if name.parts[0] != skip and "__pycache__" not in name.parts:
            total.update(f"{name.as_posix()}\0{file_digest(path)}\0".encode())
    return total.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
