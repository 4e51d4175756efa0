import re

import numpy as np
import pytest

from sidelight.records.example import Box
from sidelight.report.map_page import MapItem, MapPage, render, write_map_page


def item(**changed):
    values = {
        "image": np.full((20, 30, 3), 90, np.uint8),
        "map": np.eye(4),
        "labels": ("cat",),
        "explained": "cat",
        "said": ("dog", 0.75),
        "boxes": (Box(0.1, 0.1, 0.5, 0.5),),
    }
    return MapItem(**(values | changed))


def test_a_card_says_whose_map_it_is_and_whether_the_model_was_right():
    page = render(MapPage({"model": "luab"}, (item(), item(labels=("cat", "dog")))))
    assert page.count("where it saw cat") == 2
    assert page.count("model: dog, 75 %") == 4  # in words and in the picture's description
    assert [page.count(f'class="{word}"') for word in ("wrong", "right")] == [1, 1]


def test_every_picture_is_described_and_nothing_is_fetched():
    page = render(MapPage({"model": "luab", "method": "cam"}, (item(),)))
    images = re.findall(r"<img [^>]*>", page)
    assert len(images) == 2
    assert all('alt="' in image and 'src="data:image/jpeg;base64,' in image for image in images)
    assert not re.search(r'(src|href)="(http|//|/)', page)
    assert "method <b>cam</b>" in page


def test_words_of_users_are_escaped():
    page = render(MapPage({"model": "<i>m</i>"}, (item(labels=("<b>cat</b>",), explained="<b>cat</b>"),)))
    assert "<b>cat</b>" not in page
    assert "<i>m</i>" not in page


@pytest.mark.parametrize("items", [(), (item(),)])
def test_the_page_replaces_an_older_one(tmp_path, items):
    (tmp_path / "maps.html").write_text("old")
    written = write_map_page(MapPage({"model": "luab"}, items), tmp_path / "maps.html").read_text("utf-8")
    assert f"{len(items)} of the pictures" in written
    assert "old" not in written[:20]
