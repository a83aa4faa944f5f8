"""Asking a model behind an OpenAI-compatible endpoint: the transport, what waits and asks again, what is kept and paid.

What a model is asked and how its text is read belongs to whoever asks.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from threading import get_ident
from typing import Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

import msgspec
from msgspec import Struct

from responsa.errors import ResponsaError, UsageError
from responsa.evidence.budget import Purse
from responsa.evidence.remote.client import Answer, NoRedirect, seconds, whole

LARGEST_REPLY: Final = 1_000_000
TRIES: Final = 4
OK: Final = 200
_LOG: Final = logging.getLogger(__name__)
_PATIENCE: Final = 60.0
_RETRIED: Final = frozenset({0, 408, 409, 425, 429, 500, 502, 503, 504, 529})
T = TypeVar("T")


class Reply(Struct, frozen=True):
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    retry_after: float = 0.0


Transport = Callable[[bytes], Reply]


class EndpointError(ResponsaError):
    """The endpoint gives no answers at all. What is done is kept."""


class Lost(Struct, frozen=True):
    """No answer came."""

    problem: str


def ask(
    request: bytes, transport: Transport, read: Callable[[Reply], T | str], wait: Callable[[float], None], name: str
) -> T | Lost | str:
    """What ``read`` makes of the answer; a text says why two answers could not be used.

    Limits, failures and lost connections are waited out, ``TRIES`` times in all.
    """
    said: T | Lost | str = Lost("no answer")
    unusable = 0
    for attempt in range(TRIES):
        reply = transport(request)
        if reply.status == OK:
            said = read(reply)
            unusable += 1
            if not isinstance(said, str) or unusable > 1:
                # Twice unusable: the model will not do better.
                return said
        elif reply.status in _RETRIED:
            said = Lost(f"no answer (status {reply.status or 'none: no connection in time'})")
        else:
            return Lost(f"refused the request (status {reply.status})")
        if attempt < TRIES - 1:
            pause = min(_PATIENCE, max(reply.retry_after, 0.5 * 2**attempt))
            _LOG.info("%s: status %s, again in %s s", name, reply.status, pause)
            wait(pause)
    return said


def decoded(reply: Reply, kind: type[T]) -> T | str:
    """The JSON that the model wrote, as ``kind``; a text where it is none, was cut off or declined."""
    body = reply.body[:LARGEST_REPLY]
    try:
        text, ended = _streamed(body) if "event-stream" in reply.kind else _whole(body)
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, AttributeError, UnicodeDecodeError):
        return "an answer that is no reply of a model"
    if ended == "length":
        return "an answer that was cut off"
    if ended in {"content_filter", "refusal"} or not text.strip():
        return "declined to answer"
    text = re.sub(r"\A\s*```(?:json)?\s*|\s*```\s*\Z", "", text)
    try:
        return msgspec.json.decode(text.encode(), type=kind)
    except (ValueError, RecursionError):
        return "an answer that is not the JSON asked for"


def _whole(body: bytes) -> tuple[str, str]:
    choice = msgspec.json.decode(body)["choices"][0]
    message = choice["message"]
    if message.get("refusal"):
        return "", "refusal"
    return str(message.get("content") or ""), str(choice.get("finish_reason") or "")


def _streamed(body: bytes) -> tuple[str, str]:
    text, ended = "", "length"
    for line in body.decode("utf-8").splitlines():
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or data == "[DONE]":
            continue
        for choice in msgspec.json.decode(data)["choices"][:1]:
            delta = choice.get("delta") or {}
            text += str(delta.get("content") or "")
            ended = "refusal" if delta.get("refusal") else str(choice.get("finish_reason") or ended)
    return text, ended


def http(
    base_url: str,
    key: str = "",
    timeout: float = 60.0,
    *,
    option: str = "--judge",
    variable: str = "RESPONSA_JUDGE_KEY",
) -> Transport:
    """Sends to ``base_url``/chat/completions. The key goes into one header and into no message.

    ``option`` and ``variable`` are where the address and the key come from, for messages. A request names itself by
    a digest of what it asks, so that a service that knows `Idempotency-Key` answers a repeated one as before.
    """
    parts = urlsplit(base_url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"{option}: the address holds more than a host and a path; a key belongs into {variable}")
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"\s", base_url):
        raise UsageError(f"{base_url}: expected an address such as http://localhost:11434/v1")
    address = f"{base_url.rstrip('/')}/chat/completions"
    opener = build_opener(NoRedirect)

    def send(request: bytes) -> Reply:
        headers = {"Content-Type": "application/json", "User-Agent": "responsa", "Idempotency-Key": digest(request)}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        try:
            with opener.open(Request(address, request, headers), timeout=timeout) as got:  # noqa: S310 - checked above
                body = whole(got, time.monotonic() + 2 * timeout, LARGEST_REPLY)
                kind = got.headers.get("Content-Type", "")
                return Reply(0) if isinstance(body, Answer) else Reply(got.status, body, kind)
        except HTTPError as error:
            error.close()
            return Reply(error.code, retry_after=seconds(error.headers.get("Retry-After") or ""))
        except (URLError, OSError, ValueError, HTTPException):
            return Reply(0)

    return send


def digest(request: bytes) -> str:
    """Under which name a request and its answer are known."""
    return hashlib.sha256(request).hexdigest()[:32]


def charged(transport: Transport, purse: Purse, answer: int = 0) -> Transport:
    """Asks only what the purse allows, and notes what it cost. Raises ``SpentError`` before a request beyond it.

    ``answer``: tokens that are set aside for each answer under way, so that many at once do not overrun the limit.
    """

    def send(request: bytes) -> Reply:
        guessed = len(request) // 4
        purse.take(guessed, answer)
        reply = transport(request)
        asked, answered = usage(reply.body) or (guessed, len(reply.body) // 4)
        if reply.status == OK:
            purse.settle(guessed, asked, answered, answer)
        else:
            purse.settle(guessed, 0, 0, answer)
        return reply

    return send


_USAGE: Final = re.compile(rb'"(prompt_tokens|completion_tokens)"\s*:\s*(\d{1,9})')


def usage(body: bytes) -> tuple[int, int] | None:
    """Tokens as the endpoint counted them, streamed or not."""
    counts = {name: int(count) for name, count in _USAGE.findall(body)}
    return (counts[b"prompt_tokens"], counts[b"completion_tokens"]) if len(counts) > 1 else None


def kept(folder: Path, transport: Transport | None, usable: Callable[[Reply], bool]) -> Transport:
    """Answers from ``folder`` where the same thing was asked before; without ``transport`` only from there.

    An answer that is not ``usable``, or that a crash of the machine left half, is asked for again.
    """

    def send(request: bytes) -> Reply:
        file = folder / f"{digest(request)}.json"
        held = _recalled(file)
        if held is not None and usable(held):
            return held
        if transport is None:
            raise ResponsaError(f"{file}: no recorded answer")
        reply = transport(request)
        if reply.status == OK and usable(reply):
            folder.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(f".{get_ident()}")
            half.write_bytes(reply.body)
            half.replace(file)
        return reply

    return send


def _recalled(file: Path) -> Reply | None:
    try:
        return recalled(file.read_bytes())
    except OSError:
        return None


def recalled(body: bytes) -> Reply:
    """An answer that was kept: its body says whether it came in a stream."""
    return Reply(OK, body, "text/event-stream" if body.lstrip().startswith(b"data:") else "application/json")
