"""Kernels of the press: this very Python and code, no registered kernelspec, no user profile, no open port."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from needscast import processor
from needscast.press.forks import CAN_FORK, ForkedKernel, WarmProcess

SECRETS = "NEEDSCAST_SECRET_"  # what begins so is for the press and no business of a notebook
_TOLD = ("NEEDSCAST_BLOCKS_ONLY", "NEEDSCAST_SHARED")  # read in report.blocks and kept, rooms that take long to load
_ENVIRONMENT = {**dict.fromkeys(_TOLD, "1"), "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
_ARGUMENTS = ("--HistoryManager.enabled=False", "--IPKernelApp.ignore_cwd=True")
_OPTIONS_FROM = 3  # after python -m ipykernel_launcher
_SLOW_MODULE = "rfc3987_syntax"  # compiles a grammar for 0.7 s at import, to check addresses that notebooks do not have
_LONGEST_SOCKET = 90  # characters of path; systems allow 103 and the name of the socket comes on top
LOG = "kernel.log"  # in the folder of the kernel: its last words when it dies


@cache
def papermill_execute() -> Any:
    """Return papermill's ``execute_notebook``, imported without the module that would cost most of the time."""
    absent = _SLOW_MODULE not in sys.modules
    if absent:
        sys.modules[_SLOW_MODULE] = None  # type: ignore[assignment]
    try:
        from papermill import execute as papermill
    finally:
        if absent:
            del sys.modules[_SLOW_MODULE]
    logging.getLogger("papermill").setLevel(logging.ERROR)  # what it warns about is an error here, raised before
    write = papermill.write_ipynb
    papermill.write_ipynb = lambda made, path: write(made, path) if path else None  # it would make text for nobody
    return papermill.execute_notebook


class Kernels:
    """The kernels of one render: forked from one warm process where that can be, and stopped together.

    Parameters
    ----------
    environment : of every kernel, on top of this process's own.
    warm : False has every kernel start as a new Python.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, *, warm: bool = False) -> None:
        self.environment = {**processor.environment(), **_ENVIRONMENT, **_same_code(), **(environment or {})}
        self._warm = WarmProcess(without_secrets({**os.environ, **self.environment})) if warm and CAN_FORK else None
        self._processes: list[Any] = []
        self._stopped = False
        self._lock = threading.Lock()

    def start(self, where: Path, as_of: str) -> None:
        """Start the warm process, so that it imports and reads a crisis while this one does something else."""
        if self._warm is not None:
            self._warm.start({"read": str(where), "as_of": as_of})

    def compute(self, shared: Mapping[str, Any]) -> None:
        """Have the warm process compute what the kernels share, while this one does something else."""
        if self._warm is not None:
            self._warm.compute(shared)

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], log: BinaryIO) -> ForkedKernel | None:
        """Return a forked kernel, or None when it must be started as a new Python."""
        return None if self._warm is None else self._warm.fork(arguments, environment, log)

    def add(self, process: Any) -> None:
        """Take in a kernel that has just started; it is stopped at once when the others have been."""
        with self._lock:
            self._processes = [each for each in self._processes if each.poll() is None]
            self._processes.append(process)
            if self._stopped:
                process.kill()

    def stop(self) -> None:
        """Stop all kernels that run, and every one that starts later."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                if process.poll() is None:
                    process.kill()
        if self._warm is not None:
            self._warm.close()


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a kernel: without what is for notifications only."""
    return {name: value for name, value in environment.items() if not name.startswith(SECRETS)}


def kernel_manager(folder: Path, kernels: Kernels, *, fresh: bool = False) -> type:
    """Return a kernel manager class for nbclient; ``folder`` is private to one execution and removed with it.

    Parameters
    ----------
    fresh : start a new Python, whatever the kernels of the render do.
    """
    return type("Kernel", (_manager_base(),), {"folder": str(folder), "kernels": kernels, "fresh": fresh})


@cache
def _manager_base() -> type:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        """Runs ``ipykernel`` in the Python that runs this, forked or new, and talks to it through its folder."""

        folder: str
        kernels: Kernels
        fresh: bool

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.connection_file = os.path.join(self.folder, "k.json")
            if os.name == "posix" and len(self.folder) < _LONGEST_SOCKET:
                self.transport = "ipc"

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_ARGUMENTS]
            environment = {**self.kernels.environment, "IPYTHONDIR": os.path.join(self.folder, "profile")}
            return KernelSpec(argv=command, display_name="needscast", language="python", env=environment)

        async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
            provisioner: Any = self.provisioner
            options["env"] = without_secrets(options["env"])
            with open(os.path.join(self.folder, LOG), "ab") as log:
                forked = None if self.fresh else self.kernels.fork(kernel_cmd[_OPTIONS_FROM:], options["env"], log)
                if forked is None:
                    await super()._async_launch_kernel(kernel_cmd, **{**options, "stdout": log, "stderr": log})
                else:
                    provisioner.process, provisioner.pid, provisioner.pgid = forked, forked.pid, forked.pid
                    self._reconcile_connection_info(provisioner.connection_info)
            self.kernels.add(provisioner.process)

        _launch_kernel = _async_launch_kernel

    return Kernel


def _same_code() -> dict[str, str]:
    """Make the kernel import this very package, also when it is not installed but found on the path."""
    parent = Path(__file__).parents[2]
    if parent.name in ("site-packages", "dist-packages"):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(parent), os.environ.get("PYTHONPATH", "")]))}
