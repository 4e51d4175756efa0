"""A page of its own for the recorder: the built scripts, drawn pictures, and a service that answers as a test says."""

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

from sidelight.collect.wire.boxes import Box, boxes_after
from sidelight.collect.wire.chunk import Chunk, decode
from sidelight.collect.wire.log import Layout
from sidelight.collect.wire.packed import unpacked

PAGE = Path(__file__).with_name("recorder_page.html")


@dataclass
class Harness:
    """The page's address, and the chunks that were sent to it.

    Attributes:
        static: the built front end.
        url: of the service.
        status: of every answer to a chunk.
        isolated: the page's clocks then have steps of 5 microseconds, not of 100.
        received: chunks that were answered by 200.
    """

    static: Path
    url: str = ""
    status: int = 200
    isolated: bool = False
    received: list[bytes] = field(default_factory=list)

    def address(self, *flags: str) -> str:
        """Of the page.

        Flags are `outbox` (drafts are laid down, chunks sent), `drafts` (nothing is sent) and `off` (nothing recorded).
        """
        scripts = {name: next(self.static.glob(f"assets/{name}-*.js")).name for name in ("recorder", "outbox")}
        scripts["drafts"] = scripts["outbox"]
        words = [f"recorder={scripts['recorder']}", *(f"{flag}={scripts.get(flag, 1)}" for flag in flags)]
        return f"{self.url}/?{'&'.join(words)}"


@contextmanager
def harness(static: Path) -> Iterator[Harness]:
    """Serve the page as long as the block runs."""
    made = Harness(static)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"made": made}))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    made: Harness

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/":
            self._answer(200, "text/html", PAGE.read_bytes())
        elif path.startswith("/picture/"):
            self._answer(200, "image/png", drawn(path.removeprefix("/picture/").removesuffix(".png")))
        elif path.startswith("/assets/"):
            self._answer(200, "text/javascript", (self.made.static / path[1:]).read_bytes())
        else:
            self._answer(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.made.status == 200:
            self.made.received.append(unpacked(body, self.headers.get("Content-Encoding", "")))
        self._answer(self.made.status, "application/json", b'{"complete": true}')

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.made.isolated:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def drawn(size: str) -> bytes:
    width, height = map(int, size.split("x"))
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Recorded:
    """What the recorder gave, put together: the whole path, and the layout that held at each sample."""

    chunks: list[Chunk]

    @classmethod
    def of(cls, page: Any) -> "Recorded":
        """End the recording on a page, and read what it gave."""
        page.evaluate("recorder.stop()")
        return cls.read(page.evaluate("chunks"))

    @classmethod
    def read(cls, chunks: list[str]) -> "Recorded":
        """From chunks in base 64."""
        return cls([decode(base64.b64decode(text)) for text in chunks])

    @property
    def path(self) -> list[tuple[float, float, float]]:
        """(t, x, y) of every sample."""
        columns = [zip(c.samples.t, c.samples.x, c.samples.y, strict=True) for c in self.chunks]
        return [(float(t), float(x), float(y)) for column in columns for t, x, y in column]

    def kinds(self, *names: str) -> list[Any]:
        """Entries of these kinds, in order."""
        entries = [entry for chunk in self.chunks for entry in chunk.entries]
        return [entry for entry in entries if type(entry).__name__ in names]

    def places(self) -> list[dict[str, Box]]:
        """For every sample, the boxes of all pictures at it."""
        found: list[dict[str, Box]] = []
        boxes: dict[str, Box] = {}
        last: Layout | None = None
        for chunk in self.chunks:
            entries = list(chunk.entries)
            for k in range(len(chunk.samples.t) + 1):
                while entries and entries[0].i <= k:
                    entry = entries.pop(0)
                    if isinstance(entry, Layout):
                        boxes, last = boxes_after(boxes, last, entry), entry
                if k < len(chunk.samples.t):
                    found.append(boxes)
        return found
