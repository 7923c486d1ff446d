"""Locks that the system itself drops when their holder ends, however it ends: none is ever stale.

A copy of a process (:mod:`needscast.apart`) inherits its open files, and with them its locks, which would then last as
long as the copy. So a copy lets go of them at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

LOCK = ".lock"  # stays there empty; it is the system that knows whether somebody holds it
_held: set[BinaryIO] = set()


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder for as long as the block runs; yield False at once when another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder / LOCK) as lock:
        yield _taken(lock)


@contextmanager
def in_turn(place: Path) -> Iterator[None]:
    """Hold a lock for as long as the block runs, after whoever holds it; where that cannot be, do not wait."""
    with ExitStack() as stack:
        with suppress(ImportError, OSError):  # Windows, or a folder that cannot be written
            import fcntl

            place.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context(_opened(place)), fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(place: Path) -> Iterator[BinaryIO]:
    with open(place, "wb") as lock:
        _held.add(lock)
        try:
            yield lock
        finally:
            _held.discard(lock)


def _let_go() -> None:
    for lock in _held:
        lock.close()
    _held.clear()


def _taken(lock: BinaryIO) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
