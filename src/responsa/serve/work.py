"""What takes milliseconds of a processor, in a few threads of its own: pages go on being sent meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from responsa.serve.gate import BusyError
from responsa.shards import cores

T = TypeVar("T")

WAITING: Final = 128
"""Jobs that may wait; whoever comes then is told to come again, which is better for all than to wait for seconds."""


class Work:
    """Threads for searching."""

    def __init__(self, threads: int | None = None, waiting: int = WAITING) -> None:
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

    def close(self) -> None:
        """Forget what waits; what runs is waited for."""
        self._pool.shutdown(wait=True, cancel_futures=True)
