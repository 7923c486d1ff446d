"""The built-in pool: notebooks executed so many at a time on this machine, by kernels forked from one warm process."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from needscast.errors import NeedscastError
from needscast.press.execute import Execution, execute
from needscast.press.kernel import Kernels, papermill_execute

if TYPE_CHECKING:
    from needscast.press.publishing import Report

Seen: TypeAlias = "Callable[[Report, Mapping[str, Any]], None]"
Outcomes: TypeAlias = "Generator[tuple[Report, Execution | NeedscastError], None, None]"

_MOST_WORKERS = 4
_WORKER_BYTES = 500_000_000  # a kernel that runs the chain at 4,096 draws (measured: 0.4 GB of its own)
_CACHE, _OFF = "NEEDSCAST_CACHE", "off"  # as evidence.store reads them; that room takes long to load
_WORLD = ("crisis", "as_of", "draws", "seed")  # the parameters that the nowcast follows from


def executed_here(
    reports: Sequence[Report], kernels: Kernels, workers: int, cell_seconds: int, seen: Seen | None = None
) -> Outcomes:
    """Execute the notebooks of the reports at most ``workers`` at a time; yield them in order, each done or failed.

    Parameters
    ----------
    seen : called in between, with a report and each of its cells as soon as it has run.
    """
    if not reports:
        return
    coming = iter(reports)
    waiting: deque[tuple[Report, Future[Execution]]] = deque()
    kernels.compute(world(reports[0].parameters))
    with ThreadPoolExecutor(workers, thread_name_prefix="report") as pool:
        papermill_execute()  # imported once, before there are threads, while the warm process does its own imports

        def submit(count: int) -> None:
            for each in islice(coming, count):
                given = (each.notebook, each.parameters)
                options: Any = {"cell_seconds": cell_seconds, "kernels": kernels, "seen": seen and partial(seen, each)}
                waiting.append((each, pool.submit(execute, *given, **options)))

        try:
            submit(2 * workers)  # so many at most are executed and not yet written, however many there are in all
            while waiting:
                report, future = waiting.popleft()
                problem = future.exception()
                if problem is not None and not isinstance(problem, NeedscastError):
                    raise problem
                submit(1)
                yield report, problem or future.result()
                del future, problem
        except BaseException:  # an interrupt, a full disk: nobody waits for the others any more
            for _, future in waiting:
                future.cancel()
            kernels.stop()
            raise


@contextmanager
def started_kernels(where: Path, as_of: str = "") -> Iterator[Kernels]:
    """Yield the kernels of a render, whose warm process has begun to import and to read the crisis.

    They share what they compute: in the cache, or in a folder of their own.
    """
    with TemporaryDirectory(prefix="needscast-", ignore_cleanup_errors=True) as folder:
        is_off = os.environ.get(_CACHE, "").lower() == _OFF
        kernels = Kernels({_CACHE: folder} if is_off else {}, warm=True)
        kernels.start(where, as_of)
        try:
            yield kernels
        finally:
            kernels.stop()


def world(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all reports of a render share, by the parameters of the first of them, and its own scenario."""
    return {**{name: parameters[name] for name in _WORLD}, "scenario": parameters.get("scenario", "")}


def most_workers() -> int:
    """Return how many reports to make at a time: one a core up to four, as far as the memory goes."""
    free = _WORKER_BYTES * _MOST_WORKERS
    with suppress(OSError, AttributeError):  # only Linux says so
        said = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
        free = int(said.group(1)) * 1024 if said else free
    return max(1, min(os.cpu_count() or 1, _MOST_WORKERS, free // _WORKER_BYTES))
