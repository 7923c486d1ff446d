"""A lock is held by one process at a time and by no copy of it."""

import sys
import threading

import pytest

from needscast.apart import copied
from needscast.locks import alone, in_turn

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def stay(line):
    line.send(True)
    line.recv()


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert first and not second
    with alone(tmp_path) as third:
        assert third


@LINUX
def test_a_copy_that_lives_longer_keeps_no_lock(tmp_path):
    with alone(tmp_path):
        process, line = copied(stay)
        assert line.recv()
    with alone(tmp_path) as free:
        assert free and process.is_alive()
    line.send(True)
    process.join()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody waits there")
def test_who_comes_second_waits_for_the_first(tmp_path):
    order = []

    def second():
        with in_turn(tmp_path / "lock"):
            order.append("second")

    with in_turn(tmp_path / "lock"):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
