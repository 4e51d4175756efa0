"""The line between a simulated browser and the service, which may fail in every way a real one does."""

import asyncio
from dataclasses import dataclass

import httpx
import msgspec
import numpy as np

from sidelight.collect.simulate.journal import Happened, Journal

PATIENCE = 80
"""Times that one request is tried before a simulated person gives up."""

LONGEST_WAIT_S = 1.0
JSON, BYTES = "application/json", "application/octet-stream"


class GaveUp(Exception):
    """The service did not answer, however often it was asked."""


@dataclass(frozen=True)
class Weather:
    """How bad the line is: shares of requests.

    Attributes:
        dropped: never reach the service.
        answer_lost: do, and are worked on, but the answer does not come back.
        doubled: reach the service twice.
    """

    dropped: float = 0.0
    answer_lost: float = 0.0
    doubled: float = 0.0


CALM = Weather()
STORM = Weather(dropped=0.3, answer_lost=0.05, doubled=0.05)
"""Three requests in ten dropped, one in ten answered into the void or sent twice."""


@dataclass
class Line:
    """One simulated browser's connection.

    Attributes:
        http: shared by all.
        weather: of the line.
        rng: source of the line's faults.
        journal: counts them.
        wait_s: before the second try; doubles with every further one, up to a second.
    """

    http: httpx.AsyncClient
    weather: Weather
    rng: np.random.Generator
    journal: Journal
    wait_s: float = 0.05
    token: str = ""

    async def post(self, path: str, body: msgspec.Struct) -> httpx.Response:
        """Send a body as JSON until it is answered."""
        return await self._insist("POST", path, msgspec.json.encode(body), JSON)

    async def post_bytes(self, path: str, body: bytes) -> httpx.Response:
        """Send bytes until they are answered."""
        return await self._insist("POST", path, body, BYTES)

    async def get(self, path: str) -> httpx.Response:
        """Ask until answered."""
        return await self._insist("GET", path, b"", JSON)

    async def _insist(self, method: str, path: str, body: bytes, kind: str) -> httpx.Response:
        """Try until there is an answer that is not "later": connection faults, 429 and 5xx are tried again."""
        wait_s = self.wait_s
        for _ in range(PATIENCE):
            answer = await self._try(method, path, body, kind)
            if answer is not None and answer.status_code not in (429, 500, 502, 503, 504):
                return answer
            if answer is not None:
                self.journal.add(Happened(f"status_{answer.status_code}", path))
            await asyncio.sleep(wait_s * float(self.rng.uniform(0.5, 1.0)))
            wait_s = min(2.0 * wait_s, LONGEST_WAIT_S)
        raise GaveUp(f"{method} {path}")

    async def _try(self, method: str, path: str, body: bytes, kind: str) -> httpx.Response | None:
        """Send once, through the weather; None when no answer came."""
        drop, lose, double = self.rng.random(3).tolist()
        if drop < self.weather.dropped:
            self.journal.add(Happened("dropped"))
            return None
        try:
            if double < self.weather.doubled:
                self.journal.add(Happened("doubled"))
                await self._send(method, path, body, kind)
            answer = await self._send(method, path, body, kind)
        except httpx.TransportError as error:
            self.journal.add(Happened("unreachable", type(error).__name__))
            return None
        if lose < self.weather.answer_lost:
            self.journal.add(Happened("answer_lost"))
            return None
        return answer

    async def _send(self, method: str, path: str, body: bytes, kind: str) -> httpx.Response:
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        return await self.http.request(method, path, content=body, headers=headers)
