"""Work side by side gives what work one after the other gives, and loses nothing when a process fails or is killed."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from needscast.apart import beside, side_by_side

HERE = os.getpid()


def test_what_is_made_comes_back_in_order():
    assert side_by_side(lambda number: number**2, [5, 3, 1, 4, 2], at_once=2) == [25, 9, 1, 16, 4]


@pytest.mark.skipif(sys.platform != "linux" or os.cpu_count() == 1, reason="nothing runs beside anything here")
def test_several_things_are_made_in_processes_of_their_own_where_one_thread_runs():
    made = "side_by_side(lambda _: os.getpid(), [1, 2], at_once=2)"
    code = f"import os; from needscast.apart import side_by_side; print(os.getpid() in {made})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_beside_other_threads_the_work_is_done_here():
    until = threading.Event()
    other = threading.Thread(target=until.wait)
    other.start()
    try:
        assert side_by_side(lambda _: os.getpid(), [1, 2], at_once=2) == [HERE, HERE]
    finally:
        until.set()
        other.join()


def test_an_error_is_raised_as_if_the_work_had_been_done_here():
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 / number, [2, 1, 0, 4], at_once=2)


def test_what_a_killed_process_took_with_it_is_made_again_here():
    def work(number):
        if number == 2 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 10

    assert side_by_side(work, [1, 2, 3, 4], at_once=2) == [10, 20, 30, 40]


def test_copies_that_stay_work_on_one_thing_after_another():
    with beside(lambda number, power: (number**power, os.getpid()), 2) as powers:
        first, second = powers([(3, 2), (5, 2)]), powers([(3, 3), (5, 3)])
    assert [made for made, _ in first + second] == [9, 25, 27, 125]
    assert [place for _, place in first] == [place for _, place in second]
    assert first[-1][1] == HERE


def test_what_a_copy_that_stays_does_not_bring_back_is_made_here():
    def work(number):
        if number == 2 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 10

    with beside(work, 2) as worked:
        assert [worked([(number,), (4,)]) for number in (1, 2, 3)] == [[10, 40], [20, 40], [30, 40]]


def test_an_error_in_a_copy_that_stays_is_raised_here():
    with beside(lambda number: 1 / number, 2) as worked, pytest.raises(ZeroDivisionError):
        worked([(0,), (1,)])
