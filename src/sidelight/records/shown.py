"""What a public benchmark shows to a model: pictures, and what is right about each."""

import msgspec


class Shown(msgspec.Struct, frozen=True, gc=False):
    """One picture of a benchmark. There may be millions: pictures of a class share one tuple of labels.

    Attributes:
        path: of the file, relative to the folder of its part, with forward slashes.
        labels: the right answers, as indices of ImageNet-1K (wnids in rising order) unless the benchmark says
            otherwise. Empty where no answer is right: it is shown, and how it counts is the benchmark's to say.
        group: what distinguishes pictures within the benchmark: its set, corruption, variant; "" without groups.

    >>> Shown("0/a.jpeg", (0,)).group
    ''
    """

    path: str
    labels: tuple[int, ...]
    group: str = ""
