"""Reports made by the workers of a Dask cluster: the bytes they would have here; a clear word when there is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_faults import state, wait_for
from test_render import SHORT, TOY, content

from needscast import cli
from needscast.errors import NeedscastError
from needscast.press import Choices, RenderError, cluster, render, worker

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[2]
NOWHERE = "tcp://127.0.0.1:9"
EVERY = Choices(formats=["html"])


@pytest.fixture(scope="module")
def address():
    """Run a scheduler and a worker on the loopback, as threads of this process."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
    ) as made:
        yield made.scheduler_address


@pytest.fixture
def impatient(monkeypatch):
    """Wait for a cluster no longer than tests can bear."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "LONELY_SECONDS", 1.0)


def test_a_cluster_gives_the_bytes_of_the_built_in_pool_and_its_workers_keep_nothing(quick_reports, tmp_path, address):
    quick_reports()
    here = render(TOY, tmp_path / "here", SHORT)
    there = render(TOY, tmp_path / "there", SHORT, cluster=address)
    assert content(there.folder) == content(here.folder)
    assert worker._sites == {}


def test_a_worker_with_other_code_refuses_and_the_last_good_report_stays(quick_reports, tmp_path, address, monkeypatch):
    quick_reports()
    real = worker.foundation(())
    other = {**real, "packages": {**real["packages"], "numpy": "1.0"}}
    monkeypatch.setattr(worker, "foundation", lambda _: other)
    with pytest.raises(RenderError, match=f"packages numpy is 1.0, not {real['packages']['numpy']}; install the same"):
        render(TOY, tmp_path / "out", SHORT, cluster=address)
    assert not (tmp_path / "out" / "latest.txt").exists() and len(list((tmp_path / "out" / "failed").iterdir())) == 1


@pytest.mark.parametrize("where", [NOWHERE, "nowhere.invalid:8786", "not an address"])
def test_an_address_where_nobody_answers_is_an_error_within_seconds(quick_reports, tmp_path, impatient, where):
    quick_reports()
    with pytest.raises(NeedscastError, match=f"no Dask scheduler answers at {where}"):
        render(TOY, tmp_path / "out", SHORT, cluster=where)
    assert state(tmp_path / "out") == {} and list((tmp_path / "out" / "runs").iterdir()) == []


def test_a_cluster_without_workers_is_an_error(quick_reports, tmp_path, impatient):
    quick_reports()
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address=":0"
        ) as empty,
        pytest.raises(NeedscastError, match="has no worker; start one: dask worker"),
    ):
        render(TOY, tmp_path / "out", SHORT, cluster=empty.scheduler_address)


def test_without_the_extra_the_error_names_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    command = ["render", str(TOY), "--out", str(tmp_path / "out"), "--scenario", "offensive", "--cluster", NOWHERE]
    assert cli.main(command) == 1
    assert "pip install 'needscast[cluster]'" in capsys.readouterr().err


def test_workers_here_and_a_cluster_are_not_both_given():
    with pytest.raises(SystemExit) as left:
        cli.main(["render", "--workers", "2", "--cluster", NOWHERE])
    assert left.value.code == 2


@pytest.fixture
def machines(tmp_path):
    """Start a scheduler and three workers, each a process of its own; return the address and the workers."""
    place, environment = tmp_path / "scheduler.json", {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    started = []

    def start(*words):
        command = [sys.executable, "-m", "dask", *words, "--scheduler-file", str(place), "--no-dashboard"]
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        return started[-1]

    start("scheduler", "--host", "127.0.0.1", "--port", "0")
    alone = ("--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--local-directory", str(tmp_path / "dask"))
    workers = [start("worker", *alone) for _ in range(3)]
    with distributed.Client(scheduler_file=str(place), set_as_default=False) as client:
        client.wait_for_workers(3, timeout=60)
        address = client.scheduler.address
    yield address, workers
    for each in started:
        each.kill()
        each.wait()


def parent_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def family(workers):
    """Return the processes that workers have started."""
    ids = {each.pid for each in workers}
    found = [int(each.name) for each in Path("/proc").glob("[0-9]*")]
    return [each for each in found if Path(f"/proc/{each}").exists() and parent_of(each) in ids]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.prove
def test_a_worker_killed_during_the_run_costs_no_report_and_no_byte(make_reports, tmp_path, machines, monkeypatch):
    noted, (address, workers) = tmp_path / "noted", machines
    noted.mkdir()
    note = (
        f"import os, time\nfrom pathlib import Path\n(Path({str(noted)!r}) / f'{{scenario}}-{{os.getpid()}}').touch()"
    )
    folder = make_reports(f"{note}\ntime.sleep(2)")
    monkeypatch.setattr("needscast.press.rendering.notebook_path", lambda name: folder / name)
    serial = render(TOY, tmp_path / "serial", EVERY, workers=1)
    for each in noted.iterdir():
        each.unlink()
    with ThreadPoolExecutor() as pool:
        made = pool.submit(render, TOY, tmp_path / "out", EVERY, cluster=address)
        wait_for(lambda: list(noted.iterdir()))
        scenario, _, kernel = next(noted.iterdir()).name.rpartition("-")
        [lost] = [each for each in workers if each.pid == parent_of(parent_of(kernel))]
        lost.send_signal(signal.SIGKILL)
        run = made.result(120)
    assert len(list(noted.glob(f"{scenario}-*"))) == 2
    assert content(run.folder) == content(serial.folder)
    lost.wait()
    wait_for(lambda: not family(workers) and not Path(f"/proc/{kernel}").exists())


@pytest.mark.prove
def test_a_cluster_that_is_lost_in_the_middle_leaves_the_last_good_report(
    quick_reports, tmp_path, machines, monkeypatch
):
    monkeypatch.setattr(cluster, "LONELY_SECONDS", 3.0)
    address, workers = machines
    quick_reports()
    render(TOY, tmp_path / "out", EVERY)
    before = state(tmp_path / "out")
    quick_reports(f"import time\nfrom pathlib import Path\nPath({str(tmp_path / 'begun')!r}).touch()\ntime.sleep(60)")
    with ThreadPoolExecutor() as pool:
        made = pool.submit(render, TOY, tmp_path / "out", EVERY, cluster=address)
        wait_for((tmp_path / "begun").exists)
        for each in workers:
            each.kill()
        with pytest.raises(RenderError, match="has had no worker for 3 s"):
            made.result(60)
    after = state(tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert [name.split("/")[0] for name in {*after} - {*before}] == ["failed"]
