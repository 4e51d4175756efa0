"""What is kept of a benchmark while its pictures are shown, in memory and on disk."""

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sidelight.data.public.listing import Listing
from sidelight.evaluate.public.measure import Measure, Number, Scores
from sidelight.records.shown import Shown


@dataclass
class Answers:
    """A benchmark being measured.

    Attributes:
        name: of the benchmark.
        measure: what its numbers are.
        listing: its pictures.
        columns: what is kept of every picture; empty until the first batch.
        seen: [n] which pictures the model was shown.
    """

    name: str
    measure: Measure
    listing: Listing
    columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows: Sequence[Shown] = list(chain.from_iterable(part.rows for part in self.listing.parts))
        self.seen: npt.NDArray[np.bool_] = np.zeros(len(self.rows), dtype=bool)

    def add(self, places: Sequence[int], scores: Scores) -> None:
        """Keep what the benchmark wants of a batch.

        Args:
            places: [B] of the pictures, in the order of `rows`; one that comes again replaces what was there.
            scores: [B, 1000].
        """
        found = self.measure.answers(scores, [self.rows[place] for place in places], self.listing.classes)
        for name, values in found.items():
            if name not in self.columns:
                self.columns[name] = np.zeros((len(self.rows), *values.shape[1:]), dtype=values.dtype)
            self.columns[name][list(places)] = values
        self.seen[list(places)] = True

    def numbers(self) -> list[Number]:
        """The benchmark's values, of the pictures that were shown."""
        if self.seen.all():
            return self.measure.numbers(self.columns, self.rows)
        rows = [row for row, seen in zip(self.rows, self.seen.tolist(), strict=True) if seen]
        return self.measure.numbers({name: values[self.seen] for name, values in self.columns.items()}, rows)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with any picture's name, label or group."""
        digest = hashlib.sha256(repr(self.listing.classes).encode())
        for row in self.rows:
            digest.update(f"{row.path}\0{row.labels}\0{row.group}\n".encode())
        return digest.hexdigest()[:16]

    def key(self, model: str) -> str:
        """Everything that the kept answers depend on: other answers are not gone on with."""
        options = {"measure": type(self.measure).__name__, **asdict(self.measure)}  # type: ignore[call-overload]
        return json.dumps({"model": model, "pictures": self.fingerprint, "options": options}, default=str)

    def save(self, file: Path, key: str) -> None:
        """Write what there is; the file appears whole or not at all.

        Beside the columns stand, of every picture, the code of its group (a place in `group_names`) and whether any
        answer is right: what an interval over pictures needs.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        with half.open("wb") as written:
            columns: dict[str, Any] = {f"column_{name}": values for name, values in self.columns.items()}
            np.savez(written, key=np.array(key), seen=self.seen, **self._kinds, **columns)
        half.replace(file)

    @cached_property
    def _kinds(self) -> dict[str, Any]:
        codes: dict[str, int] = {}
        group = np.fromiter((codes.setdefault(row.group, len(codes)) for row in self.rows), np.uint16, len(self.rows))
        answerable = np.fromiter((bool(row.labels) for row in self.rows), np.bool_, len(self.rows))
        return {"group_names": np.array(list(codes), dtype=np.str_), "group": group, "answerable": answerable}

    def resume(self, file: Path, key: str) -> None:
        """Take up what was kept for the same model, pictures and options; anything else is passed over."""
        if not file.is_file():
            return
        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
                if str(kept["key"]) == key:
                    self.seen = kept["seen"]
                    names = [name for name in kept.files if name.startswith("column_")]
                    self.columns = {name.removeprefix("column_"): kept[name] for name in names}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):  # a file of something else: begin anew
            return
