"""Kernels of the press: this very Python and code, no registered kernelspec, no user profile, no open port."""

from __future__ import annotations

import logging
import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

from needscast import ONE_THREAD
from needscast.report.blocks import BLOCKS_ONLY

_ENVIRONMENT = {BLOCKS_ONLY: "1", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", **ONE_THREAD}
_ARGUMENTS = ("--HistoryManager.enabled=False", "--IPKernelApp.ignore_cwd=True")
_SLOW_MODULE = "rfc3987_syntax"  # compiles a grammar for 0.7 s at import, to check addresses that notebooks do not have
_LONGEST_SOCKET = 90  # characters of path; systems allow 103 and the name of the socket comes on top
LOG = "kernel.log"  # in the folder of the kernel: its last words when it dies


def papermill_execute() -> Any:
    """Return papermill's ``execute_notebook``, imported without the module that would cost most of the time."""
    absent = _SLOW_MODULE not in sys.modules
    if absent:
        sys.modules[_SLOW_MODULE] = None  # type: ignore[assignment]
    try:
        from papermill.execute import execute_notebook
    finally:
        if absent:
            del sys.modules[_SLOW_MODULE]
    logging.getLogger("papermill").setLevel(logging.ERROR)  # what it warns about is an error here, raised before
    return execute_notebook


class Kernels:
    """The kernels of one render, so that an interrupt can stop them instead of waiting for their cells to end."""

    def __init__(self) -> None:
        self._processes: list[Any] = []
        self._stopped = False
        self._lock = threading.Lock()

    def add(self, process: Any) -> None:
        """Take in a kernel that has just started; it is stopped at once when the others have been."""
        with self._lock:
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


def kernel_manager(folder: Path, kernels: Kernels) -> type:
    """Return a kernel manager class for nbclient; ``folder`` is private to one execution and removed with it."""
    return type("Kernel", (_manager_base(),), {"folder": str(folder), "kernels": kernels})


@cache
def _manager_base() -> type:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        """Starts ``ipykernel`` in the Python that runs this and talks to it through files in its folder."""

        folder: str
        kernels: Kernels

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.connection_file = os.path.join(self.folder, "k.json")
            if os.name == "posix" and len(self.folder) < _LONGEST_SOCKET:
                self.transport = "ipc"

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *_ARGUMENTS]
            own = {"IPYTHONDIR": os.path.join(self.folder, "profile"), **_same_code()}
            return KernelSpec(argv=command, display_name="needscast", language="python", env={**_ENVIRONMENT, **own})

        async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
            with open(os.path.join(self.folder, LOG), "ab") as log:
                await super()._async_launch_kernel(kernel_cmd, **{**options, "stdout": log, "stderr": log})
            self.kernels.add(self.provisioner.process)  # type: ignore[union-attr]

        _launch_kernel = _async_launch_kernel

    return Kernel


def _same_code() -> dict[str, str]:
    """Make the kernel import this very package, also when it is not installed but found on the path."""
    parent = Path(__file__).parents[2]
    if parent.name in ("site-packages", "dist-packages"):
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(parent), os.environ.get("PYTHONPATH", "")]))}
