import numpy as np
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.maps import dataset_map
from sidelight.records.errors import UserFault
from sidelight.records.example import Example


@pytest.fixture
def dataset(tmp_path):
    with DatasetWriter(
        tmp_path / "d", name="d", task="single_label", classes=("a",), image_root=".", source="csv"
    ) as writer:
        writer.add(Example("e", "e.png", "train", 4, 4, (0,)), mask=np.eye(4, dtype=np.uint8))
    return Dataset.open(tmp_path / "d")


def test_a_mask_comes_back_as_written(dataset):
    assert (dataset_map(dataset, dataset.examples()[0].mask_path) == np.eye(4)).all()


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_missing_or_damaged_mask_is_named(dataset, content):
    path = dataset.root / dataset.examples()[0].mask_path
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(UserFault, match=path.name):
        dataset_map(dataset, dataset.examples()[0].mask_path)
