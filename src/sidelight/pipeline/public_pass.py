"""Passes over public pictures: each is decoded once for all benchmarks that show it in the same way."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import PIL.Image

from sidelight.data.source.progress import Progress
from sidelight.evaluate.public.measure import Preparation
from sidelight.pipeline.public_answers import Answers
from sidelight.pipeline.public_model import PublicModel, Views
from sidelight.pipeline.public_views import Places, ViewCache
from sidelight.records.errors import UserFault

Wanted = dict[str, list[tuple[int, int]]]
"""{path: [(which of the answers, place in its rows)]}."""


@dataclass(frozen=True)
class Pace:
    """How fast, and how it is remembered."""

    batch_size: int = 256
    """Pictures a forward pass."""
    workers: int = 4
    """Threads that decode and cut pictures beside the model."""
    cache: Path | None = None
    """Folder that keeps cut pictures, uncompressed, for the next model that cuts them in the same way (about 150 kB a
    picture of 224 pixels); None keeps none."""
    save_every_s: float = 60.0
    """Seconds between two savings of the answers."""


class Loop(Protocol):
    """What shows the pictures of one benchmark by itself."""

    def __call__(self, model: PublicModel, answers: Answers, pace: Pace, *, progress: Progress) -> Iterator[None]:
        """Fill `answers`; yield when it is good to save."""


def show_all(model: PublicModel, asked: Sequence[Answers], pace: Pace, *, progress: Progress) -> Iterator[None]:
    """Show every picture that has not been shown yet.

    Args:
        model: that answers.
        asked: benchmarks; filled in place.
        pace: batch size, threads, cache.
        progress: told (pictures, of how many).

    Yields:
        After the batches, about every `save_every_s`: a good moment to save.
    """
    passes = _passes(asked)
    total, done, saved = sum(_unseen(_wanted(asked, *each)) for each in passes), 0, time.monotonic()
    for root, cut in passes:
        wanted = _wanted(asked, root, cut)
        for paths, views in _views(model, root, cut, wanted, pace):
            _answer(model, asked, [wanted[path] for path in paths], views, cut)
            done += len(paths)
            progress(done, total)
            if time.monotonic() - saved > pace.save_every_s:
                saved = time.monotonic()
                yield


def _answer(
    model: PublicModel, asked: Sequence[Answers], wanted: list[list[tuple[int, int]]], views: Views, cut: Preparation
) -> None:
    """One forward pass for each way of making holes, and what each benchmark keeps of it."""
    preparations = {answers.measure.preparation for answers in asked}
    for preparation in sorted((each for each in preparations if _cut(each) == cut), key=repr):
        keeping = [which for which, answers in enumerate(asked) if answers.measure.preparation == preparation]
        pairs = {w: [(n, place) for n, who in enumerate(wanted) for v, place in who if v == w] for w in keeping}
        if any(pairs.values()):
            scores = model.scores(views, preparation)
        for which, found in pairs.items():
            if found:
                asked[which].add([place for _, place in found], scores[[n for n, _ in found]])


def _cut(preparation: Preparation) -> Preparation:
    """What of it is done to the stored picture: a hole comes later, and costs a forward pass but no decoding."""
    return replace(preparation, hole=0, fill="normalized_zero")


def _passes(asked: Sequence[Answers]) -> list[tuple[Path, Preparation]]:
    """Folders and ways of cutting, each once."""
    every = [(part.root, _cut(answers.measure.preparation)) for answers in asked for part in answers.listing.parts]
    return list(dict.fromkeys(every))


def _wanted(asked: Sequence[Answers], root: Path, cut: Preparation) -> Wanted:
    """Every file of a pass, and who still wants to see it: nobody, where an earlier run has shown it."""
    wanted: Wanted = {}
    for which, answers in enumerate(asked):
        place = 0
        for part in answers.listing.parts:
            if part.root == root and _cut(answers.measure.preparation) == cut:
                for number, row in enumerate(part.rows, start=place):
                    asking = wanted.setdefault(row.path, [])
                    if not answers.seen[number]:
                        asking.append((which, number))
            place += len(part.rows)
    return wanted


def _unseen(wanted: Wanted) -> int:
    return sum(bool(asking) for asking in wanted.values())


def _views(
    model: PublicModel, root: Path, cut: Preparation, wanted: Wanted, pace: Pace
) -> Iterator[tuple[list[str], Views]]:
    """Cut pictures, a batch at a time, the next ones being made meanwhile."""
    paths = list(wanted)
    left = np.array([place for place, path in enumerate(paths) if wanted[path]], dtype=np.intp)
    cache = None if pace.cache is None else ViewCache(pace.cache, root, paths, (model.view, cut))
    groups = [left[first : first + pace.batch_size] for first in range(0, len(left), pace.batch_size)]

    def batch(group: Places, pool: ThreadPoolExecutor) -> Views:
        kept = None if cache is None else cache.get(group)
        if kept is not None:
            return kept
        files = [root / paths[place] for place in group]
        views = stacked(list(pool.map(lambda file: model.show(open_picture(file), cut), files)), files)
        if cache is not None:
            cache.put(group, views)
        return views

    with ThreadPoolExecutor(max(1, pace.workers)) as pool, ThreadPoolExecutor(1) as ahead:
        waiting = [ahead.submit(batch, group, pool) for group in groups[:2]]
        for number, group in enumerate(groups):
            views = waiting.pop(0).result()
            if number + 2 < len(groups):
                waiting.append(ahead.submit(batch, groups[number + 2], pool))
            yield [paths[place] for place in group], views


def open_picture(file: Path) -> PIL.Image.Image:
    """Decode a picture to RGB as the published evaluations do: by Pillow, tags that ask for turning it passed over.

    Raises:
        UserFault: if it cannot be read.
    """
    try:
        with PIL.Image.open(file) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise UserFault(
            f"picture {file}",
            seen=f"unreadable ({type(error).__name__})",
            allowed="a whole JPEG or PNG file",
            remedy="Unpack it again; 'sidelight benchmarks check --decode' lists all such files",
        ) from error


def stacked(views: list[np.ndarray], files: Sequence[Path]) -> Views:
    """One batch of cut pictures.

    Raises:
        UserFault: for a picture of another size than the first.
    """
    for view, file in zip(views, files, strict=True):
        if view.shape != views[0].shape:
            raise UserFault(
                f"picture {file}",
                seen=f"{view.shape[1]}x{view.shape[0]} pixels",
                allowed=f"{views[0].shape[1]}x{views[0].shape[0]} as the others: this benchmark is not resized",
                remedy="Unpack the public files again; do not resize them",
            )
    return np.stack(views)
