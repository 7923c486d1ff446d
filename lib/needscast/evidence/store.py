"""A store of posterior blocks by content: the same figures, settings and code give the same draws at once.

An entry is one ``.npz`` file named by its key. It is written beside its place and moved there whole, so a killed
process leaves nothing half done; an entry that cannot be read is made anew. Processes that want the same entry make it
once: the others wait for the one that came first. ``NEEDSCAST_CACHE`` names another folder, and
``NEEDSCAST_CACHE=off`` keeps nothing.

The store is bounded: whenever an entry is kept, those go that were not used for long, and then the least recently used
until all of them fit into ``NEEDSCAST_CACHE_GB``. An entry may go while another process reads it: where the system lets
that happen the reader keeps what it has opened, and elsewhere the entry stays until the next time.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from needscast.errors import NeedscastError
from needscast.inputs.shipped import code_digest
from needscast.locks import in_turn

OFF = "off"
MOST_GB = 2.0  # all entries together, unless NEEDSCAST_CACHE_GB says otherwise
UNUSED_SECONDS = 60 * 86_400.0  # an entry that nobody used for so long goes
_ABANDONED_SECONDS = 86_400.0  # what a killed process had begun to write
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
    most_bytes, place = _most_bytes(), home / f"{name}.npz"
    found = _entry(place)
    if found is not None:
        return found
    with in_turn(place.with_name(f".lock-{place.name[:2]}")):  # one of 256 files; made twice where nobody can wait
        found = _entry(place)  # somebody else may have made it meanwhile
        if found is not None:
            return found
        made = make()
        _keep(place, made)
        prune(home, most_bytes)
        return made


def _entry(place: Path) -> Mapping[str, np.ndarray] | None:
    try:
        with np.load(place, allow_pickle=False) as entry:
            found = dict(entry)
        with suppress(OSError):  # a store that may only be read
            os.utime(place)  # the time of its last use
        return found
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def _keep(place: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write an entry whole or not at all; a full or read-only disk costs time, never a result."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
            np.savez(part, **arrays)  # type: ignore[arg-type]
        os.replace(part.name, place)
    except OSError:
        return


def prune(home: Path, most_bytes: float, *, unused_seconds: float = UNUSED_SECONDS) -> None:
    """Remove entries that were not used for long, and the least recently used until the others fit; the latest stays.

    Parameters
    ----------
    home : the folder of the store.
    most_bytes : of all entries together.
    unused_seconds : how long an entry stays that nobody uses.
    """
    now, total = time.time(), 0.0
    for used, size, place in sorted(_files(home, "*.npz"), reverse=True):
        is_latest, total = total == 0, total + size
        if not is_latest and (total > most_bytes or now - used > unused_seconds):
            _remove(place)
    for used, _, place in _files(home, "*.part"):
        if now - used > _ABANDONED_SECONDS:
            _remove(place)


def _files(home: Path, pattern: str) -> list[tuple[float, int, Path]]:
    """Return when each file was used last, its size in bytes, and where it is."""
    found = []
    for place in home.glob(pattern):
        with suppress(OSError):  # another process has just removed it
            about = place.stat()
            found.append((about.st_mtime, about.st_size, place))
    return found


def _remove(place: Path) -> None:
    with suppress(OSError):  # gone already, or open where open files cannot go
        place.unlink()


def _most_bytes() -> float:
    said = os.environ.get("NEEDSCAST_CACHE_GB", "")
    try:
        return float(said or MOST_GB) * 1e9
    except ValueError:
        raise NeedscastError(f"NEEDSCAST_CACHE_GB is '{said}'; give a number of gigabytes, such as 2") from None
