"""How a server runs: what the command line said, and the limits that hold for every client."""

import ipaddress
from typing import Final

from msgspec import Struct

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
RATE: Final = 20.0


class Settings(Struct, frozen=True):
    """``names`` are the host names under which a public server is asked for; none: any.

    ``rate``: costly requests a second of one client, in the long run; 0 lets everyone ask as they like. ``body``:
    bytes of a request; ``patience``: seconds in which a request must be there as a whole, and in which a client
    must take what it is sent. ``workers``: processes that search; 1: threads of the server itself do.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public: bool = False
    desk: bool = False
    names: tuple[str, ...] = ()
    rate: float = 0.0
    body: int = 64 * 1024
    head: int = 16 * 1024
    patience: float = 15.0
    connections: int = 1000
    access_log: bool = False
    workers: int = 1

    @property
    def hosts(self) -> frozenset[str] | None:
        """The names that a request may ask for; ``None``: any.

        A server that only this machine should reach answers to this machine's names alone: a page of another site
        whose name was made to lead here (DNS rebinding) asks under that name.
        """
        if self.public and not self.names:
            return None
        own = () if self.public else (*LOOPBACK, self.host)
        return frozenset(name.strip("[]").lower() for name in (*own, *self.names))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server on ``host``."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
