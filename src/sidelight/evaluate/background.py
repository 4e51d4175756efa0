"""Background reliance from boxes ("BoxBG"): does the answer change when the object stays and the background goes?

Every photo is shown in six variants, made from nothing but its boxes and another photo's background:

| variant | the boxes | the rest |
|---|---|---|
| `original` | as is | as is |
| `only_fg` | as is | black |
| `only_bg_b` | black | as is |
| `only_bg_t` | tiled over | as is |
| `mixed_same` | as is | of another photo of the same class, its own boxes tiled over |
| `mixed_rand` | as is | of another photo of a class drawn uniformly (its own included), its own boxes tiled over |

`gap = accuracy(mixed_same) - accuracy(mixed_rand)` is what the right background is worth to the model.

Source:
    xiao2021noise, sections 2 and 3. They cut along GrabCut masks; we cut along boxes, so context inside the box stays
    and the numbers are comparable only with numbers made from boxes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import cv2
import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import Labels, Scores, top1
from sidelight.records.errors import UserFault
from sidelight.signal.compositing import Boxes, Image, composite, tile_background

VARIANTS = ("original", "only_fg", "only_bg_b", "only_bg_t", "mixed_same", "mixed_rand")
LARGEST_COVERAGE = 0.5
"""Photos whose boxes cover more than this share have too little background, to give as to lose."""

Rows = npt.NDArray[np.int64]


def only_foreground(image: Image, boxes: Boxes) -> Image:
    """Black outside the boxes ("Only-FG").

    Args:
        image: [H, W, 3] uint8.
        boxes: [Q, 4] in [0, 1].

    Returns:
        [H, W, 3] uint8.
    """
    return composite(image, boxes, np.zeros_like(image))


def only_background_black(image: Image, boxes: Boxes) -> Image:
    """Black inside the boxes ("Only-BG-B").

    Args:
        image: [H, W, 3] uint8.
        boxes: [Q, 4] in [0, 1].

    Returns:
        [H, W, 3] uint8.
    """
    return composite(np.zeros_like(image), boxes, image)


def only_background_tiled(image: Image, boxes: Boxes) -> Image:
    """The boxes tiled over with the photo's own background ("Only-BG-T"): `tile_background`."""
    return tile_background(image, boxes)


def mixed(image: Image, boxes: Boxes, donor_tiled: Image) -> Image:
    """The object of one photo on the tiled background of another ("Mixed-Same", "Mixed-Rand").

    Args:
        image: [H, W, 3] uint8, gives what is in the boxes.
        boxes: [Q, 4] in [0, 1], of `image`.
        donor_tiled: [h, w, 3] uint8; stretched to H x W (aspect ratio is not kept) when its size differs.

    Returns:
        [H, W, 3] uint8.
    """
    height, width = image.shape[:2]
    if donor_tiled.shape != image.shape:
        shrinks = donor_tiled.shape[0] > height and donor_tiled.shape[1] > width
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        donor_tiled = np.asarray(cv2.resize(donor_tiled, (width, height), interpolation=how), np.uint8)
    return composite(image, boxes, donor_tiled)


@dataclass(frozen=True)
class BackgroundDraws:
    """Which photos are scored and whose backgrounds they are put on: drawn once, the same for every model.

    Attributes:
        scored: [m] rows of the photos that are shown in all variants, ascending.
        same: [m] row of the photo whose background `mixed_same` takes; of the same class, never the photo itself.
        rand: [m] likewise for `mixed_rand`: a class drawn uniformly over those that can give a background, then a photo
            of it drawn uniformly; never the photo itself.
    """

    scored: Rows
    same: Rows
    rand: Rows

    @classmethod
    def make(
        cls, ids: Sequence[str], labels: Labels, coverage: npt.NDArray[np.floating], *, seed: int
    ) -> "BackgroundDraws":
        """Draw the donors of every photo that can be scored.

        A photo can give its background, and be scored, when its boxes cover more than 0 and at most half of it. It is
        scored when its class has another such photo. Each draw is a hash of (seed, the photo's id) into the candidates
        in order of id: neither the order of the photos nor the model has a say.

        Args:
            ids: [n] unique ids of the photos.
            labels: [n] class of each.
            coverage: [n] share of the photo in the union of its boxes, in [0, 1] (`signal.compositing.coverage`).
            seed: of the draws; one value for a whole study.

        Returns:
            The draws, as rows of the given arrays.

        Raises:
            UserFault: if no photo can be scored.
            ValueError: if the columns differ in length or an id occurs twice.

        >>> draws = BackgroundDraws.make(list("abcd"), np.array([0, 0, 1, 1]), np.array([0.2, 0.2, 0.2, 0.9]), seed=0)
        >>> draws.scored, draws.same  # 'd' is too full, and 'c' has no partner of its class left
        (array([0, 1]), array([1, 0]))
        """
        if not len(ids) == len(labels) == len(coverage) == len(set(ids)):
            counts = f"{len(ids)} ids ({len(set(ids))} distinct), {len(labels)} labels, {len(coverage)} coverages"
            raise ValueError(f"photos' columns differ in length or ids repeat: {counts}")
        usable = [row for row in np.argsort(ids).tolist() if 0 < coverage[row] <= LARGEST_COVERAGE]
        of_class: dict[int, list[int]] = {}
        for row in usable:
            of_class.setdefault(int(labels[row]), []).append(row)
        scored = sorted(row for row in usable if len(of_class[int(labels[row])]) > 1)
        if not scored:
            raise UserFault(
                "background reliance",
                seen=f"none of {len(ids)} photos has a partner of its class with boxes on at most half of the photo",
                allowed=">= 2 such photos of a class",
                remedy="Give the photos boxes, or measure on a split with smaller objects",
            )
        same = [_pick(of_class[int(labels[row])], row, key=f"{seed}/{ids[row]}/same") for row in scored]
        rand = [
            _pick(_random_class(of_class, row, f"{seed}/{ids[row]}"), row, key=f"{seed}/{ids[row]}/rand")
            for row in scored
        ]
        return cls(np.array(scored), np.array(same), np.array(rand))


def background_variants(
    draws: BackgroundDraws, *, image_of: Callable[[int], Image], boxes_of: Callable[[int], Boxes]
) -> Iterator[tuple[int, dict[str, Image]]]:
    """Show every scored photo in its six variants, one photo at a time.

    Args:
        draws: which photos, and whose backgrounds.
        image_of: row -> [H, W, 3] uint8; called three times a scored photo, so let it remember if reading is slow.
        boxes_of: row -> [Q, 4] in [0, 1], Q >= 1.

    Yields:
        (row, {name of `VARIANTS`: [H, W, 3] uint8}) in the order of `draws.scored`.
    """
    for row, same, rand in zip(draws.scored.tolist(), draws.same.tolist(), draws.rand.tolist(), strict=True):
        image, boxes = image_of(row), boxes_of(row)
        yield (
            row,
            {
                "original": image,
                "only_fg": only_foreground(image, boxes),
                "only_bg_b": only_background_black(image, boxes),
                "only_bg_t": only_background_tiled(image, boxes),
                "mixed_same": mixed(image, boxes, tile_background(image_of(same), boxes_of(same))),
                "mixed_rand": mixed(image, boxes, tile_background(image_of(rand), boxes_of(rand))),
            },
        )


def background_reliance(scores: Mapping[str, Scores], labels: Labels) -> dict[str, float]:
    """The benchmark "background": top-1 on each variant, and the gap.

    Args:
        scores: {name of `VARIANTS`: [m, classes]}, rows in the order of `draws.scored`.
        labels: [m] classes of the scored photos: of the *object*, also where only the background is shown.

    Returns:
        Top-1 of each variant in [0, 1], and `gap = mixed_same - mixed_rand` in [-1, 1]: 0 for a model that reads only
        what is in the boxes.

    Raises:
        ValueError: if a variant is missing.

    Source:
        xiao2021noise, section 3 (BG-Gap).
    """
    if missing := [name for name in VARIANTS if name not in scores]:
        raise ValueError(f"no scores for {missing}; there are {sorted(scores)}")
    found = {name: top1(scores[name], labels) for name in VARIANTS}
    return found | {"gap": found["mixed_same"] - found["mixed_rand"]}


def _random_class(of_class: Mapping[int, list[int]], row: int, key: str) -> list[int]:
    candidates = [rows for _, rows in sorted(of_class.items()) if rows != [row]]
    return candidates[_draw(f"{key}/class", len(candidates))]


def _pick(rows: Sequence[int], row: int, *, key: str) -> int:
    others = [other for other in rows if other != row]
    return others[_draw(key, len(others))]


def _draw(key: str, below: int) -> int:
    # 64 bits over at most millions of candidates: the bias of the remainder is below 1e-12.
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") % below
