"""The door: who comes with a request, who is let in, and which forms are believed."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from responsa.library.git import Author
from responsa.serve.login.access import Access
from responsa.serve.login.passwords import LONGEST, matches
from responsa.serve.login.sessions import Sessions, same
from responsa.serve.login.throttle import Throttle
from responsa.serve.login.users import User, load
from responsa.serve.login.visit import Visit

PLAIN, STRICT = "responsa-desk", "__Host-responsa-desk"
"""The cookie's name; browsers take the second over TLS alone, and from this very host."""


class Person(Struct, frozen=True):
    """Who writes. ``csrf`` is what a form must hold; ``cookie``: signed in here, so that one can sign out here."""

    user: User
    csrf: str
    cookie: bool = True

    @property
    def author(self) -> Author:
        """As commits name them."""
        return Author(self.user.name, self.user.email)


class Refused(Struct, frozen=True):
    """A login that failed; ``wait`` seconds are to pass before the next try counts."""

    wait: float = 0.0


class Door:
    """One server's; ``sessions`` and ``throttle`` are its memory."""

    def __init__(self, access: Access, sessions: Sessions, clock: Callable[[], float]) -> None:
        self.access, self.sessions = access, sessions
        self.throttle = Throttle(clock)

    def person(self, visit: Visit, cookies: dict[str, str]) -> Person | None:
        """Who it is: named by a trusted proxy, or by a session; nobody who is no longer a user."""
        named = self._named(visit)
        if named is not None:
            return named
        session = self.sessions.find(self.token(visit, cookies))
        user = load(self.access.users).get(session.login) if session else None
        # Another password ends what was begun with the former one.
        return Person(user, session.csrf) if user and session and session.mark == _mark(user) else None

    def may_read(self, visit: Visit, person: Person | None) -> bool:
        """At this machine anybody may, unless the desk is public; writing is never for nobody."""
        return person is not None or (not self.access.public and visit.is_local())

    def believes(self, visit: Visit, person: Person, token: str) -> bool:
        """Whether the form was made by us for this person."""
        return visit.comes_from_us(self.access) and same(person.csrf, token)

    def enter(self, visit: Visit, cookies: dict[str, str], login: str, password: str) -> str | Refused:
        """A new session's name, or why there is none. A login that does not exist takes as long as a wrong password."""
        login, address = login.strip().lower()[:64], visit.address(self.access)
        wait = self.throttle.wait(login, address)
        if wait > 0 or len(password) > LONGEST:
            return Refused(wait)
        user = load(self.access.users).get(login)
        # Counted before the long check, not after it: many at once shall not get past the limit.
        self.throttle.wrong(login, address)
        if not matches(user.hash if user else "", password) or user is None:
            return Refused(self.throttle.wait(login, address))
        self.throttle.right(login, address)
        return self.sessions.begin(user.login, self.token(visit, cookies), _mark(user))

    def leave(self, visit: Visit, cookies: dict[str, str]) -> None:
        """Sign out: the session ends, not only the cookie."""
        self.sessions.end(self.token(visit, cookies))

    def token(self, visit: Visit, cookies: dict[str, str]) -> str:
        """What the browser holds."""
        return cookies.get(self.cookie(visit), "")

    def cookie(self, visit: Visit) -> str:
        """The name of the cookie: without TLS only at this machine."""
        return PLAIN if not visit.is_secure(self.access) and visit.is_local() else STRICT

    def _named(self, visit: Visit) -> Person | None:
        name = visit.headers.get(self.access.header, "") if self.access.header else ""
        if not name or not self.access.trusts(visit.peer):
            return None
        user = load(self.access.users).get(name.strip().lower())
        return Person(user, self._csrf(user.login), cookie=False) if user else None

    def _csrf(self, login: str) -> str:
        """For those who have no session here: the same at every request, and nobody else's."""
        return hmac.new(self.sessions.key.encode(), login.encode(), hashlib.sha256).hexdigest()


NOBODY: Final = ""


def _mark(user: User) -> str:
    return hashlib.sha256(user.hash.encode()).hexdigest()[:16]
