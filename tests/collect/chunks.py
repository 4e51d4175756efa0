"""Pages of chunks from a script, for every test that needs some; what was done is known exactly (`Script.truth`)."""

from dataclasses import dataclass, field

import msgspec
import numpy as np

from sidelight.collect.wire import log
from sidelight.collect.wire.chunk import Chunk, Samples

EPOCH = 1_795_000_000_000.0
VIEW = (1280.0, 720.0)
MODALITY = {"mouse": 0, "touch": 1, "pen": 2}


def grid(n=48, columns=3, *, width=300.0, height=200.0, gap=20.0):
    """Picture id -> (left, top, width, height) on the page: "i0", "i1", ... row by row."""
    pitch = width + gap, height + gap
    return {f"i{k}": (40.0 + k % columns * pitch[0], 100.0 + k // columns * pitch[1], width, height) for k in range(n)}


@dataclass
class Script:
    """One segment of a page: do things, then take the chunks.

    Times are whole in 1/10 ms and places in 1/8 px, so that encoding rounds nothing.
    """

    pictures: dict[str, tuple[float, float, float, float]] = field(default_factory=grid)
    by: str = "mouse"
    hz: float = 60.0
    page: str = "page-1"
    tab: str = "tab-1"
    segment: int = 0
    epoch: float = EPOCH
    seed: int = 0
    now: float = 0.0
    at: tuple[float, float] = (640.0, 40.0)
    scroll_y: float = 0.0
    over: str | None = None
    rows: list = field(default_factory=list)
    """(t, x, y, modality, pressed)."""
    truth: list = field(default_factory=list)
    """(t, picture, x, y) of every sample that lies on a picture."""
    entries: list = field(default_factory=list)

    def __post_init__(self):
        self.rng = np.random.default_rng(self.seed)
        self.note(log.Shown)
        self.layout()

    def note(self, kind, **fields):
        """An entry, now."""
        self.entries.append(kind(t=round(self.now, 1), i=len(self.rows), **fields))

    def boxes(self):
        """Picture id -> box in client px."""
        return {name: (x, y - self.scroll_y, w, h) for name, (x, y, w, h) in self.pictures.items()}

    def layout(self, *, whole=True, dpr=1.0):
        images = self.boxes() if whole else {}
        self.note(log.Layout, view=VIEW, scroll=(0.0, self.scroll_y), zoom=1.0, dpr=dpr, images=images)

    def scroll_to(self, y):
        """Scroll; the layout names no picture, since all only moved."""
        self.scroll_y = y
        self.layout(whole=False)
        self.hover()

    def wait(self, ms):
        self.now = round(float(self.now + ms), 1)

    def hide(self, ms):
        self.note(log.Visibility, visible=False)
        self.wait(ms)
        self.note(log.Visibility, visible=True)

    def move(self, x, y, ms, *, pressed=False, wobble=3.0):
        """Go there in minimum jerk, a little beside the straight line, with a sample every 1 / hz."""
        steps = max(1, round(ms * self.hz / 1000.0))
        start, goal = np.array(self.at), np.array((x, y))
        s = np.arange(1, steps + 1) / steps
        way = start + np.outer(10 * s**3 - 15 * s**4 + 6 * s**5, goal - start)
        aside = np.array([start[1] - goal[1], goal[0] - start[0]])
        aside = aside / max(1.0, np.hypot(*aside)) * wobble
        way[:-1] += np.outer(np.sin(np.pi * s[:-1]), aside) + self.rng.normal(0, 0.2, (steps - 1, 2)) * bool(wobble)
        begin = self.now
        for share, (px, py) in zip(s, way, strict=True):
            self.now = round(float(begin + ms * share), 1)
            self.sample(px, py, pressed=pressed)

    def sample(self, x, y, *, pressed=False):
        """One sample, now."""
        x, y = (float(np.floor(8 * v + 0.5)) / 8 for v in (x, y))
        self.at = (x, y)
        self.rows.append((self.now, x, y, MODALITY[self.by], pressed))
        self.hover()
        if self.over is not None:
            left, top, width, height = self.boxes()[self.over]
            self.truth.append((self.now, self.over, (x - left) / width, (y - top) / height))

    def hover(self):
        """Log what the pointer came over, or left."""
        x, y = self.at
        inside = [name for name, (a, b, w, h) in self.boxes().items() if a <= x < a + w and b <= y < b + h]
        now_over = inside[0] if inside and self.rows else None
        if now_over != self.over:
            for name, enters in ((self.over, False), (now_over, True)):
                if name is not None:
                    self.note(log.Hover, image=name, inside=enters)
            self.over = now_over

    def client(self, picture, place):
        """A place on a picture in client px."""
        left, top, width, height = self.boxes()[picture]
        return left + place[0] * width, top + place[1] * height

    def place(self, picture):
        """Where the pointer is on a picture."""
        left, top, width, height = self.boxes()[picture]
        return round((self.at[0] - left) / width, 5), round((self.at[1] - top) / height, 5)

    def click(self, picture, kind=log.Select):
        """Press and release where the pointer is: selects, or de-selects."""
        self.wait(30)
        self.sample(*self.at, pressed=True)
        self.note(log.Pointer, action="down", by=self.by)
        self.wait(80)
        self.sample(*self.at)
        self.note(log.Pointer, action="up", by=self.by)
        self.note(kind, image=picture, by=self.by, at=self.place(picture))

    def chunks(self, *, first_seq=0, every_ms=2000.0):
        """Cut as the browser does: every 2 s, never an empty chunk. Together they hold everything once."""
        made = []
        cuts = np.arange(every_ms, self.now + every_ms, every_ms).tolist() or [every_ms]
        rows, entries, first = self.rows, self.entries, 0
        while rows[first:] or entries:
            cut = cuts.pop(0) if cuts else self.now + 1
            mine = [row for row in rows[first:] if row[0] < cut or not cuts]
            logged = [entry for entry in entries if entry.t < cut or not cuts]
            entries = entries[len(logged) :]
            if mine or logged:
                moment = min(cut, self.now)
                made.append(self._chunk(first_seq + len(made), moment, logged, mine, first))
            first += len(mine)
        return made

    def _chunk(self, seq, moment, entries, rows, first):
        t, x, y, modality, pressed = np.array(rows, dtype=np.float64).reshape(-1, 5).T
        kept = tuple(msgspec.structs.replace(entry, i=min(max(entry.i - first, 0), len(rows))) for entry in entries)
        samples = Samples(t, x, y, modality.astype(np.uint8), pressed.astype(np.uint8))
        anchor = (moment, float(round(self.epoch + moment)))
        return Chunk(self.page, self.tab, seq, self.segment, anchor, True, kept, samples)


def browsing(*, seconds=90.0, moving=0.45, **fields):
    """A page of 48 candidates: pass over many, click some, rest in between."""
    script = Script(**fields)
    names = list(script.pictures)
    for k, name in enumerate(names):
        if script.now > 1000.0 * seconds - 1500.0:
            break
        row = k // 3
        if k % 3 == 0:
            script.scroll_to(max(0.0, 220.0 * row - 220.0))
        begin = script.now
        script.move(*script.client(name, tuple(script.rng.uniform(0.2, 0.8, 2))), script.rng.uniform(500, 1100))
        if script.rng.random() < 0.3:
            script.click(name)
        script.wait(round((script.now - begin) * (1 - moving) / moving, 1))
    script.wait(max(0.0, round(1000.0 * seconds - script.now, 1)))
    script.note(log.Health, samples=len(script.rows), dropped=0, handler_ms=12.5, granularity_ms=0.1)
    return script
