"""A process that has the press imported and forks a render, or a worker of a cluster, for each line that it reads.

``render MARK OUT [ADDRESS]`` and ``work MARK ADDRESS`` are answered with the id of the new process, ``wait ID`` with
its exit status. What is forked does all that a new Python would do but the imports, which would take longest.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

STALE = 3  # exit status of a render that found a lock
# The warm process without the libraries of the chain, which the notebook of the campaign does not call.
LIGHT = """
import sys, time
from needscast.press import warm
warm.MODULES = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "needscast.report.blocks")
warm._read = lambda request: time.sleep(0.1)
warm._compute = lambda control, request: time.sleep(0.1) or []
warm.main(sys.argv[1:])
"""


def render(folder, toy, out, address=""):
    from needscast.locks import alone
    from needscast.press import Choices, render, rendering

    rendering.notebook_path = lambda name: folder / name
    with alone(Path(out)) as held:
        if not held:
            os._exit(STALE)
        render(toy, Path(out), Choices(["offensive"], formats=["html"]), cluster=address, force=True)


def work(address):
    import distributed

    async def stay():
        async with distributed.Worker(address, nthreads=1) as worker:
            await worker.finished()

    asyncio.run(stay())


def launched(folder, toy, what, mark, given):
    """Fork what a line asks for and return its id; the mark stands in the environment of whatever it starts."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        os.environ["MARK"] = mark
        work(*given) if what == "work" else render(folder, toy, *given)
        status = 0
    finally:
        os._exit(status)


def main(folder, toy):
    import distributed

    from needscast.inputs import read_crisis
    from needscast.press import Choices, forks, rendering
    from needscast.press.kernel import papermill_execute
    from needscast.press.manifest import foundation

    assert distributed
    papermill_execute()
    foundation(())
    rendering.plan(read_crisis(toy), Path(toy), Choices())
    forks.PROGRAM = ("-c", LIGHT)
    for line in sys.stdin:
        what, *given = line.split()
        if what == "wait":
            answer = os.waitstatus_to_exitcode(os.waitpid(int(given[0]), 0)[1])
        else:
            answer = launched(folder, toy, what, given[0], given[1:])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
