"""What a server counted since it began, as Prometheus reads it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds; the upper bounds of the histogram."""


class Metrics:
    """Counts by the part of the server that answered: a path would make a series a page."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._bytes: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        self._buckets: dict[str, list[int]] = {}

    def count(self, part: str, status: int, seconds: float, sent: int) -> None:
        """One answered request."""
        self._requests[part, status] += 1
        self._bytes[part] += sent
        self._sums[part] += seconds  # type: ignore[assignment]  # a sum of seconds
        buckets = self._buckets.get(part)
        if buckets is None:
            buckets = self._buckets[part] = [0] * (len(BOUNDS) + 1)
        at = 0
        for bound in BOUNDS:
            if seconds <= bound:
                break
            at += 1
        buckets[at] += 1

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """The exposition format, version 0.0.4; ``gauges`` are a name's meaning and value."""
        lines = [*self._counted(), *self._timed()]
        for name, (meaning, value) in gauges.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _counted(self) -> Iterator[str]:
        yield "# HELP responsa_requests_total Requests answered."
        yield "# TYPE responsa_requests_total counter"
        for (part, status), count in sorted(self._requests.items()):
            yield f'responsa_requests_total{{part="{part}",status="{status}"}} {count}'
        yield "# HELP responsa_sent_bytes_total Bytes of bodies sent."
        yield "# TYPE responsa_sent_bytes_total counter"
        for part, sent in sorted(self._bytes.items()):
            yield f'responsa_sent_bytes_total{{part="{part}"}} {sent}'

    def _timed(self) -> Iterator[str]:
        yield "# HELP responsa_request_seconds From a request's head to the end of its answer."
        yield "# TYPE responsa_request_seconds histogram"
        for part, buckets in sorted(self._buckets.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
                total += count
                yield f'responsa_request_seconds_bucket{{part="{part}",le="{bound}"}} {total}'
            yield f'responsa_request_seconds_sum{{part="{part}"}} {self._sums[part]:.6f}'
            yield f'responsa_request_seconds_count{{part="{part}"}} {total}'
