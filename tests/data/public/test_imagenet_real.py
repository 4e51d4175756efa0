import json

import numpy as np
import pytest
import torch
from tests.fakes import paint
from timm.data.real_labels import RealLabelsImagenet

from sidelight.data.public.imagenet_names import timm_list, wnids
from sidelight.data.public.imagenet_real import ImageNetReal, _labels
from sidelight.evaluate.public.real import Real
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown

LISTS = json.loads(timm_list("imagenet_real_labels.json").read_text())


def photo(number):
    return f"ILSVRC2012_val_{number:08d}.JPEG"


def test_of_fifty_thousand_photos_3163_have_no_label():
    labels = _labels(timm_list("imagenet_real_labels.json"))
    assert (len(labels), sum(not each for each in labels)) == (50_000, 3_163)


def test_labels_come_by_the_number_in_the_name_in_either_layout(tmp_path):
    numbers = [1, 2, 117, 49_999, 50_000]
    for number in numbers:
        paint(tmp_path / "flat" / photo(number), 0)
        paint(tmp_path / "sorted" / wnids()[number % 7] / photo(number), 0)
    for folder in ("flat", "sorted"):
        (part,) = ImageNetReal(folder=tmp_path / folder).read(tmp_path).parts
        found = {row.path.rpartition("/")[2]: row.labels for row in part.rows}
        assert found == {photo(number): tuple(LISTS[number - 1]) for number in numbers}


def test_a_photo_of_another_name_and_a_missing_photo_are_faults(tmp_path):
    paint(tmp_path / "val" / photo(0), 0)
    paint(tmp_path / "val" / "cat.JPEG", 0)
    said = [fault.message for fault in ImageNetReal().read(tmp_path).faults]
    assert said == ["not named ILSVRC2012_val_00000001 to _00050000"] * 2 + ["0 photos instead of 50000"]


@pytest.mark.parametrize(("content", "seen"), [("[[1]]", "1 lists"), ("{", "unreadable"), ('[["a"]]', "unreadable")])
def test_what_is_not_the_authors_list_is_refused(tmp_path, content, seen):
    (tmp_path / "real.json").write_text(content)
    (tmp_path / "val").mkdir()
    with pytest.raises(UserFault, match=seen):
        ImageNetReal(labels=tmp_path / "real.json").read(tmp_path)


def test_the_number_is_timm_s_whatever_the_order_of_the_photos():
    rng = np.random.default_rng(0)
    order = rng.permutation(50_000)
    shown = order[:5_000]
    said = rng.integers(1000, size=5_000)
    for place, number in enumerate(shown):
        if LISTS[number] and rng.random() < 0.7:
            said[place] = LISTS[number][-1]
    scores = torch.nn.functional.one_hot(torch.from_numpy(said), 1000).float()
    official = RealLabelsImagenet([photo(number + 1) for number in order], topk=(1,))
    official.add_result(scores)
    rows = [Shown(photo(number + 1), tuple(LISTS[number])) for number in shown]
    columns = Real().answers(scores.numpy(), rows, ())
    (number,) = Real().numbers(columns, rows)
    assert number.n == sum(bool(LISTS[number]) for number in shown) < 5_000
    assert 100 * number.value == pytest.approx(official.get_accuracy(1))
    assert np.mean(columns["top1"]) < number.value  # what counting photos without a label as wrong would give
