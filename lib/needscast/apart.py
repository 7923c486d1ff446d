"""Work done side by side, in processes of their own where that is safe, otherwise one after the other here.

A process is a copy of this one, so what was read and pooled before is there at once. Copying is safe while one thread
runs, which is so for a command and not for a kernel; there the work is done in place, and gives the same results.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4  # M_TRIM_THRESHOLD and M_MMAP_MAX of mallopt(3)

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Given], Made], given: Sequence[Given], at_once: int) -> list[Made]:
    """Return what ``work`` makes of each, in order; ``at_once`` at most run beside each other, one a core.

    What a process does not bring back, because it failed or was killed, is made here, where its error is raised.
    """
    count = min(len(given), at_once, os.cpu_count() or 1)
    if count < 2 or not may_copy():
        return [work(each) for each in given]
    running = [_started(work, given[place::count]) for place in range(count)]
    brought = [_brought(*each) for each in running]
    found = [brought[place % count][place // count : place // count + 1] for place in range(len(given))]
    return [made[0] if made else work(each) for made, each in zip(found, given, strict=True)]


def may_copy() -> bool:
    """Whether this process may be copied: the system can, and no other thread holds a lock."""
    return sys.platform == "linux" and threading.active_count() == 1 and not multiprocessing.current_process().daemon


def _started(
    work: Callable[[Given], Made], part: Sequence[Given]
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_bring, args=(work, part, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _bring(work: Callable[[Given], Made], part: Sequence[Given], theirs: Connection) -> None:
    """Work in the copy and send what was made up to the first failure; a parent that is gone wants nothing."""
    _keep_what_is_freed()
    made = []
    try:
        for each in part:
            made.append(work(each))
    except Exception:  # the parent does it again and shows the error
        pass
    try:
        theirs.send_bytes(pickle.dumps(made, protocol=5))
    except OSError:
        return


def _keep_what_is_freed() -> None:
    """Have the memory of large arrays stay with this process, which soon ends, for the next ones of the same size.

    By default the GNU C library maps them anew each time, and the system clears every page of them again: a fifth of
    the processor's time of a large crisis. Another C library has no such setting and goes on as it does.
    """
    import ctypes  # only here, so that whoever asks for one thing alone does not wait for it

    try:
        setting = ctypes.CDLL(None).mallopt
        setting(_TRIM_THRESHOLD, 2**31 - 1)
        setting(_MMAP_MAX, 0)
    except (AttributeError, OSError, TypeError):
        return


def _brought(process: multiprocessing.process.BaseProcess, ours: Connection) -> list:
    try:
        made: list = pickle.loads(ours.recv_bytes())
    except (EOFError, OSError):
        made = []
    process.join()
    ours.close()
    return made
