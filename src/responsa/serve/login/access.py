"""What the operator of a server decides: who its users are, and which proxy may speak for them.

From the environment or the command line, never from the library: whoever may change articles shall not let others in.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.errors import UsageError
from responsa.serve.login.users import place

PROXIES, HEADER, HOSTS = "RESPONSA_PROXIES", "RESPONSA_USER_HEADER", "RESPONSA_HOSTS"
_TOKEN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Access(Struct, frozen=True):
    """``public``: nobody reads the desk without a login, not even from this machine.

    ``proxies`` are the networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` count; ``header`` is the one in
    which they name who signed in with them, empty for none. ``hosts`` are the names that pages are asked for by.
    """

    users: Path
    public: bool = False
    proxies: tuple[str, ...] = ()
    header: str = ""
    hosts: tuple[str, ...] = ()

    def trusts(self, peer: str) -> bool:
        """Whether ``peer``, the other end of the connection, is one of the proxies."""
        address = address_of(peer)
        return address is not None and any(address in ipaddress.ip_network(one, strict=False) for one in self.proxies)


def access_of(environment: Mapping[str, str], users: Path | None = None, *, public: bool = False) -> Access:
    """What the environment says. Raises ``UsageError`` for what cannot be meant."""
    proxies = tuple(environment.get(PROXIES, "").replace(",", " ").split())
    for proxy in proxies:
        _network(proxy)
    header = environment.get(HEADER, "").strip().lower()
    if header and not set(header) <= _TOKEN:
        raise UsageError(f"{HEADER}={header}: expected the name of a header such as X-Forwarded-User")
    if header and not proxies:
        raise UsageError(f"{HEADER} needs {PROXIES}: the addresses from which that header is believed")
    hosts = tuple(environment.get(HOSTS, "").lower().replace(",", " ").split())
    return Access(place(users), public, proxies, header, hosts)


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"{PROXIES}={text}: expected addresses such as 127.0.0.1 or 10.0.0.0/8") from error


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that ``text`` is; that of IPv4 where it is written as IPv6."""
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
