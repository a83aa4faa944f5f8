"""How often a client may ask for what costs: a bucket a client that fills at a steady rate."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

BURST: Final = 3
"""Seconds of the rate that a client may spend at once."""
MOST: Final = 20_000
"""Clients remembered; the one not seen for longest is forgotten first."""


class Bucket(Struct):
    """What is left and when that was so."""

    left: float
    at: float


class Rates:
    """``clock`` gives seconds that only grow. Not for several threads: the server's loop asks."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate, self._most, self._clock = rate, max(1.0, rate * BURST), clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, client: str, cost: float = 1.0) -> float:
        """Seconds until ``client`` may ask again; 0: it may now, and this counts."""
        if not self._rate:
            return 0.0
        name, now = household(client), self._clock()
        bucket = self._buckets.pop(name, None) or Bucket(self._most, now)
        bucket.left = min(self._most, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        self._buckets[name] = bucket
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        if bucket.left < min(cost, self._most):
            return (min(cost, self._most) - bucket.left) / self._rate
        bucket.left -= cost
        return 0.0


def household(client: str) -> str:
    """Whose requests count together: an IPv4 address, or the 64 bits of an IPv6 one that a household has."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return client
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False).network_address)
