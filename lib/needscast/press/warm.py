"""The warm process: it has everything imported, computes what all reports share, and forks a kernel for each.

Started as ``python -m needscast.press.warm SOCKET PARENT``. A request is a line of JSON and, for a kernel, two open
files: its log, and a pipe that closes when the kernel ends. The process has one thread, so a fork copies all of it; it
ends with its parent (the socket closes, and Linux sends a signal), and its kernels end with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import Any

HEAD = struct.Struct("!I")  # how many bytes of JSON follow
FILES = 2  # log and pipe of a kernel
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG, linux/prctl.h
_REAP_SECONDS = 1.0


def serve(control: socket.socket) -> None:
    """Answer requests until the other end is gone; then end every kernel that is left."""
    kernels: set[int] = set()
    try:
        while True:
            ready, _, _ = select.select([control], [], [], _REAP_SECONDS)
            kernels = {each for each in kernels if not _has_ended(each)}
            if ready:
                received = _receive(control)
                if received is None:
                    return
                request, files = received
                if "kernel" in request:
                    kernels.add(_fork(control, request["kernel"], request["environment"], files))
                else:
                    _compute(request)
    finally:
        for each in kernels:
            if not _has_ended(each):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(each, signal.SIGKILL)


def die_with(parent: int) -> None:
    """End when the parent does, however it ends (Linux; elsewhere the closed socket and the kernel's own watch do)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


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


def _compute(request: Mapping[str, Any]) -> None:
    """Read the crisis and make its nowcast, which every kernel forked from now on finds in memory."""
    from datetime import date

    from needscast import chain
    from needscast.draws import Draws
    from needscast.inputs import read_crisis

    with contextlib.suppress(Exception):  # the report that needs it fails by itself, and says why
        crisis = read_crisis(request["crisis"], as_of=date.fromisoformat(request["as_of"]))
        chain.nowcast_of(crisis, Draws(request["draws"], request["seed"]))
    gc.freeze()  # a collection in a kernel would copy what it only looks at


def _fork(control: socket.socket, arguments: Sequence[str], environment: Mapping[str, str], files: list[int]) -> int:
    kernel = os.fork()
    if kernel == 0:
        try:
            control.close()
            _become_kernel(arguments, environment, *files)
        finally:
            os._exit(1)
    for each in files:
        os.close(each)
    control.sendall(HEAD.pack(kernel))
    return kernel


def _become_kernel(arguments: Sequence[str], environment: Mapping[str, str], log: int, alive: int) -> None:
    """Run a kernel in this process, which has just been forked; ``alive`` stays open as long as it lives."""
    parent = os.getppid()
    os.setsid()
    die_with(parent)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    if "numpy" in sys.modules:  # its old global stream does not seed itself anew after a fork, as random does
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4), "big"))
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={parent}"])
    os._exit(0)


def _has_ended(kernel: int) -> bool:
    try:
        return os.waitpid(kernel, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def _import_all() -> None:
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell
    import numpy
    import pandas
    import scipy.stats
    import xarray

    import needscast.comparison
    import needscast.report.page

    assert ipykernel and numpy and pandas and scipy and xarray and needscast
    gc.freeze()


def main(arguments: Sequence[str]) -> None:
    """Serve the socket that was handed down."""
    handle, parent = map(int, arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent, which then ends this
    die_with(parent)
    with socket.socket(fileno=handle) as control:
        _import_all()
        serve(control)


if __name__ == "__main__":
    main(sys.argv[1:])
