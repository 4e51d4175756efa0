"""The masks and heat maps of a dataset, read with a fault that names the file."""

import numpy as np
import numpy.typing as npt

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.records.errors import UserFault

GreyMap = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


def dataset_map(dataset: Dataset, path: str) -> GreyMap:
    """Read an example's mask or heat map.

    Args:
        dataset: that the path is relative to.
        path: an example's `mask_path` or `map_path`.

    Returns:
        [H, W] grey levels.

    Raises:
        UserFault: if the file is missing, damaged or not grey.
    """
    try:
        return read_map(dataset.root / path)
    except (OSError, ValueError) as error:
        raise UserFault(
            f"map {str(dataset.root / path)!r}",
            seen=str(error),
            allowed="a grey PNG with 8 or 16 bits",
            remedy=f"Run `sidelight data validate {dataset.root}` to see every fault",
        ) from error
