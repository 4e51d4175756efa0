"""What the service counts of itself, for Prometheus: numbers only, of this process, never of a person."""

import ipaddress

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """Counters of one app; two apps in a process do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.arrivals = Counter("sidelight_arrivals", "Sessions begun", registry=self.registry)
        chunks = Counter("sidelight_chunks", "Chunks acknowledged", ["again"], registry=self.registry)
        self.fresh, self.again = (chunks.labels(again=again) for again in ("no", "yes"))
        self.samples = Counter("sidelight_samples", "Pointer samples stored", registry=self.registry)
        self.bytes = Counter("sidelight_chunk_bytes", "Bytes of chunks stored", registry=self.registry)
        self.submits = Counter("sidelight_submits", "Pages submitted", ["outcome"], registry=self.registry)
        self.refused = Counter("sidelight_refused", "Requests refused for being too fast", registry=self.registry)
        self.withdrawals = Counter("sidelight_withdrawals", "People who withdrew", registry=self.registry)
        self.acknowledging = Histogram(
            "sidelight_acknowledge_seconds",
            "From a chunk's arrival to its durable commit",
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self.registry)


def from_this_machine(request: Request) -> bool:
    """Whether a request comes from this machine itself: by its address, and by the host that it asked for.

    A proxy on this machine passes on the host that the world asked for, and so does not open this door.
    """
    host = request.client.host if request.client else ""
    return _loopback(host) and _loopback(request.url.hostname or "")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
