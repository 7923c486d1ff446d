"""Many machines: reports executed by the workers of a Dask cluster that is there already, with the bytes made here.

Whatever a report rests on travels with it: its notebook, its parameters and the folder of its crisis, so the machines
need no disk in common. A worker whose code, shipped data or libraries are not ours refuses (law 11). A report whose
worker is lost is given to another worker by the scheduler.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from needscast.errors import NeedscastError
from needscast.press.execute import Execution
from needscast.press.manifest import foundation, visible_files
from needscast.press.pool import Outcomes
from needscast.press.publishing import Report
from needscast.press.worker import Order, Parcel, fill, leave

CONNECT_SECONDS = 8.0  # a scheduler that takes longer to answer is not there
LONELY_SECONDS = 60.0  # how long a cluster without any worker is waited for
_LOOK_SECONDS = 2.0  # how often it is looked whether anybody is still there
_PLACES = ("crisis", "before")  # parameters that name a folder or workbook


class ClusterLostError(NeedscastError):
    """A cluster that has gone while reports were made; a worker that goes is no matter."""


def executed_there(reports: Sequence[Report], address: str, cell_seconds: int) -> Outcomes:
    """Have the workers of a cluster execute the notebooks; yield them in order, each done or failed.

    Raises
    ------
    NeedscastError : when the extra is not installed, the scheduler does not answer or has no worker, or all are lost.
    """
    if not reports:
        return
    parcel = Parcel(uuid4().hex, _inputs(reports), foundation(()))
    with _connected(address) as client:
        shared = client.submit(_itself, parcel, key=f"needscast-inputs-{parcel.render}")
        waiting = [
            client.submit(
                fill,
                shared,
                Order(each.notebook, each.parameters, cell_seconds),
                key=f"needscast-{each.name}-{parcel.render}",
            )
            for each in reports
        ]
        lost: NeedscastError | None = None
        try:
            for report in reports:
                try:
                    outcome = lost or _outcome(client, waiting[0], address)
                except ClusterLostError as problem:
                    outcome = lost = problem
                del waiting[0]  # what was taken is kept there no longer
                yield report, outcome
        finally:
            with suppress(Exception):  # a cluster that is gone has nothing to tidy; an idle worker does it by itself
                client.cancel(waiting)
                client.run(leave, parcel.render, on_error="ignore")


def _itself(parcel: Parcel) -> Parcel:
    """A task that returns what it was given: what is lost with a worker is made again, which sent data is not."""
    return parcel


def _inputs(reports: Sequence[Report]) -> dict[str, dict[str, bytes]]:
    places = dict.fromkeys(each.parameters.get(name, "") for each in reports for name in _PLACES)
    return {place: _packed(Path(place)) for place in places if place}


def _packed(place: Path) -> dict[str, bytes]:
    if not place.is_dir():
        return {place.name: place.read_bytes()}
    return {f"{place.name}/{name}": (place / name).read_bytes() for name in visible_files(place)}


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Yield a client of the scheduler, once it has answered and has a worker."""
    try:
        import distributed
    except ImportError:
        raise NeedscastError(
            "--cluster needs an extra that is not installed: pip install 'needscast[cluster]'; --workers needs none"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it reports is told here, in a sentence
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        raise NeedscastError(
            f"no Dask scheduler answers at {address}: {problem}; give its address, such as tcp://10.0.0.5:8786"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise NeedscastError(f"the cluster at {address} has no worker; start one: dask worker {address}") from None
        yield client


def _outcome(client: Any, future: Any, address: str) -> Execution | NeedscastError:
    """Wait for a report; look from time to time whether the cluster is still there."""
    import distributed

    seen = time.monotonic()
    while not future.done():
        with suppress(TimeoutError):
            future.exception(timeout=_LOOK_SECONDS)
        with suppress(Exception):  # a scheduler that does not answer has no workers
            if client.nthreads():
                seen = time.monotonic()
        if time.monotonic() - seen > LONELY_SECONDS:
            raise ClusterLostError(f"the cluster at {address} has had no worker for {LONELY_SECONDS:.0f} s")
    problem = future.exception()
    if problem is None:
        made: Execution | NeedscastError = future.result()
        return made
    if isinstance(problem, CancelledError):
        raise ClusterLostError(f"the scheduler at {address} is gone")
    if isinstance(problem, distributed.KilledWorker):
        return NeedscastError("every worker that was given it died, perhaps for want of memory; try fewer draws")
    if isinstance(problem, ModuleNotFoundError):
        raise ClusterLostError(f"the machines of {address} have not what it takes: {problem}; install needscast there")
    raise problem
