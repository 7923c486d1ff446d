"""Work done side by side, in processes of their own where that is safe, otherwise one after the other here.

A process is a copy of this one, so what was read and pooled before is there at once. Copying is safe while one thread
runs, which is so for a command and not for a kernel; there the work is done in place, and gives the same results.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG, linux/prctl.h
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
    _give_back_what_is_freed()
    running = [copied(_bring, work, given[place::count]) for place in range(count)]
    brought = [_brought(*each) for each in running]
    found = [brought[place % count][place // count : place // count + 1] for place in range(len(given))]
    return [made[0] if made else work(each) for made, each in zip(found, given, strict=True)]


def may_copy() -> bool:
    """Whether this process may be copied: the system can, and no other thread holds a lock."""
    return sys.platform == "linux" and threading.active_count() == 1 and not multiprocessing.current_process().daemon


@contextmanager
def beside(work: Callable[..., Made], count: int) -> Iterator[Callable[[Sequence[tuple]], list[Made]]]:
    """Yield a function that calls ``work`` with each of ``count`` tuples: the last here, others in copies that stay.

    So that it does not matter where ``work`` is done it rests on what it is given alone. What a copy does not bring
    back is made here.
    """
    hands = [copied(_lend, work) for _ in range(min(count, os.cpu_count() or 1) - 1)] if may_copy() else []

    def worked(given: Sequence[tuple]) -> list[Made]:
        for (_, line), each in zip(hands, given, strict=False):
            with suppress(OSError):
                line.send_bytes(pickle.dumps(each, protocol=5))
        here = [work(*each) for each in given[len(hands) :]]
        brought = [_received(line) for _, line in hands]
        return [made[0] if made else work(*each) for made, each in zip(brought, given, strict=False)] + here

    try:
        yield worked
    finally:
        for process, line in hands:
            line.close()
            process.join()


def copied(work: Callable[..., None], *given: Any) -> tuple[BaseProcess, Connection]:
    """Start a copy of this process that works, given its end of a line first; return it and our end.

    It ends when this process does, and leaves an interrupt to this process.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(os.getpid(), ours, theirs, work, *given), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def die_with(parent: int) -> None:
    """End when the parent does, however it ends (Linux; elsewhere a line that closes has to tell)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _work(parent: int, ours: Connection, theirs: Connection, work: Callable[..., None], *given: Any) -> None:
    gc.freeze()  # what the parent made stays: looking through it for garbage would copy every page of it
    ours.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)
    work(theirs, *given)


def _lend(theirs: Connection, work: Callable[..., Made]) -> None:
    """Work on whatever is sent until nobody sends any more; of a failure nothing comes back."""
    _keep_what_is_freed()
    while True:
        try:
            given = pickle.loads(theirs.recv_bytes())
        except (EOFError, OSError):
            return
        made = []
        with suppress(Exception):
            made.append(work(*given))
        try:
            theirs.send_bytes(pickle.dumps(made, protocol=5))
        except OSError:
            return


def _bring(theirs: Connection, work: Callable[[Given], Made], part: Sequence[Given]) -> None:
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


def _give_back_what_is_freed() -> None:
    """Give memory that was freed here back to the system: a copy that used it again would first copy what was in it."""
    with suppress(AttributeError, OSError, TypeError):  # another C library keeps it
        ctypes.CDLL(None).malloc_trim(0)


def _keep_what_is_freed() -> None:
    """Have the memory of large arrays stay with this process, which soon ends, for the next ones of the same size.

    By default the GNU C library maps them anew each time, and the system clears every page of them again: a fifth of
    the processor's time of a large crisis. Another C library has no such setting and goes on as it does.
    """
    try:
        setting = ctypes.CDLL(None).mallopt
        setting(_TRIM_THRESHOLD, 2**31 - 1)
        setting(_MMAP_MAX, 0)
    except (AttributeError, OSError, TypeError):
        return


def _brought(process: BaseProcess, ours: Connection) -> list:
    made = _received(ours)
    process.join()
    ours.close()
    return made


def _received(line: Connection) -> list:
    try:
        made: list = pickle.loads(line.recv_bytes())
    except (EOFError, OSError):
        made = []
    return made
