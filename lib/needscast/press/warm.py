"""The warm process: it has everything imported, computes what all reports share, and forks a kernel for each.

Started as ``python -m needscast.press.warm SOCKET PARENT``. A request is a line of JSON and, for a kernel, two open
files: its log, and a pipe that closes when the kernel ends. The process has one thread, so a fork copies all of it; it
ends with its parent (the socket closes, and Linux sends a signal), and its kernels end with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from needscast.apart import die_with

HEAD = struct.Struct("!I")  # how many bytes of JSON follow
FILES = 2  # log and pipe of a kernel
# What kernels find imported, the first for what is computed ahead of them.
MODULES = (
    "needscast.chain",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "needscast.report.sections",
    "needscast.comparison",
)
_REAP_SECONDS = 1.0


def serve(control: socket.socket) -> None:
    """Answer requests until the other end is gone, importing while there are none; then end whatever was forked."""
    children: set[int] = set()
    coming = iter(MODULES)
    try:
        while True:
            wanted = next(coming, None) if not _is_ready(control, 0) else None
            if wanted is not None:
                import_module(wanted)
                continue
            children = {each for each in children if not _has_ended(each)}
            if not _is_ready(control, _REAP_SECONDS):
                continue
            received = _receive(control)
            if received is None:
                return
            request, files = received
            if "kernel" in request:
                for each in coming:
                    import_module(each)
                children.add(_fork(control, request["kernel"], request["environment"], files))
            elif "read" in request:
                _read(request)
            else:
                children.update(_compute(control, request))
    finally:
        for child in children:
            if not _has_ended(child):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)


def _is_ready(control: socket.socket, seconds: float) -> bool:
    return bool(select.select([control], [], [], seconds)[0])


def _receive(control: socket.socket) -> tuple[Any, list[int]] | None:
    head, files, _, _ = socket.recv_fds(control, HEAD.size, FILES)
    if len(head) < HEAD.size:
        return None
    (size,) = HEAD.unpack(head)
    body = bytearray()
    while len(body) < size:
        part = control.recv(size - len(body))
        if not part:
            return None
        body += part
    return json.loads(body), files


def _read(request: Mapping[str, Any]) -> None:
    """Read the crisis, while the press still finds out what is to be made of it."""
    from datetime import date

    from needscast import kept

    with contextlib.suppress(Exception):  # the press reads it too, and says what is wrong
        kept.crisis_of(request["read"], date.fromisoformat(request["as_of"]) if request["as_of"] else None)


def _compute(control: socket.socket, request: Mapping[str, Any]) -> list[int]:
    """Read the crisis and make its nowcast, which every kernel forked from now on finds in memory.

    A scenario that is named is computed ahead, by a copy of this process, while kernels start; the kernel that wants
    it finds it in the store, or waits for it there.
    """
    from datetime import date

    from needscast import chain, kept
    from needscast.draws import Draws

    gc.enable()  # to make a nowcast is long work
    draws, seed, scenario = (request[name] for name in ("draws", "seed", "scenario"))
    with contextlib.suppress(Exception):  # the report that needs it fails by itself, and says why
        as_of = date.fromisoformat(request["as_of"])
        crisis = kept.crisis_of(request["crisis"], as_of)
        chain.nowcast_of(crisis, Draws(draws, seed))
        if scenario:
            return [_copy(control, lambda: chain.estimate(crisis, scenario, draws=draws, seed=seed))]
    return []


def _fork(control: socket.socket, arguments: Sequence[str], environment: Mapping[str, str], files: list[int]) -> int:
    kernel = _copy(control, lambda: _become_kernel(arguments, environment, *files))
    for each in files:
        os.close(each)
    control.sendall(HEAD.pack(kernel))
    return kernel


def _copy(control: socket.socket, work: Callable[[], object]) -> int:
    """Return a copy of this process that does some work in a session of its own, and ends when this one does."""
    gc.freeze()  # a collection in the copy would copy what it only looks at
    parent, child = os.getpid(), os.fork()
    if child == 0:
        try:
            gc.enable()
            control.close()
            os.setsid()
            die_with(parent)
            work()
        finally:
            os._exit(1)
    return child


def _become_kernel(arguments: Sequence[str], environment: Mapping[str, str], log: int, alive: int) -> None:
    """Run a kernel in this process, which has just been forked; ``alive`` stays open as long as it lives."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    if "numpy" in sys.modules:  # its old global stream does not seed itself anew after a fork, as random does
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4), "big"))
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    os._exit(0)


def _has_ended(kernel: int) -> bool:
    try:
        return os.waitpid(kernel, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def main(arguments: Sequence[str]) -> None:
    """Serve the socket that was handed down."""
    handle, parent = map(int, arguments)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel would load it in every kernel, for 0.2 s
    gc.disable()  # what is imported stays; looking through it for garbage would take a fifth of the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent, which then ends this
    die_with(parent)
    with socket.socket(fileno=handle) as control:
        serve(control)


if __name__ == "__main__":
    main(sys.argv[1:])
