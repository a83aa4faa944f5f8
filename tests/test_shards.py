import os
import signal

from responsa.shards import FEW, AsNeeded, Here, Processes, cores, shards


def test_shards_cut_a_sequence_in_order():
    assert list(shards([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]


def test_processes_yield_results_in_shard_order():
    assert list(Processes(2).map(sum, shards(list(range(100)), 7))) == list(
        Here().map(sum, shards(list(range(100)), 7))
    )


def sees_interrupts(_shard):
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_workers_leave_ctrl_c_to_the_program_that_waits_for_them():
    assert list(Processes(1).map(sees_interrupts, [0])) == [False]
    assert sees_interrupts(0)


def test_few_shards_run_here_and_many_elsewhere():
    here = {os.getpid()}
    assert set(AsNeeded().map(_process, range(FEW))) == here
    elsewhere = set(AsNeeded().map(_process, range(FEW + 2)))
    assert elsewhere.isdisjoint(here) or cores() == 1


def _process(_shard):
    return os.getpid()
