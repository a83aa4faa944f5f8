"""Running a stage in threads of this process, for stages that wait for something else: a service, a model."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

S = TypeVar("S")
R = TypeVar("R")


class _Task(Generic[S, R]):
    """One shard; its result comes through a queue, an error as itself."""

    def __init__(self, shard: S) -> None:
        self.shard = shard
        self.done: SimpleQueue[tuple[R | None, BaseException | None]] = SimpleQueue()

    def run(self, stage: Callable[[S], R]) -> None:
        try:
            self.done.put((stage(self.shard), None))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            self.done.put((None, error))

    def result(self) -> R:
        value, error = self.done.get()
        if error is not None:
            raise error
        return value  # type: ignore[return-value]


class Threads:
    """At most ``workers`` shards are in hand. The threads never keep the process from ending: Ctrl-C is at once."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, stage: Callable[[S], R], shards: Iterable[S]) -> Iterator[R]:
        """In shard order; an error of a stage is raised here."""
        queue = iter(shards)
        waiting: SimpleQueue[_Task[S, R] | None] = SimpleQueue()

        def work() -> None:
            while (task := waiting.get()) is not None:
                task.run(stage)

        for _ in range(self.workers):
            Thread(target=work, daemon=True).start()
        running: deque[_Task[S, R]] = deque()
        try:
            while True:
                for shard in islice(queue, self.workers - len(running)):
                    running.append(_Task(shard))
                    waiting.put(running[-1])
                if not running:
                    return
                yield running.popleft().result()
        finally:
            for _ in range(self.workers):
                waiting.put(None)
