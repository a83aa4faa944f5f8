"""The searchers of one server, as its loop sees them: queries go to whoever is free, and what dies is started again."""

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, cast

from msgspec import Struct

from responsa.serve.gate import BusyError
from responsa.serve.live import Now
from responsa.serve.log import Log
from responsa.serve.searching import messages
from responsa.serve.searching.messages import FAILED, HAS, Frames, Opening, Query

COMMAND: Final = (sys.executable, "-P", "-m", "responsa.serve.searching.searcher")
"""Not from the current folder, which may be anybody's (``-P``)."""
ALONE: Final = {"TOKENIZERS_PARALLELISM": "false", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""One thread each: there are as many processes as processors."""
AHEAD: Final = 2
"""Queries that one searcher has at a time: the second is there when the first is done."""
TRIES: Final = 2
"""Searchers that may die of a query before nobody gets it any more."""
SLOWEST: Final = 20.0
"""Seconds after which a searcher that says nothing is ended."""
PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds before one that died is started again, doubled each time until one answers."""
WAITING: Final = 128


class FaultError(Exception):
    """A searcher's traceback."""


class Job(Struct):
    """A query on its way. ``answer`` gets JSON, or nothing where it is for the server to answer."""

    now: Now
    asked: Query
    answer: "asyncio.Future[bytes | None]"
    tries: int = 0


class Searchers:
    """``count`` processes, started when first asked. For one loop; until one is ready, the server searches itself."""

    def __init__(self, count: int, log: Log, waiting: int = WAITING, command: Sequence[str] = COMMAND) -> None:
        self._count, self._log, self._most, self._command = count, log, waiting, command
        self._waiting: deque[Job] = deque()
        self._all: set[Searcher] = set()
        self._starting: set[asyncio.Future[None]] = set()
        self._pause, self._closed, self._started = PAUSE, False, False

    @property
    def ready(self) -> int:
        """How many answer."""
        return sum(one.ready for one in self._all)

    @property
    def processes(self) -> list[int]:
        """Their numbers at the operating system."""
        return [one.process.pid for one in self._all]

    async def search(self, now: Now, query: str, k: int, offset: int, subject: str | None) -> bytes | None:
        """The answer as JSON; nothing where the server has to search itself. Raises ``BusyError``."""
        if self._closed:
            return None
        if not self._started:
            self._started = True
            for _ in range(self._count):
                await self._start(now)
        if not self.ready:
            return None
        if len(self._waiting) >= self._most:
            raise BusyError
        asked = Query(now.number, query, k, offset, subject)
        job = Job(now, asked, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self.hand_out()
        return await job.answer

    def hand_out(self) -> None:
        """Give what waits to whoever has least to do."""
        while self._waiting:
            free = min((one for one in self._all if one.ready), key=lambda one: one.busy, default=None)
            if free is None or free.busy >= AHEAD:
                return
            job = self._waiting.popleft()
            if not job.answer.done():
                free.take(job)

    def answered(self) -> None:
        """One said something: all is well."""
        self._pause = PAUSE
        self.hand_out()

    def died(self, searcher: "Searcher", jobs: Sequence[Job]) -> None:
        """Its queries go to others once; another one takes its place."""
        self._all.discard(searcher)
        if self._closed:
            _refused(jobs)
            return
        self._log("trouble", error=f"a searcher ended ({searcher.process.returncode}); another one is started")
        _refused(job for job in jobs if job.tries >= TRIES)
        self._waiting.extendleft(job for job in reversed(jobs) if job.tries < TRIES)
        if not self.ready:
            _left_to_server(self._waiting)
            self._waiting.clear()
        self.hand_out()
        asyncio.get_running_loop().call_later(self._pause, self._start_another, searcher.now)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def stop(self) -> None:
        """End them; nothing is started any more."""
        self._closed = True
        _refused(self._waiting)
        self._waiting.clear()
        for one in [*self._all]:
            one.end()

    def _start_another(self, now: Now) -> None:
        if not self._closed:
            self._starting.add(starting := asyncio.ensure_future(self._start(now)))
            starting.add_done_callback(self._starting.discard)

    async def _start(self, now: Now) -> None:
        here, there = socket.socketpair()
        with there:
            # A session of its own: Ctrl-C at a terminal is for the server, which lets answers end.
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - a fork takes milliseconds, and the command is ours
                self._command, stdin=there.fileno(), stdout=subprocess.DEVNULL, env={**os.environ, **ALONE},
                start_new_session=True,
            )  # fmt: skip
        here.setblocking(False)
        searcher = Searcher(self, process, now)
        self._all.add(searcher)
        await asyncio.get_running_loop().create_unix_connection(lambda: searcher, sock=here)


class Searcher(asyncio.Protocol):
    """One process, at the server's end. ``now`` is the state that it was told to open; ``ready``: it has answered."""

    def __init__(self, owner: Searchers, process: "subprocess.Popen[bytes]", now: Now) -> None:
        self.process, self.now, self.ready = process, now, False
        self._owner, self._frames = owner, Frames()
        self._expected: deque[Job | None] = deque()
        self._transport: asyncio.WriteTransport | None = None
        self._late: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> int:
        """What it has not answered yet."""
        return len(self._expected)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is told the state before all else."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._open(self.now)

    def take(self, job: Job) -> None:
        """Ask it."""
        if job.now.number > self.now.number:
            self._open(job.now)
        job.tries += 1
        self._say(messages.query(job.asked), job)

    def data_received(self, data: bytes) -> None:
        """It answers, in order."""
        for kind, body in self._frames.put(data):
            job = self._expected.popleft()
            self.ready = True
            if job is not None:
                _answered(job, kind, body)
        self._watch()
        self._owner.answered()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        """It died, or was ended."""
        if self._late is not None:
            self._late.cancel()
        self.ready = False
        self.process.kill()
        self.process.wait()
        self._owner.died(self, [job for job in self._expected if job is not None])

    def end(self) -> None:
        """Whatever it does: it has nothing that could be left half done."""
        self.ready = False
        self.process.kill()
        if self._transport is not None:
            self._transport.close()

    def _open(self, now: Now) -> None:
        self.now = now
        self._say(messages.opening(Opening(now.number, now.library, now.index.state)), None)

    def _say(self, message: bytes, job: Job | None) -> None:
        self._expected.append(job)
        if self._transport is not None:
            self._transport.write(message)
        if self._late is None:
            self._watch()

    def _watch(self) -> None:
        """Silence is not waited for without end."""
        if self._late is not None:
            self._late.cancel()
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(SLOWEST, self.process.kill) if self._expected else None


def _answered(job: Job, kind: bytes, body: bytes) -> None:
    if job.answer.done():
        return
    if kind == FAILED:
        job.answer.set_exception(FaultError(body.decode("utf-8", "replace")))
    else:
        job.answer.set_result(body if kind == HAS else None)


def _left_to_server(jobs: Iterable[Job]) -> None:
    for job in jobs:
        if not job.answer.done():
            job.answer.set_result(None)


def _refused(jobs: Iterable[Job]) -> None:
    for job in jobs:
        if not job.answer.done():
            job.answer.set_exception(BusyError())
