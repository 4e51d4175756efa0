"""Makes the golden files that the tests of both languages read:  python -m tests.collect.golden.make

chunks.json: {name, hex, decoded}. folds.json: {name, task, grid, entries, answer}. broken.json: {name, hex}, no chunks.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from sidelight.collect.fold.table import fold
from sidelight.collect.wire import log
from sidelight.collect.wire.chunk import Chunk, Samples, encode

FOLDER = Path(__file__).parent

BY = "mouse"


def samples(*rows):
    """Rows of (t, x, y, modality, pressed)."""
    t, x, y, modality, pressed = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    return Samples(t, x, y, modality.astype(np.uint8), pressed.astype(np.uint8))


def chunk(*entries, rows=(), seq=0, segment=0, coalesced=True, tab="tab-1"):
    return Chunk("page-1", tab, seq, segment, (2000.5, 1_795_000_000_000.0), coalesced, entries, samples(*rows))


def curve(n):
    """A path that is whole in 1/10 ms and 1/8 px, so that nothing is rounded."""
    k = np.arange(n)
    t, x = (166 * k + k % 3) / 10, (4000 + 55 * k - k * k // 2) / 8
    y = np.floor(2000 + 900 * np.sin(k / 9)) / 8
    return np.column_stack([t, x, y, np.zeros(n), (k // 10) % 2]).tolist()


def chunks() -> Iterator[tuple[str, Chunk]]:
    layout = log.Layout(
        t=0.1,
        i=0,
        view=(1280.0, 720.0),
        scroll=(0.0, 12.5),
        zoom=1.0,
        dpr=1.5,
        images={"a": (10.25, 20.0, 300.0, 200.0)},
    )
    yield "the first entry of a page", chunk(log.Shown(t=0.0, i=0))
    yield "one sample", chunk(rows=[(0.1, 0.125, 0.25, 0, 0)])
    yield (
        "negative places and an edge of 7 bits",
        chunk(rows=[(1, -8, 7.875, 2, 1), (2, 8, 8, 2, 1), (2, -8.125, 16, 2, 0)]),
    )
    yield "the largest values", chunk(rows=[(0, -1e6, 1e6, 1, 1), (1e9, 1e6, -1e6, 1, 0), (1e9, -1e6, 1e6, 1, 1)])
    yield (
        "a path with a press",
        chunk(layout, log.Pointer(t=166.0, i=11, action="down", by="mouse"), rows=curve(60), seq=3),
    )
    yield "every kind of entry", chunk(*every_kind(layout), rows=curve(3), segment=2, coalesced=False)
    yield "names that are not ASCII", chunk(log.Add(t=1.0, i=0, label='Schlüssel "🔑" \\', by="touch", at=(1.0, 0.0)))
    yield "a number passes 2^31", chunk(rows=[(3e8, 10, 10, 0, 0), (3e8 + 0.1, 10, 10, 0, 0)], seq=70000, tab="~!a_B-9")


def every_kind(layout) -> list[log.Entry]:
    return [
        log.Shown(t=0.0, i=0),
        layout,
        log.Visibility(t=1.0, i=0, visible=False),
        log.Focus(t=1.0, i=0, focused=True),
        log.Hover(t=1.5, i=1, image="a", inside=True),
        log.OnScreen(t=1.5, i=1, image="a", seen=True),
        log.ImageState(t=1.6, i=1, image="a", state="failed"),
        log.Pointer(t=2.0, i=1, action="cancel", by="touch"),
        log.Select(t=3.0, i=1, image="a", by="keyboard"),
        log.Deselect(t=4.0, i=2, image="a", by="pen", at=(0.25, 0.75)),
        log.Panel(t=5.0, i=2, panel=0),
        log.Add(t=6.0, i=2, label="cup", by="mouse", at=(0.5, 0.5)),
        log.Move(t=7.0, i=2, label="cup", by="mouse", at=(0.125, 1.0)),
        log.Remove(t=8.0, i=2, label="cup", by="mouse"),
        log.Pick(t=9.0, i=2, label="cup", by="mouse"),
        log.PutBack(t=10.0, i=2, label="cup", by="mouse"),
        log.Decide(t=11.0, i=3, label="cat", by="keyboard"),
        log.Stroke(t=12.0, i=3, tool="brush", radius=1.5, cells=(8, 8, 40, 24), by="mouse"),
        log.Undo(t=13.0, i=3, by="mouse"),
        log.Redo(t=14.0, i=3, by="mouse"),
        log.Clear(t=15.0, i=3, by="mouse"),
        log.Health(t=16.0, i=3, samples=3, dropped=0, handler_ms=0.75, granularity_ms=0.1),
    ]


def in_order(*entries) -> list[log.Entry]:
    return [msgspec.structs.replace(entry, t=float(number), i=0) for number, entry in enumerate(entries)]


def select(image, at=None, by=BY):
    return log.Select(t=0, i=0, image=image, by=by, at=at)


def deselect(image, at=None):
    return log.Deselect(t=0, i=0, image=image, by=BY, at=at)


def add(label, at=None, by=BY):
    return log.Add(t=0, i=0, label=label, by=by, at=at)


def move(label, at):
    return log.Move(t=0, i=0, label=label, by=BY, at=at)


def panel(number, by=BY):
    return log.Panel(t=0, i=0, panel=number, by=by)


def brush(*cells, radius=1.0):
    return log.Stroke(t=0, i=0, tool="brush", radius=radius, cells=cells, by=BY)


def eraser(*cells, radius=1.0):
    return log.Stroke(t=0, i=0, tool="eraser", radius=radius, cells=cells, by=BY)


def decide(label):
    return log.Decide(t=0, i=0, label=label, by=BY)


UNDO, REDO, CLEAR = (kind(t=0, i=0, by=BY) for kind in (log.Undo, log.Redo, log.Clear))


def folds() -> Iterator[tuple[str, str, tuple[int, int], list[log.Entry]]]:
    """(name, task, grid, entries)."""
    none = (0, 0)
    yield "nothing selected", "browse", none, []
    yield (
        "selected, undone, selected elsewhere",
        "browse",
        none,
        in_order(select("b", (0.1, 0.2)), select("a", (0.5, 0.5)), deselect("a", (0.6, 0.6)), select("a", (0.7, 0.25))),
    )
    yield "selected twice: the last place counts", "browse", none, in_order(select("a", (0.1, 0.1)), select("a"))
    yield (
        "by keyboard there is no place",
        "browse",
        none,
        in_order(select("7", by="keyboard"), select("12"), deselect("x")),
    )
    yield (
        "entries of other kinds change nothing",
        "browse",
        none,
        in_order(
            log.Shown(t=0, i=0), select("a", (0, 1)), log.Hover(t=0, i=0, image="a", inside=False), add("a", (0.5, 0.5))
        ),
    )
    yield "icons added, moved, removed", "tag", none, in_order(
        panel(0, None), add("cup", (0.1, 0.1)), panel(3), move("cup", (0.9, 0.8)), add("cat", (0.3, 0.3)), panel(1),
        log.Remove(t=0, i=0, label="cat", by=BY), panel(3), add("dog", by="keyboard"),
    )  # fmt: skip
    yield (
        "adding again moves, moving what is not there does not",
        "tag",
        none,
        in_order(
            add("cup", (0.1, 0.1)), add("cup", (0.2, 0.2)), move("cat", (0.5, 0.5)), add("cap"), move("cap", (0.4, 0.4))
        ),
    )
    yield from paintings()


def paintings() -> Iterator[tuple[str, str, tuple[int, int], list[log.Entry]]]:
    yield "blank", "paint", (4, 3), []
    yield "the last decision counts", "paint", (2, 2), in_order(decide("cat"), decide("dog"))
    yield "a stamp", "paint", (9, 7), in_order(brush(72, 56, radius=2.5))
    yield "a stamp exactly on the border", "paint", (5, 5), in_order(brush(40, 40, radius=1.0))
    yield "radius rounds to nearest, halves up", "paint", (5, 5), in_order(brush(40, 40, radius=0.96875))
    yield "radius nought covers centres that are hit", "paint", (4, 2), in_order(brush(8, 8, 40, 8, radius=0.0))
    yield "from the first cell on", "paint", (3, 2), in_order(brush(0, 0, 48, 32, radius=2))
    yield "slanted both ways", "paint", (16, 12), in_order(brush(20, 30, 230, 150, 31, 170, 20, 30, radius=1.2))
    yield (
        "back on itself, standing still",
        "paint",
        (16, 3),
        in_order(brush(40, 24, 200, 24, 40, 24, 40, 24, radius=0.5)),
    )
    yield "steep, and beyond the border", "paint", (8, 16), in_order(brush(60, 0, 68, 256, 128, 256, radius=1.3))
    yield "erased in the middle", "paint", (12, 8), in_order(brush(16, 64, 176, 64, radius=3), eraser(96, 0, 96, 128))
    yield (
        "the order counts",
        "paint",
        (8, 4),
        in_order(eraser(64, 32), brush(64, 32), brush(16, 32), eraser(20, 32, radius=0.5)),
    )
    yield (
        "undo and redo",
        "paint",
        (8, 4),
        in_order(brush(24, 24), brush(100, 24), UNDO, UNDO, UNDO, REDO, decide("owl"), REDO, UNDO),
    )
    yield "a new stroke forgets", "paint", (8, 4), in_order(brush(24, 24), UNDO, brush(72, 24), REDO)
    yield "clear can be undone", "paint", (8, 4), in_order(brush(24, 24), CLEAR, brush(72, 40), UNDO, UNDO)
    yield "clear stays", "paint", (8, 4), in_order(brush(24, 24), CLEAR, brush(72, 40), UNDO, REDO)
    rng = np.random.default_rng(7)
    for number in range(4):
        grid = tuple(rng.integers(20, 257, 2).tolist())
        yield f"a scribble, {number}", "paint", grid, scribble(rng, grid)


def scribble(rng, grid) -> list[log.Entry]:
    """Long strokes to and fro, some of them undone."""
    strokes = []
    for _ in range(rng.integers(3, 7)):
        points = rng.integers(0, 16 * np.array(grid) + 1, (rng.integers(1, 9), 2)).ravel().tolist()
        kind = brush if rng.random() < 0.7 else eraser
        strokes += [kind(*points, radius=round(float(rng.uniform(0, 20)), 2)), *([UNDO] if rng.random() < 0.2 else [])]
    return in_order(*strokes)


def plain(made: Chunk) -> dict:
    columns = ("t", "x", "y", "modality", "pressed")
    head = {name: getattr(made, name) for name in ("page", "tab", "seq", "segment", "anchor", "coalesced", "entries")}
    return head | {"samples": {name: getattr(made.samples, name).tolist() for name in columns}}


def broken() -> Iterator[tuple[str, bytes]]:
    good = encode(chunk(log.Shown(t=0.0, i=0), rows=curve(3)))
    size = int.from_bytes(good[4:8], "little")
    head, columns = good[8 : 8 + size], good[8 + size :]

    def built(text=head, tail=columns):
        return good[:4] + len(text).to_bytes(4, "little") + text + tail

    assert built() == good
    yield "nothing", b""
    yield "another magic", b"SLC2" + good[4:]
    yield "the head is cut off", good[:40]
    yield "the columns are cut off", good[:-1]
    yield "bytes too many", good + b"\0"
    yield "no JSON", built(b"{" * len(head))
    yield "more samples than there are", built(head.replace(b'"n":3', b'"n":4'))
    yield "a value that is cut off", built(tail=columns[:-1] + b"\x83")
    yield "a state that does not exist", built(tail=columns[:-2] + b"\x03\x03")
    yield "runs too short", built(tail=columns[:-2] + b"\x00\x02")


def files() -> dict[str, bytes]:
    """Name -> content."""
    rows = {
        "chunks.json": [{"name": name, "hex": encode(made).hex(), "decoded": plain(made)} for name, made in chunks()],
        "folds.json": [
            {"name": name, "task": task, "grid": grid, "entries": entries, "answer": fold(task, entries, grid=grid)}
            for name, task, grid, entries in folds()
        ],
        "broken.json": [{"name": name, "hex": data.hex()} for name, data in broken()],
    }
    lines = {name: b",\n".join(map(msgspec.json.encode, listed)) for name, listed in rows.items()}
    return {name: b"[\n" + text + b"\n]\n" for name, text in lines.items()}


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
