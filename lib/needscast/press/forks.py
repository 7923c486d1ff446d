"""Kernels forked from a warm process: asked for here, made in :mod:`needscast.press.warm`.

A kernel from a fork starts in a tenth of a second, for it has everything imported. Where there is no fork, a notebook
asks for a process of its own, or the warm process is gone for good, a kernel is started as a new Python.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from needscast.press.warm import HEAD

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
PROGRAM = ("-m", "needscast.press.warm")  # what Python runs as the warm process
_ATTEMPTS = 2  # a warm process that was killed is started once more
_LOOK_SECONDS = 0.01  # between looks at a kernel that is waited for
_END_SECONDS = 0.5  # an idle one ends in a hundredth of it; one that computes is not waited for


class ForkedKernel:
    """A forked kernel with the methods of a process that a kernel manager calls, from any thread."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, alive: int) -> None:
        self.pid = pid
        self._alive: int | None = alive
        self._lock = threading.Lock()  # its number, closed twice, would close what another thread has opened since

    def poll(self) -> int | None:
        """Return None while the kernel runs; its pipe closes when it ends."""
        with self._lock:
            if self._alive is not None and select.select([self._alive], [], [], 0)[0]:
                os.close(self._alive)
                self._alive = None
            return None if self._alive is not None else 0

    def wait(self) -> int:
        """Wait until the kernel has ended."""
        while (code := self.poll()) is None:
            time.sleep(_LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and to what it started, unless it has ended."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End the kernel at once."""
        with suppress(ProcessLookupError):
            self.send_signal(signal.SIGKILL)

    terminate = kill

    def __del__(self) -> None:
        if self._alive is not None:
            os.close(self._alive)


class WarmProcess:
    """The client of one warm process, which starts on first use and again when it was killed.

    Parameters
    ----------
    environment : of the process; a kernel has its own on top.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._shared: Mapping[str, Any] | None = None
        self._closed = False

    def start(self, request: Mapping[str, Any]) -> None:
        """Start it, and have it do what is asked for once it has imported what that takes."""
        with self._lock, suppress(OSError):
            self._start()
            self._send(request)

    def compute(self, shared: Mapping[str, Any]) -> None:
        """Have it compute what the reports share: crisis, as_of, draws, seed, and a scenario. Does not wait for it."""
        with self._lock, suppress(OSError):
            is_known, self._shared = shared == self._shared, shared
            self._start()
            if not is_known:
                self._send(shared)

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], log: BinaryIO) -> ForkedKernel | None:
        """Return a new kernel that writes its last words to ``log``, or None when no warm process can be had."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                with suppress(OSError):
                    self._start()
                    return self._forked(arguments, environment, log)
                self._stop()
        return None

    def close(self) -> None:
        """End the process and its kernels, also while another thread waits for a kernel."""
        self._closed = True
        process = self._process
        if self._lock.acquire(blocking=False):
            self._stop()
            self._lock.release()
        elif process is not None:
            process.kill()

    def _start(self) -> None:
        if self._closed:
            raise ConnectionError("the render has ended")
        if self._process is not None and self._process.poll() is None:
            return
        self._stop()
        ours, theirs = socket.socketpair()
        command = [sys.executable, *PROGRAM, str(theirs.fileno()), str(os.getpid())]
        with theirs:
            self._control = ours
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        if self._shared is not None:
            self._send(self._shared)

    def _forked(self, arguments: Sequence[str], environment: Mapping[str, str], log: BinaryIO) -> ForkedKernel:
        alive, held = os.pipe()
        try:
            self._send({"kernel": list(arguments), "environment": dict(environment)}, [log.fileno(), held])
            assert self._control is not None
            answer = self._control.recv(HEAD.size)  # four bytes never come in parts
            if len(answer) < HEAD.size:
                raise ConnectionError("the warm process is gone")
        except OSError:
            os.close(alive)
            raise
        finally:
            os.close(held)
        return ForkedKernel(HEAD.unpack(answer)[0], alive)

    def _send(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> None:
        assert self._control is not None
        body = json.dumps(request).encode()
        socket.send_fds(self._control, [HEAD.pack(len(body))], files)
        self._control.sendall(body)

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:  # in the middle of a computation
                self._process.kill()
                self._process.wait()
        self._control = self._process = None
