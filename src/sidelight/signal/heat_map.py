"""Places to maps: points, boxes, paths and fixations drawn at the resolution that is wanted, by area, never by nearest.

A cell of a map holds the mean of what is drawn over the cell's area. A 5-pixel disc on a photo of 224 pixels is thus
never lost in a map of 7 x 7, where the nearest pixel would miss it nine times of ten. Everything is in [0, 1] of the
picture: cell i of n covers [i/n, (i+1)/n].
"""

import functools
import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_FINE = 4  # a path is binned into 4 x 4 parts of a cell before it is blurred: an eighth of a cell off at most


def area_shares(old: int, new: int, *, start: float = 0.0, end: float = 1.0) -> FloatArray:
    """Which share of each of `new` equal parts of [0, 1] every one of `old` equal parts of [start, end] covers.

    Returns:
        [new, old]; a row sums to the share of its part that lies in [start, end].

    >>> area_shares(3, 2).round(2).tolist()
    [[0.67, 0.33, 0.0], [0.0, 0.33, 0.67]]
    """
    borders = (np.arange(new + 1)[:, None] / new - start) / (end - start)
    below = np.clip(borders * old - np.arange(old), 0.0, 1.0)  # how much of old part j lies before border i
    shares: FloatArray = np.diff(below, axis=0) * ((end - start) * new / old)
    return shares


def by_area(values: npt.NDArray[np.generic], size: tuple[int, int]) -> FloatArray:
    """Bring a map to another resolution; every new cell is the mean over its area, so the map's mean stays.

    Args:
        values: [H, W], any numbers; it covers the picture.
        size: (height, width) of the result, in cells. A finer map than the old one is cut into equal parts.

    Returns:
        [h, w].

    >>> by_area(np.array([[0.0, 1.0], [2.0, 3.0]]), (1, 1)).tolist()
    [[1.5]]
    """
    height, width = values.shape
    down, across = area_shares(height, size[0]), area_shares(width, size[1])
    found: FloatArray = down @ values.astype(np.float64) @ across.T
    return found


def round_sigma(share: float, width: int, height: int) -> tuple[float, float]:
    """The (x, y) standard deviations of a Gaussian that is round on the photo, from a share of its shorter side.

    >>> round_sigma(0.1, 200, 100)
    (0.05, 0.1)
    """
    side = share * min(width, height)
    return side / width, side / height


def gaussian_map(xy: FloatArray, size: tuple[int, int], *, sigma: tuple[float, float]) -> FloatArray:
    """Gaussians around points, the largest where several reach: the exact mean over each cell.

    Args:
        xy: [n, 2] in [0, 1].
        size: (height, width) in cells.
        sigma: standard deviation along x and y, in [0, 1] of the picture; see `round_sigma`.

    Returns:
        [h, w] in [0, 1]; a Gaussian is 1 at its point before it is averaged over the cells. Zeros without points.
    """
    found = np.zeros(size)
    for x, y in xy:
        np.maximum(found, np.outer(_bell(y, size[0], sigma[1]), _bell(x, size[1], sigma[0])), out=found)
    return found


def _bell(middle: float, cells: int, sigma: float) -> FloatArray:
    """Mean of exp(-(t - middle)^2 / (2 sigma^2)) over each of `cells` equal parts of [0, 1]."""
    edges = (np.arange(cells + 1) / cells - middle) / (sigma * math.sqrt(2))
    integral = np.array([math.erf(edge) for edge in edges])
    return np.diff(integral) * (sigma * math.sqrt(math.pi / 2) * cells)


def box_map(corners: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Share of each cell that lies in any of the boxes, exactly.

    Args:
        corners: [q, 4], x0 y0 x1 y1 in [0, 1].
        size: (height, width) in cells.

    Returns:
        [h, w] in [0, 1].

    >>> box_map(np.array([[0.0, 0.0, 0.5, 1.0], [0.0, 0.0, 0.75, 1.0]]), (1, 2)).tolist()
    [[1.0, 0.5]]
    """
    # Between neighbouring borders, of cells and of boxes alike, a picture is either inside a box or it is not.
    x = np.unique(np.concatenate([np.arange(size[1] + 1) / size[1], corners[:, [0, 2]].ravel()]).clip(0, 1))
    y = np.unique(np.concatenate([np.arange(size[0] + 1) / size[0], corners[:, [1, 3]].ravel()]).clip(0, 1))
    across, down = (x[1:] + x[:-1])[None] / 2, (y[1:] + y[:-1])[:, None] / 2
    inside = np.zeros((len(y) - 1, len(x) - 1), np.bool_)
    for x0, y0, x1, y1 in corners:
        inside |= (across > x0) & (across < x1) & (down > y0) & (down < y1)
    area = inside * np.diff(y)[:, None] * np.diff(x)
    # The middle of two borders a rounding apart may be the picture's own.
    rows = np.minimum((down[:, 0] * size[0]).astype(np.intp), size[0] - 1)
    columns = np.minimum((across[0] * size[1]).astype(np.intp), size[1] - 1)
    found = np.zeros(size)
    np.add.at(found, (rows[:, None], columns[None]), area)
    return np.minimum(found * size[0] * size[1], 1.0)


def dwell_map(xy: FloatArray, time: FloatArray, size: tuple[int, int], *, sigma: tuple[float, float]) -> FloatArray:
    """Where the time was spent: a Gaussian around every fixation or pointer sample, as high as its duration.

    Args:
        xy: [n, 2]; places outside [0, 1] are left out.
        time: [n] >= 0, any unit: how long each lasted (ones where times are not known).
        size: (height, width) in cells.
        sigma: of the Gaussians along x and y, in [0, 1] of the picture; see `round_sigma`. Eye-tracking takes about 1
            degree of visual angle.

    Returns:
        [h, w] with its largest cell at 1; zeros when no time was spent on the picture.

    Source: judd2009learning, section 2.1 (fixations convolved with a Gaussian).
    """
    fine = (size[0] * _FINE, size[1] * _FINE)
    on = ((xy >= 0) & (xy <= 1)).all(axis=1) & (time > 0)
    rows = np.minimum((xy[on, 1] * fine[0]).astype(np.intp), fine[0] - 1)
    columns = np.minimum((xy[on, 0] * fine[1]).astype(np.intp), fine[1] - 1)
    spent = np.zeros(fine)
    np.add.at(spent, (rows, columns), time[on])
    found: FloatArray = _blur(size[0], sigma[1]) @ spent @ _blur(size[1], sigma[0]).T
    return found / found.max() if len(rows) else found


def half_area(values: FloatArray) -> float:
    """The smallest share of the picture that holds half of a map: 0.5 for a constant map, next to 0 for a point.

    Args:
        values: [h, w] >= 0, not all 0.

    >>> half_area(np.array([[3.0, 1.0], [0.0, 0.0]])).item()
    0.25
    """
    falling = np.sort(values, axis=None)[::-1].cumsum()
    return (np.searchsorted(falling, falling[-1] / 2) + 1) / values.size


def centre_of_mass(values: FloatArray) -> tuple[float, float]:
    """(x, y) in [0, 1] of a map's mean place.

    >>> centre_of_mass(np.array([[0.0, 1.0]]))
    (0.75, 0.5)
    """
    height, width = values.shape
    total = float(values.sum())
    x = float(values.sum(axis=0) @ (np.arange(width) + 0.5)) / (total * width)
    y = float(values.sum(axis=1) @ (np.arange(height) + 0.5)) / (total * height)
    return x, y


@functools.lru_cache(maxsize=256)
def _blur(cells: int, sigma: float) -> FloatArray:
    """What every fine part of an axis adds to each of its cells: [cells, cells * _FINE]."""
    fine = cells * _FINE
    return np.array([_bell((i + 0.5) / fine, cells, sigma) for i in range(fine)]).T


def sample_times(elapsed_ms: FloatArray, *, longest_ms: float = 500.0) -> FloatArray:
    """How long the pointer stayed at each sample: until the next one, at most `longest_ms`.

    A pointer that rests sends no samples, so a long gap is time spent at the place before it; a very long one is a
    person who looked away.

    Args:
        elapsed_ms: [n], rising; NaN where a time is not known.
        longest_ms: limit of one stay.

    Returns:
        [n] >= 0; the last sample gets the middle of the others. Ones when a time is unknown or there is one sample.

    >>> sample_times(np.array([0.0, 10.0, 2000.0])).tolist()
    [10.0, 500.0, 255.0]
    """
    if len(elapsed_ms) < 2 or np.isnan(elapsed_ms).any():
        return np.ones(len(elapsed_ms))
    stays = np.diff(elapsed_ms).clip(0.0, longest_ms)
    return np.append(stays, np.median(stays))
