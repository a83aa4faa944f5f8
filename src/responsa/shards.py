"""One interface for running a stage over shards: here, on all cores, or on an existing engine."""

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import forkserver, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait
from threading import Thread
from typing import Final, Protocol, TypeVar

from responsa.cycles import seldom

S = TypeVar("S")
R = TypeVar("R")

FEW: Final = 2
"""Shards that are done sooner than processes are started (0.3 s)."""


class Executor(Protocol):
    """Runs ``stage`` on every shard and yields results in shard order. Ray's pool fits behind it."""

    def map(self, stage: Callable[[S], R], shards: Iterable[S]) -> Iterator[R]:
        """Yield ``stage(shard)`` in the order of ``shards``; an error of a stage is raised here."""
        ...


class Here:
    """Runs every shard in this process, one after the other."""

    def map(self, stage: Callable[[S], R], shards: Iterable[S]) -> Iterator[R]:
        """Lazily, as ``map`` does."""
        return map(stage, shards)


class Processes:
    """Runs shards in ``workers`` processes of this machine; at most two shards a worker are in flight.

    ``preload`` names modules that the first pool of a program imports once for all its workers and all later pools.
    """

    def __init__(self, workers: int | None = None, preload: Sequence[str] = ()) -> None:
        self.workers, self.preload = workers or cores(), preload

    def map(self, stage: Callable[[S], R], shards: Iterable[S]) -> Iterator[R]:
        """In shard order. Leaving the iterator early cancels what has not begun."""
        queue = iter(shards)
        _ready(["__main__", stage.__module__, *self.preload])
        with ProcessPoolExecutor(self.workers, get_context("forkserver"), _begin) as pool:
            running = [pool.submit(stage, shard) for shard in islice(queue, 2 * self.workers)]
            try:
                yield from _drain(pool, stage, queue, running)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


class AsNeeded:
    """Runs a few shards here, more in processes."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        self.preload = preload

    def map(self, stage: Callable[[S], R], shards: Iterable[S]) -> Iterator[R]:
        """In shard order."""
        queue = iter(shards)
        first = list(islice(queue, FEW + 1))
        if len(first) <= FEW or cores() == 1:
            return Here().map(stage, chain(first, queue))
        return Processes(preload=self.preload).map(stage, chain(first, queue))


def _ready(modules: list[str]) -> None:
    """Start what forks the workers. Neither sees Ctrl-C: the program that waits for them does, and ends them."""
    get_context("forkserver").set_forkserver_preload(modules)
    if not hasattr(signal, "pthread_sigmask"):
        return
    # Starting the tracker lets interrupts through again, so it has to run before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """What was loaded before stays, and a shard leaves few cycles: looking for them rarely saves 3% of a build."""
    gc.freeze()
    seldom()
    _end_with_parent()


def _end_with_parent() -> None:
    """A program that is killed leaves no worker: each waits for work at a pipe that its siblings keep open."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_await_end, args=(parent.sentinel,), name="parent", daemon=True).start()


def _await_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _drain(
    pool: ProcessPoolExecutor, stage: Callable[[S], R], queue: Iterator[S], running: list[Future[R]]
) -> Iterator[R]:
    while running:
        result = running.pop(0).result()
        running.extend(pool.submit(stage, shard) for shard in islice(queue, 1))
        yield result


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(items: Iterable[S], size: int) -> Iterator[list[S]]:
    """Runs of at most ``size``, in order, taken from ``items`` only when asked for."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def shards(items: Sequence[S], size: int) -> Iterator[Sequence[S]]:
    """Cut ``items`` into runs of at most ``size``, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
