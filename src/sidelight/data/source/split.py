"""Which pictures are for training, for choosing and for judging: decided by hashes, so never by the order of files."""

import hashlib
from collections.abc import Sequence

from sidelight.records.errors import UserFault
from sidelight.records.example import Split


def draw(seed: int, example_id: str) -> float:
    """A number in [0, 1) that depends on the seed and the id alone, uniform over ids.

    >>> draw(0, "cat_1") == draw(0, "cat_1") != draw(1, "cat_1")
    True
    """
    digest = hashlib.sha256(f"{seed}:{example_id}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def split_by_share(example_id: str, *, validation: float, test: float, seed: int) -> Split:
    """Put a picture into test, validation or train with these chances, whatever other pictures there are.

    >>> split_by_share("cat_1", validation=0.0, test=1.0, seed=0)
    'test'
    """
    number = draw(seed, example_id)
    if number < test:
        return "test"
    return "validation" if number < test + validation else "train"


def split_by_count(ids: Sequence[str], *, validation: int, test: int, seed: int) -> dict[str, Split]:
    """Put exactly so many pictures into test and validation, the rest into train.

    >>> sorted(split_by_count(["a", "b", "c", "d"], validation=1, test=2, seed=0).values())
    ['test', 'test', 'train', 'validation']
    """
    order = sorted(ids, key=lambda example_id: (draw(seed, example_id), example_id))
    return {
        example_id: "test" if rank < test else "validation" if rank < test + validation else "train"
        for rank, example_id in enumerate(order)
    }


def refuse_shares(validation: float, test: float) -> None:
    """Refuse shares that leave nothing to train on.

    Raises:
        UserFault: if a share is outside [0, 1), or both together reach 1.
    """
    if min(validation, test) < 0 or validation + test >= 1:
        raise UserFault(
            "validation_share and test_share",
            seen=f"{validation} and {test}",
            allowed="shares >= 0 that sum to less than 1",
            remedy="Leave something to train on",
        )
