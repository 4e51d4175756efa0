"""What simulated people themselves know to have happened: the independent log that the store is held against."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from sidelight.collect.wire.answer import Answer


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """A chunk left the recorder.

    Attributes:
        tab: of the browser.
        seq: of the chunk.
        page: it is about.
        digest: of its bytes.
        events: pointer samples and entries in it.
        size: bytes.
    """

    tab: str
    seq: int
    page: str
    digest: str
    events: int
    size: int


class Acked(msgspec.Struct, frozen=True, tag="acked"):
    """The service said that it has the chunk."""

    tab: str
    seq: int


class Handed(msgspec.Struct, frozen=True, tag="handed"):
    """A page was submitted and the service took it."""

    page: str
    complete: bool
    late: bool
    answer: Answer


class Happened(msgspec.Struct, frozen=True, tag="happened"):
    """Something worth counting: `arrived`, `finished`, `dropped`, `answer_lost`, `reload` ..."""

    what: str
    detail: str = ""


Line = Cut | Acked | Handed | Happened


def digest_of(body: bytes) -> str:
    """Name the bytes of a chunk."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


@dataclass
class Journal:
    """Everything, in order; with a file, also after a crash.

    Attributes:
        lines: so far.
        file: open for appending, gets each line as JSON; None keeps them in memory alone.
    """

    lines: list[Line] = field(default_factory=list)
    file: BinaryIO | None = None

    def add(self, line: Line) -> None:
        """Write one line."""
        self.lines.append(line)
        if self.file is not None:
            self.file.write(msgspec.json.encode(line) + b"\n")
            self.file.flush()

    def count(self, what: str) -> int:
        """How often it happened."""
        return sum(isinstance(line, Happened) and line.what == what for line in self.lines)


def read_journal(lines: Iterable[bytes]) -> Journal:
    """The journal of a run that may have been cut off in the middle of its last line.

    >>> journal = read_journal([b'{"type":"happened","what":"arrived"}', b'{"type":"hap'])
    >>> journal.count("arrived"), len(journal.lines)
    (1, 1)
    """
    decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
    journal = Journal()
    for line in lines:
        try:
            journal.lines.append(decoder.decode(line))
        except msgspec.DecodeError:
            break
    return journal
