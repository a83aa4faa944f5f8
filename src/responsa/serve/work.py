"""What takes milliseconds of a processor, in threads or processes of its own: pages go on being sent meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import msgspec

from responsa.serve import asking
from responsa.serve.gate import BusyError
from responsa.serve.live import IndexingError, Now
from responsa.serve.searching.searchers import Searchers
from responsa.shards import cores

T = TypeVar("T")

WAITING: Final = 128
"""Jobs that may wait; whoever comes then is told to come again, which is better for all than to wait for seconds."""


class Work:
    """Threads, and ``searchers`` where there are some: a query costs its time in Python, which threads share."""

    def __init__(
        self, threads: int | None = None, waiting: int = WAITING, searchers: Searchers | None = None
    ) -> None:  # fmt: skip
        self._searchers = searchers
        self._pool = ThreadPoolExecutor(threads or cores(), thread_name_prefix="work")
        self._most = waiting + (threads or cores())
        self._running = 0

    async def do(self, job: Callable[[], T]) -> T:
        """What ``job`` gives, from a thread. Raises ``BusyError`` where too many wait already."""
        if self._running >= self._most:
            raise BusyError
        self._running += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        finally:
            self._running -= 1

    async def search(self, now: Now, query: str, k: int, offset: int = 0, subject: str | None = None) -> bytes:
        """What ``asking.search`` finds, as JSON, whoever searches. Raises ``BusyError`` and ``IndexingError``."""
        if now.indexed is None:
            raise IndexingError
        if self._searchers is not None:
            found = await self._searchers.search(now, query, k, offset, subject)
            if found is not None:
                return found
        return await self.do(lambda: _ENCODER.encode(asking.search(now, query, k, offset, subject)))

    @property
    def searchers(self) -> int:
        """Processes that search at the moment."""
        return self._searchers.ready if self._searchers is not None else 0

    def stop(self) -> None:
        """End the searchers; from the server's loop, after its last answer."""
        if self._searchers is not None:
            self._searchers.stop()

    def close(self) -> None:
        """Forget what waits; what runs is waited for."""
        self._pool.shutdown(wait=True, cancel_futures=True)


_ENCODER: Final = msgspec.json.Encoder()
