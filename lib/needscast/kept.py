"""Results kept by content, so that the reports of one render compute each scenario once.

Nothing is kept unless ``NEEDSCAST_SHARED`` is set, which the press does for its kernels: then results go through the
store of the evidence, and what a process holds in memory is handed to the kernels forked from it. An entry is a pickle
with its own digest in a folder that only its owner may write; any other is made anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from needscast.evidence import store
from needscast.evidence.behaviour import shipped
from needscast.inputs import Crisis, read_crisis
from needscast.inputs.located import locate
from needscast.inputs.shipped import code_digest, data_path

if TYPE_CHECKING:
    from needscast.draws import Draws

SHARED = "NEEDSCAST_SHARED"
_CARDS = "scenarios/"
_AT_MOST = 4  # held in memory: two crises, or two dates of one, each with its nowcast
_held: dict[str, Any] = {}

Thing = TypeVar("Thing")


def key(crisis: Crisis, worlds: Draws, scenario: str = "") -> str:
    """Return the name of what follows from a crisis as known on its date, and from one scenario if it is named.

    The cards of other scenarios are no part of it: changing one leaves the results of the others where they are.
    """
    own = f"{_CARDS}{scenario}.toml"
    files = [each for each in sorted(crisis.digests.items()) if not each[0].startswith(_CARDS) or each[0] == own]
    return store.key("results", crisis.id, crisis.reference_date, worlds, scenario, files, repr(shipped()), _code())


def crisis_of(where: str | Path, as_of: date | None) -> Crisis:
    """Return a crisis as known on a date, from memory in a process that shares, unless a file has changed since."""
    path = locate(where)
    files = sorted(each for place in (path, data_path("sectors")) for each in (place, *place.rglob("*")))
    state = [(str(each), each.stat().st_mtime_ns, each.stat().st_size) for each in files]
    found = held(store.key("crisis", path, as_of, state), lambda: read_crisis(path, as_of=as_of))
    return held(store.key("crisis", path, found.reference_date, state), lambda: found)  # asked for by that date next


def held(name: str, make: Callable[[], Thing]) -> Thing:
    """Return what this process, or the one it was forked from, has in memory under a name; make it when it has not."""
    if SHARED not in os.environ:
        return make()
    if name not in _held:
        made = make()
        while len(_held) >= _AT_MOST:
            _held.pop(next(iter(_held)))
        _held[name] = made
    found: Thing = _held[name]
    return found


def kept(name: str, make: Callable[[], Thing]) -> Thing:
    """Return a result from the store; make and keep it when there is none that is whole."""
    home = store.folder()
    if SHARED not in os.environ or home is None or not _is_private(home):
        return make()
    made: list[Thing] = []

    def packed() -> dict[str, np.ndarray]:
        made.append(make())
        payload = pickle.dumps(made[0], protocol=5)
        return {"payload": np.frombuffer(payload, np.uint8), "digest": np.array(_digest(payload))}

    entry = store.remembered(name, packed)
    if made:
        return made[0]
    try:
        payload = entry["payload"].tobytes()
        if str(entry["digest"]) == _digest(payload):
            found: Thing = pickle.loads(payload)
            return found
    except Exception:  # whatever an entry of another kind or time raises
        return make()
    return make()


def _is_private(home: os.PathLike[str]) -> bool:
    """A pickle runs code when it is read, so the folder must be ours and closed to others' writing."""
    if os.name != "posix":
        return True
    try:
        os.makedirs(home, exist_ok=True)
        found = os.stat(home)
    except OSError:
        return False
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


@cache
def _code() -> tuple[str, ...]:
    """The code that results rest on, ours and that of the libraries."""
    rooms = ("inputs", "evidence", "displacement", "needs", "demand", "decisions")
    files = ("estimate", "factor", "product", "swept", "quantiles", "tables", "headlines", "sectors", "chain")
    return (code_digest(*rooms, *files), np.__version__, pd.__version__)
