"""One at a time: a lock that the system itself drops when its holder ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

LOCK = ".lock"  # stays there empty; it is the system that knows whether somebody holds it


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder for as long as the block runs; yield False at once when another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "ab") as lock:
        yield _taken(lock)


def _taken(lock: BinaryIO) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
