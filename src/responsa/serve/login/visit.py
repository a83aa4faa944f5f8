"""What a request says of itself that can be believed: from where it comes, over what, and from which page."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from responsa.serve.login.access import Access, address_of

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-forwarded-host", "x-real-ip", "via")


class Visit(Struct, frozen=True):
    """``peer`` is the other end of the connection, ``headers`` have small letters."""

    peer: str
    scheme: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """As the request names it, with its port."""
        return self.headers.get("host", "").lower()

    def address(self, access: Access) -> str:
        """Whose request it is: the last address that no proxy of ours has, else the peer's."""
        address = self.peer
        for one in reversed(self.headers.get("x-forwarded-for", "").split(",")):
            if not access.trusts(address):
                break
            # What is no address was not written by a proxy.
            if address_of(one) is None:
                break
            address = one.strip()
        return address

    def is_local(self) -> bool:
        """Whether a person at this machine asks: no proxy between, and no name that a stranger's page could have.

        A page of another site can have its own name lead here (DNS rebinding), but not call itself localhost.
        """
        address = address_of(self.peer)
        forwarded = any(name in self.headers for name in _FORWARDED)
        return address is not None and address.is_loopback and not forwarded and hostname(self.host) in _LOCAL

    def is_secure(self, access: Access) -> bool:
        """Whether the browser speaks TLS, as far as can be known."""
        proto = self.headers.get("x-forwarded-proto", "") if access.trusts(self.peer) else ""
        return "https" in (self.scheme, proto.lower().strip())

    def comes_from_us(self, access: Access) -> bool:
        """Whether the page that sent a form is one of ours. Browsers say so with every form; silence is a no."""
        site = self.headers.get("sec-fetch-site")
        if site not in {None, "same-origin"}:
            return False
        said = self.headers.get("origin") or self.headers.get("referer", "")
        try:
            origin = urlsplit(said).netloc.lower()
        except ValueError:
            return False
        return bool(origin) and (origin == self.host or hostname(origin) in access.hosts)


def hostname(host: str) -> str:
    """Without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
