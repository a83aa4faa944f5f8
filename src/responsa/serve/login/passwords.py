"""Passwords: argon2id hashes, and one check that takes as long for a login that does not exist."""

from functools import lru_cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from responsa.errors import UsageError

SHORTEST: Final = 12
LONGEST: Final = 1024
"""Characters; a longer one is refused before it is hashed."""
AT_ONCE: Final = 2
"""Hashes under way: each takes 64 MiB, and guesses shall not cost a server its memory."""

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
_ROOM: Final = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """To be kept. Raises ``UsageError`` for a password that is too short or too long to be one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters; a few words make a good one")
    return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether ``password`` is the one that was hashed. Without a hash it is ``False``, after the same work."""
    if len(password) > LONGEST:
        return False
    with _ROOM:
        try:
            right = _HASHER.verify(kept or _nobody(), password)
        except (Argon2Error, InvalidHashError):
            return False
    return right and bool(kept)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nobody's password has."""
    return _HASHER.hash("nobody's password: logins without one are checked against it")
