from collections import Counter

import msgspec
import numpy as np
import pytest

from sidelight.collect.campaign.mixing import make_hits, make_pages


def change(settings, **fields):
    return msgspec.structs.replace(settings, **fields)


def test_a_browse_page_is_one_part_of_its_class_and_three_of_others(many, browse):
    pages = make_pages(many, browse)
    labels = {one.id: one.label for one in many}
    assert Counter(page.label for page in pages) == {"owl": 9, "heron": 5}
    for page in pages:
        true = sum(labels[one] == page.label for one in page.pictures)
        assert page.mix == {"images": true, "distractors": len(page.pictures) - true}
        assert page.mix["distractors"] == 3 * true
        assert len(set(page.pictures)) == len(page.pictures) <= 48


def test_every_picture_is_on_exactly_one_page_of_its_class(many, browse):
    seen = Counter(one for page in make_pages(many, browse) for one in page.pictures if one[0] != "d")
    assert seen == Counter(one.id for one in many if one.pool == "images")


def test_a_classs_pictures_are_spread_evenly(many, browse):
    sizes = [page.mix["images"] for page in make_pages(many, browse) if page.label == "heron"]
    assert sizes == [11] * 5


def test_distractors_take_turns(many, browse):
    shown = Counter(one for page in make_pages(many, browse) for one in page.pictures if one[0] == "d")
    assert len(shown) == 400
    assert max(shown.values()) - min(shown.values()) <= 1


def test_without_a_pool_of_distractors_other_classes_are_mixed_in(many, browse):
    own = [one for one in many if one.pool == "images"]
    labels = {one.id: one.label for one in own}
    for page in make_pages(own, browse):
        others = [one for one in page.pictures if labels[one] != page.label]
        assert len(others) == 3 * page.mix["images"] == page.mix["distractors"]
        assert len(set(page.pictures)) == len(page.pictures)


def test_a_lone_class_without_distractors_is_shown_alone(many, browse):
    pages = make_pages([one for one in many if one.label == "owl"], browse)
    assert sum(len(page.pictures) for page in pages) == 100
    assert all(page.mix["distractors"] == 0 for page in pages)


def test_the_order_is_that_of_the_stored_seed_and_everything_follows_from_the_campaigns(many, browse):
    again, other = make_pages(many, browse), make_pages(many, change(browse, seed=1))
    assert make_pages(many, browse) == again != other
    first = again[0]
    order = np.random.default_rng(first.seed).permutation(len(first.pictures))
    sorted_out = [one for _, one in sorted(zip(order, first.pictures, strict=True))]
    assert [one[0] for one in sorted_out] == ["h"] * first.mix["images"] + ["d"] * first.mix["distractors"]


@pytest.mark.parametrize("task", ["tag", "paint"])
def test_tag_and_paint_show_one_picture_a_page(many, browse, task):
    pages = make_pages(many, change(browse, task=task))
    assert [len(page.pictures) for page in pages] == [1] * 155
    assert {page.label for page in pages} == {""}


def test_hits_hold_all_pages_in_another_order(many, browse):
    hits = make_hits(many, browse)
    assert [len(hit) for hit in hits] == [10, 4]
    flat = [page for hit in hits for page in hit]
    assert sorted(map(repr, flat)) == sorted(map(repr, make_pages(many, browse)))
    assert flat != make_pages(many, browse)


def test_gold_pages_are_among_the_others_and_gold_pictures_on_no_other_page(many, browse):
    gold = [
        msgspec.structs.replace(one, gold=True) if one.path in ("owl/1", "owl/2", "heron/3") else one for one in many
    ]
    hits = make_hits(gold, change(browse, gold_share=0.2))
    for hit in hits:
        assert sum(page.gold for page in hit) == 2
        assert not hit[0].gold
    shown = {one for hit in hits for page in hit if not page.gold for one in page.pictures}
    assert not shown & {"o1", "o2", "h3"}
    assert {one for hit in hits for page in hit if page.gold for one in page.pictures if one[0] != "d"} <= {
        "o1",
        "o2",
        "h3",
    }


def test_without_gold_pictures_there_are_no_gold_pages(many, browse):
    assert not any(page.gold for hit in make_hits(many, change(browse, gold_share=0.2)) for page in hit)
