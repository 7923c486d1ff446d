"""The far end of a cluster: what a Dask worker holds for a render, and the notebooks that it executes for it.

A worker unpacks the inputs once a render and forks all kernels of the render from one warm process. Both go when the
render says so, or when nothing has come for a while: a render that was killed says nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from needscast.errors import NeedscastError
from needscast.press.execute import Execution, execute
from needscast.press.kernel import Kernels
from needscast.press.manifest import foundation
from needscast.press.notebook import Notebook
from needscast.press.pool import started_kernels, world

IDLE_SECONDS = 30.0  # how long inputs and warm process stay without a report to make


@dataclass(frozen=True)
class Parcel:
    """What all reports of a render rest on.

    Attributes
    ----------
    render : a name for the render, unlike any other.
    inputs : a path there -> the visible files of that folder or workbook, by name below its parent, and their bytes.
    foundation : code, shipped data, libraries, Python and platform, as a manifest has them.
    """

    render: str
    inputs: Mapping[str, Mapping[str, bytes]]
    foundation: Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """One notebook to execute."""

    notebook: Notebook
    parameters: Mapping[str, Any]
    cell_seconds: int


def fill(parcel: Parcel, order: Order) -> Execution | NeedscastError:
    """Execute the notebook of an order; an error is an answer, so that the cluster does not try it again."""
    try:
        _check_foundation(parcel.foundation)
        with _site(parcel, order.parameters) as site:
            given = site.local(order.parameters)
            return execute(order.notebook, given, cell_seconds=order.cell_seconds, kernels=site.kernels)
    except NeedscastError as problem:
        return problem
    except OSError as problem:  # a full disk there fails the reports that are made there, and no others
        return NeedscastError(f"the worker at {_address()}: {problem}")


def leave(render: str) -> None:
    """Stop whatever still runs for a render here, and remove what was unpacked."""
    with _lock:
        site = _sites.pop(render, None)
    if site is not None:
        site.close()


@dataclass
class _Site:
    """The inputs of a render as they lie here, and its kernels."""

    places: Mapping[str, str]
    kernels: Kernels
    stack: ExitStack
    users: int = 0
    timer: threading.Timer | None = field(default=None, repr=False)

    def local(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters with the paths of this machine."""
        return _local(parameters, self.places)

    def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.stack.close()


_sites: dict[str, _Site] = {}
_lock = threading.Lock()


@contextmanager
def _site(parcel: Parcel, parameters: Mapping[str, Any]) -> Iterator[_Site]:
    with _lock:
        if parcel.render not in _sites:
            _sites[parcel.render] = _opened(parcel, parameters)
        site = _sites[parcel.render]
        site.users += 1
        if site.timer is not None:
            site.timer.cancel()
    try:
        yield site
    finally:
        with _lock:
            site.users -= 1
            if not site.users:
                site.timer = threading.Timer(IDLE_SECONDS, leave, [parcel.render])
                site.timer.daemon = True
                site.timer.start()


def _opened(parcel: Parcel, parameters: Mapping[str, Any]) -> _Site:
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="needscast-", dir=_own_folder()))
        places = {place: _unpacked(files, Path(home) / str(number)) for number, (place, files) in _numbered(parcel)}
        given = _local(parameters, places)
        kernels = stack.enter_context(started_kernels(Path(given["crisis"]), given["as_of"]))
        kernels.compute(world(given))
        return _Site(places, kernels, stack.pop_all())


def _numbered(parcel: Parcel) -> Iterator[tuple[int, tuple[str, Mapping[str, bytes]]]]:
    return enumerate(parcel.inputs.items())


def _unpacked(files: Mapping[str, bytes], home: Path) -> str:
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return str(next(home.iterdir()))


def _local(parameters: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    return {name: places.get(value, value) if value else value for name, value in parameters.items()}


def _own_folder() -> str:
    """The worker's own folder, which Dask removes when a worker was killed: inputs may be restricted."""
    import distributed

    return str(distributed.get_worker().local_directory)


def _address() -> str:
    import distributed

    return str(distributed.get_worker().address)


def _check_foundation(wanted: Mapping[str, Any]) -> None:
    here = foundation(())
    unlike = [
        f"{kind} {name} is {value_here}, not {value}".strip()
        for kind in wanted
        for name, value, value_here in _pairs(wanted[kind], here.get(kind))
        if value != value_here
    ]
    if unlike:
        raise NeedscastError(
            f"the worker at {_address()} is not as this machine is: {'; '.join(unlike)}; install the same"
        )


def _pairs(wanted: Any, here: Any) -> Iterator[tuple[str, Any, Any]]:
    if not isinstance(wanted, Mapping) or not isinstance(here, Mapping):
        yield "", wanted, here
        return
    for name in {**wanted, **here}:
        yield name, wanted.get(name), here.get(name)
