"""What is measured of an epoch while it is trained, without making the device wait at every step."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from sidelight.train.term import Term

Sums = Mapping[str, Float[Tensor, "2"]]


class Meter:
    """Losses, gradient ratios, pictures and seconds of one epoch.

    Losses stay on the device until `look` is called. A term's mean over the epoch is sum(w v) / sum(w) over all its
    samples (the mean of its batches' means would count a batch with one annotated sample as much as a full one); the
    loss's is the mean over steps.

    Args:
        clock: seconds, monotonic; starts to count now.
        sums, ratios, images, seconds: of the part of the epoch that was trained before an interruption.

    Attributes:
        ratios: gradient ratios seen.
        images: pictures seen.
        seconds: spent, as of the last look.
        loss: of the last step looked at.

    >>> meter = Meter(clock=iter([0.0, 2.0]).__next__)
    >>> meter.add(torch.tensor(2.0), {"class": Term(torch.tensor([1.0, 9.0]), torch.tensor([1.0, 0.0]))}, images=2)
    >>> meter.add(torch.tensor(4.0), {"class": Term(torch.tensor([4.0, 4.0]), torch.tensor([1.0, 1.0]))}, images=2)
    >>> meter.look(), meter.images_per_s
    ([2.0, 4.0], 2.0)
    >>> means(meter.sums)
    {'loss': 3.0, 'loss_class': 3.0}
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        sums: Sums | None = None,
        ratios: Sequence[float] = (),
        images: int = 0,
        seconds: float = 0.0,
    ) -> None:
        self.ratios, self.images, self.seconds = tuple(ratios), images, seconds
        self.loss = math.nan
        self._sums, self._unread = dict(sums or {}), list[Tensor]()
        self._clock, self._since = clock, clock() - seconds

    def add(self, loss: Float[Tensor, ""], terms: Mapping[str, Term], *, images: int) -> None:
        """Count one step."""
        loss = loss.detach()
        self._unread.append(loss)
        self._count("loss", loss, torch.ones_like(loss))
        for name, term in terms.items():
            value, weight = term.value.detach(), term.weight.detach()
            self._count(f"loss_{name}", (value * weight).sum(), weight.sum())
        self.images += images

    def add_ratio(self, ratio: float) -> None:
        """Count one gradient ratio."""
        self.ratios = (*self.ratios, ratio)

    def look(self) -> list[float]:
        """The losses of the steps since the last look, and what time it is. Waits for the device."""
        losses = torch.stack(self._unread).tolist() if self._unread else []
        self._unread.clear()
        self.loss = losses[-1] if losses else self.loss
        self.seconds = self._clock() - self._since
        return losses

    @property
    def sums(self) -> Sums:
        """{name: (weighted sum, sum of weights)} in float64, on the device; `loss` and one `loss_<term>` a term."""
        return dict(self._sums)

    @property
    def images_per_s(self) -> float:
        """As of the last look."""
        return self.images / self.seconds if self.seconds > 0 else math.nan

    @property
    def gradient_ratio(self) -> float:
        """The median of those seen, NaN for none."""
        return statistics.median(self.ratios) if self.ratios else math.nan

    def _count(self, name: str, value: Float[Tensor, ""], weight: Float[Tensor, ""]) -> None:
        pair = torch.stack([value, weight]).double()
        self._sums[name] = self._sums[name] + pair if name in self._sums else pair


def means(sums: Sums) -> dict[str, float]:
    """Weighted sums to means; NaN where nothing was weighted."""
    return {name: float(pair[0] / pair[1]) for name, pair in sums.items()}
