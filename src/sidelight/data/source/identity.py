"""Names for persons and tasks that cannot be traced back to another release."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal, Self

IdentityChoice = Literal["pseudonym", "keep"]


@dataclass(frozen=True)
class Identities:
    """What persons and tasks are called in a dataset.

    The public releases name annotators by the same hash in ImageNet-AB and COCO-AB, and carry raw task ids of the crowd
    platform. A pseudonym is a keyed hash (BLAKE2b, 64 bits) under a salt that is thrown away, so that equal persons
    stay equal within one dataset and nobody can link two datasets. It hides a name, not a person: pointer traces and
    times may still identify.

    Attributes:
        salt: the key; None keeps every name as it is.

    >>> hidden = Identities(b"salt")
    >>> hidden.name("worker", "47DBDD543E") == hidden.name("worker", "47DBDD543E") != hidden.name("hit", "47DBDD543E")
    True
    >>> Identities(None).name("worker", "47DBDD543E")
    '47DBDD543E'
    """

    salt: bytes | None

    @classmethod
    def choose(cls, choice: IdentityChoice) -> Self:
        """Fresh pseudonyms, different ones every time; or the names of the source."""
        return cls(None if choice == "keep" else secrets.token_bytes(32))

    @property
    def kept(self) -> bool:
        """Whether the source's names are kept."""
        return self.salt is None

    def name(self, kind: str, raw: str) -> str:
        """What `raw`, a name of this kind (at most 16 letters), is called in the dataset."""
        if self.salt is None:
            return raw
        return hashlib.blake2b(raw.encode(), key=self.salt, person=kind.encode(), digest_size=8).hexdigest()
