"""The loop of the Backgrounds Challenge: an object is tried on backgrounds until one hides it.

Up to 4,050 x 4,050 = 16.4 million pictures would be shown. The answer, whether *any* background hides the object, does
not depend on their order, so those come first that have hidden most objects so far, in batches that grow.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.data.public.backgrounds_challenge import mask_file, read_mask
from sidelight.data.public.listing import Part
from sidelight.data.source.progress import Progress
from sidelight.evaluate.public.measure import Measure
from sidelight.pipeline.public_answers import Answers
from sidelight.pipeline.public_model import PublicModel, Views
from sidelight.pipeline.public_pass import Pace, open_picture, stacked
from sidelight.records.shown import Shown

FIRST_BATCH = 8

Places = npt.NDArray[np.intp]


def show_on_backgrounds(model: PublicModel, answers: Answers, pace: Pace, *, progress: Progress) -> Iterator[None]:
    """Try every object that has not been tried yet.

    Args:
        model: that answers.
        answers: of a listing with two parts, objects and backgrounds. Filled in place: `vulnerable`, and of each
            background `fooled`, how many objects it was seen to hide. An object is seen once its answer is known.
        pace: the largest batch, threads. The backgrounds stay in memory, 150 kB each.
        progress: told (objects, of how many).

    Yields:
        After objects, about every `save_every_s`: a good moment to save.
    """
    objects, behind = answers.listing.parts
    count, saved = len(objects.rows), time.monotonic()
    vulnerable = answers.columns.setdefault("vulnerable", np.zeros(len(answers.rows), dtype=bool))
    fooled = answers.columns.setdefault("fooled", np.zeros(len(answers.rows), dtype=np.int32))[count:]
    answers.seen[count:] = True  # backgrounds have no answer of their own that could be missing
    left = np.flatnonzero(~answers.seen[:count]).tolist()
    if not left:
        return
    trial = Trial(model, answers.measure, _pictures(model, behind, answers.measure, pace), pace.batch_size)
    for done, place in enumerate(left, start=count - len(left) + 1):
        hiding = trial.hiding(objects, objects.rows[place], np.argsort(-fooled, kind="stable"))
        fooled[hiding] += 1
        vulnerable[place] = len(hiding) > 0
        answers.seen[place] = True
        progress(done, count)
        if time.monotonic() - saved > pace.save_every_s:
            saved = time.monotonic()
            yield


@dataclass(frozen=True)
class Trial:
    """A model before backgrounds.

    Attributes:
        model: that answers.
        measure: says which answers are wrong.
        backgrounds: [n, H, W, 3].
        batch_size: the largest batch.
    """

    model: PublicModel
    measure: Measure
    backgrounds: Views
    batch_size: int

    def hiding(self, objects: Part, row: Shown, order: Places) -> Places:
        """Backgrounds that hide an object: those of the first batch in which there is any; none if nothing hides it.

        Args:
            objects: where its picture and its mask lie.
            row: the object.
            order: [n] of the backgrounds, the most promising first.
        """
        file, preparation = objects.root / row.path, self.measure.preparation
        picture = self.model.show(open_picture(file), preparation)
        stacked([self.backgrounds[0], picture], [objects.root, file])  # refuses another size
        mask = read_mask(mask_file(objects, row), picture.shape[:2])[..., None]

        def pasted(places: Places) -> Views:
            return np.where(mask, picture, self.backgrounds[places])

        batches = growing(order, self.batch_size)
        with ThreadPoolExecutor(1) as ahead:  # the next batch is pasted while the model looks at this one
            coming = ahead.submit(pasted, batches[0])
            for number, places in enumerate(batches):
                views = coming.result()
                if number + 1 < len(batches):
                    coming = ahead.submit(pasted, batches[number + 1])
                scores = self.model.scores(views, preparation)
                wrong = self.measure.answers(scores, [row] * len(places), ())["vulnerable"]
                if wrong.any():
                    return places[wrong]
        return order[:0]


def growing(order: Places, largest: int) -> list[Places]:
    """Cut into batches that double from `FIRST_BATCH`: what is easily hidden costs little, the rest full batches.

    >>> [len(batch) for batch in growing(np.arange(100), 32)]
    [8, 16, 32, 32, 12]
    """
    batches, first, size = [], 0, min(FIRST_BATCH, largest)
    while first < len(order):
        batches.append(order[first : first + size])
        first, size = first + size, min(2 * size, largest)
    return batches


def _pictures(model: PublicModel, part: Part, measure: Measure, pace: Pace) -> Views:
    """All pictures of a part [n, H, W, 3]."""
    files = [part.root / row.path for row in part.rows]
    with ThreadPoolExecutor(max(1, pace.workers)) as pool:
        views = list(pool.map(lambda file: model.show(open_picture(file), measure.preparation), files))
    return stacked(views, files)
