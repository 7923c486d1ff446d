"""Kernels forked from a warm process: quick to start, as separate as new Pythons, and gone when their parent is."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from needscast.press import forks
from needscast.press.execute import ExecutionError, execute
from needscast.press.forks import CAN_FORK, ForkedKernel
from needscast.press.kernel import SECRETS, Kernels
from needscast.press.notebook import read_notebook

pytestmark = [pytest.mark.prove, pytest.mark.skipif(not CAN_FORK, reason="this system does not fork")]
PARENT = "import os\nprint(os.getppid(), os.getpid())"


@pytest.fixture(scope="module")
def kernels():
    made = Kernels({"NEEDSCAST_CACHE": "off"}, warm=True)
    yield made
    made.stop()


def printed(done):
    return [output["text"] for cell in done.notebook["cells"] for output in cell["outputs"] if "text" in output]


def run(make_notebook, kernels, *cells, name="small"):
    return printed(execute(read_notebook(make_notebook(*cells, name=name)), {}, kernels=kernels, cell_seconds=60))


def gone(process_id):
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        status = Path(f"/proc/{process_id}/stat")
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_kernels_of_a_render_are_forked_from_one_process_and_end_with_their_notebook(make_notebook, kernels):
    first, second = (run(make_notebook, kernels, PARENT, name=name)[0].split() for name in ("one", "two"))
    assert first[0] == second[0] and first[1] != second[1]
    assert int(first[0]) not in (os.getpid(), 1)
    assert gone(int(first[1])) and gone(int(second[1]))


def test_the_warm_process_has_one_thread_and_the_libraries(make_notebook, kernels):
    cell = "import os, sys\nfrom pathlib import Path\nwarm = Path(f'/proc/{os.getppid()}/task')"
    count = "print(len(list(warm.iterdir())) if warm.exists() else 1, 'needscast.chain' in sys.modules)"
    assert run(make_notebook, kernels, cell, count) == ["1 True\n"]


def test_a_notebook_that_asks_for_it_gets_a_new_python(make_notebook, kernels):
    path = make_notebook("import os, sys\nprint(os.getppid(), 'needscast.chain' in sys.modules)")
    notebook = read_notebook(path)
    notebook.content["metadata"]["needscast"] = {"kernel": "fresh"}
    assert printed(execute(notebook, {}, kernels=kernels)) == [f"{os.getpid()} False\n"]


def test_the_pipe_of_a_kernel_is_closed_once_however_many_threads_find_that_it_ended(monkeypatch):
    alive, held = os.pipe()
    kernel, closed = ForkedKernel(os.getpid(), alive), []
    os.close(held)
    looked, close = forks.select.select, os.close
    monkeypatch.setattr(forks.select, "select", lambda *asked: (looked(*asked), time.sleep(0.05))[0])
    monkeypatch.setattr(forks.os, "close", lambda number: (closed.append(number), close(number)))
    with ThreadPoolExecutor(4) as threads:
        assert [each.result() for each in [threads.submit(kernel.poll) for _ in range(4)]] == [0] * 4
    assert closed == [alive]


def test_forked_kernels_do_not_share_a_random_state(make_notebook, kernels):
    cell = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    one, two = (run(make_notebook, kernels, cell, name=name)[0].split() for name in ("one", "two"))
    assert one[0] != two[0] and one[1] != two[1]


def test_a_forked_kernel_holds_no_socket_of_the_warm_process(make_notebook, kernels):
    cell = "import os\nfrom pathlib import Path\nown = Path('/proc/self/fd')\ntheirs = Path(f'/proc/{os.getppid()}/fd')"
    count = (
        "names = lambda place: {os.readlink(each) for each in place.iterdir() if each.exists() or each.is_symlink()}\n"
        "sockets = {each for each in names(theirs) if each.startswith('socket')}\nprint(len(sockets & names(own)))"
    )
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here")
    assert run(
        make_notebook,
        kernels,
        cell,
        "try:\n    " + count.replace("\n", "\n    ") + "\nexcept FileNotFoundError:\n    print(0)",
    ) == ["0\n"]


def test_secrets_for_notifications_do_not_reach_a_notebook(make_notebook, monkeypatch):
    monkeypatch.setenv(f"{SECRETS}SMTP", "hush")
    cell = f"import os\nprint([name for name in os.environ if name.startswith({SECRETS!r})])"
    fresh = Kernels()
    assert run(make_notebook, fresh, cell) == ["[]\n"]


def test_a_killed_warm_process_takes_its_kernels_along_and_is_replaced(make_notebook):
    kernels = Kernels(warm=True)
    kill = f"import os, time\nos.kill(os.getppid(), {int(signal.SIGKILL)})\ntime.sleep(60)"
    try:
        with pytest.raises(ExecutionError, match="the kernel died"):
            run(make_notebook, kernels, kill)
        assert run(make_notebook, kernels, "print('still here')") == ["still here\n"]
    finally:
        kernels.stop()


def test_the_warm_process_ends_when_the_render_does(make_notebook):
    kernels = Kernels(warm=True)
    warm = int(run(make_notebook, kernels, PARENT)[0].split()[0])
    kernels.stop()
    assert gone(warm)
    assert kernels.fork([], {}, None) is None
