"""A store of posterior blocks by content: the same figures, settings and code give the same draws at once.

An entry is one ``.npz`` file named by its key. It is written beside its place and moved there whole, so a killed
process leaves nothing half done; an entry that cannot be read is made anew. Processes that want the same entry make it
once: the others wait for the one that came first. ``NEEDSCAST_CACHE`` names another folder, and
``NEEDSCAST_CACHE=off`` keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from needscast.inputs.shipped import code_digest

OFF = "off"
CODE = ("draws", "vocabulary", "inputs", "evidence")  # what the draws of a posterior depend on


def folder() -> Path | None:
    """Return the folder of the store, or None when nothing is kept."""
    named = os.environ.get("NEEDSCAST_CACHE", "")
    if named.lower() == OFF:
        return None
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("needscast")


def key(*parts: object) -> str:
    """Return the name of an entry made from these parts; the code they come from, ours and numpy's, is one of them."""
    digest = hashlib.blake2b(digest_size=20)
    for part in (*parts, code_digest(*CODE), np.__version__, sys.version, sys.platform):
        digest.update(repr(part).encode())
        digest.update(b"\x00")
    return digest.hexdigest()


def remembered(name: str, make: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    """Return the arrays of an entry; make and keep them when there is none that can be read."""
    home = folder()
    if home is None:
        return make()
    place = home / f"{name}.npz"
    found = _entry(place)
    if found is not None:
        return found
    with _alone(place):
        found = _entry(place)  # somebody else may have made it meanwhile
        if found is not None:
            return found
        made = make()
        _keep(place, made)
        return made


def _entry(place: Path) -> Mapping[str, np.ndarray] | None:
    try:
        with np.load(place, allow_pickle=False) as entry:
            return dict(entry)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Hold the lock of an entry, one of 256 files; the system drops it when the process dies, so none is ever stale."""
    try:
        import fcntl

        place.parent.mkdir(parents=True, exist_ok=True)
        lock = open(place.with_name(f".lock-{place.name[:2]}"), "wb")  # noqa: SIM115
    except (ImportError, OSError):  # Windows, or a folder that cannot be written: made twice, never wrong
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(place: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write an entry whole or not at all; a full or read-only disk costs time, never a result."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
            np.savez(part, **arrays)  # type: ignore[arg-type]
        os.replace(part.name, place)
    except OSError:
        return
