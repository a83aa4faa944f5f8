"""What a run may cost, and what it has cost so far. Shared by threads."""

import re
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from msgspec import Struct

from responsa.errors import ResponsaError, UsageError


class SpentError(ResponsaError):
    """The next request would go beyond the budget. What is done is kept; the same command goes on."""

    exit_code = 4


class Budget(Struct, frozen=True):
    """Limits; 0 is none. ``price`` is money for a million tokens asked and a million answered."""

    requests: float = 0
    tokens: float = 0
    minutes: float = 0
    money: float = 0
    price: tuple[float, float] = (0.0, 0.0)


_PART: Final = re.compile(r"\s*(requests|tokens|minutes|money)\s*=\s*(\d+(?:\.\d+)?)\s*")
_PRICE: Final = re.compile(r"\s*price\s*=\s*(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)\s*")


def budget(text: str) -> Budget:
    """`requests=500,tokens=200000,minutes=30` or `money=2,price=0.15/0.60`. Raises ``UsageError``."""
    limits: dict[str, float] = {}
    price = (0.0, 0.0)
    for part in text.split(",") if text.strip() else []:
        if found := _PART.fullmatch(part):
            limits[found[1]] = float(found[2])
        elif found := _PRICE.fullmatch(part):
            price = (float(found[1]), float(found[2]))
        else:
            raise UsageError(
                f"--budget {part.strip()}: expected parts such as requests=500, tokens=200000, minutes=30, "
                "money=2,price=0.15/0.60 (price: of a million tokens asked / answered)"
            )
    if any(value == 0 for value in limits.values()):
        raise UsageError("--budget: a limit of 0 allows nothing; leave the part out for no limit")
    if "money" in limits and price == (0.0, 0.0):
        raise UsageError("--budget money: say the price too, such as money=2,price=0.15/0.60")
    return Budget(**limits, price=price)


class Purse:
    """Lets a request pass or raises ``SpentError``. ``now`` is a clock in seconds."""

    def __init__(self, limits: Budget, now: Callable[[], float] = time.monotonic) -> None:
        self.limits, self.now, self.began = limits, now, now()
        self.requests = self.asked = self.answered = 0
        self._lock = Lock()

    def take(self, tokens: int, answer: int = 0) -> None:
        """Before a request that asks with about ``tokens`` and is answered with about ``answer``."""
        with self._lock:
            told = self._beyond(tokens, answer)
            if told:
                raise SpentError(f"the budget of {told} is spent")
            self.requests += 1
            self.asked += tokens
            self.answered += answer

    def settle(self, guessed: int, asked: int, answered: int, answer: int = 0) -> None:
        """After an answer, with what the service says that it counted, in place of what was guessed."""
        with self._lock:
            self.asked += asked - guessed
            self.answered += answered - answer

    @property
    def money(self) -> float:
        """Spent so far, by the price given."""
        return (self.asked * self.limits.price[0] + self.answered * self.limits.price[1]) / 1e6

    def _beyond(self, tokens: int, answer: int) -> str:
        limits = self.limits
        if limits.requests and self.requests + 1 > limits.requests:
            return f"{limits.requests:g} requests"
        if limits.tokens and self.asked + self.answered + tokens + answer > limits.tokens:
            return f"{limits.tokens:g} tokens"
        if limits.minutes and self.now() - self.began > limits.minutes * 60:
            return f"{limits.minutes:g} minutes"
        more = (tokens * limits.price[0] + answer * limits.price[1]) / 1e6
        if limits.money and self.money + more > limits.money:
            return f"{limits.money:g} of money"
        return ""

    def __str__(self) -> str:
        paid = f", {self.money:.4f} of money" if any(self.limits.price) else ""
        return f"{self.requests} requests, {self.asked + self.answered} tokens{paid}"
