import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.evaluate.background import (
    VARIANTS,
    BackgroundDraws,
    background_reliance,
    background_variants,
    mixed,
    only_background_black,
    only_background_tiled,
    only_foreground,
)
from sidelight.records.errors import UserFault

BOX = np.array([[0.25, 0.25, 0.75, 0.75]])
CLASSES = 3


@st.composite
def photos(draw):
    """Columns (ids, labels, coverage) of a set of photos with at least one pair that can be scored."""
    count = draw(st.integers(2, 25))
    labels = draw(st.lists(st.integers(0, CLASSES - 1), min_size=count, max_size=count))
    coverage = draw(st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.51, 1.0]), min_size=count, max_size=count))
    labels[:2], coverage[:2] = [0, 0], [0.3, 0.3]
    return [f"photo_{number}" for number in range(count)], np.array(labels), np.array(coverage)


def painted(labels):
    """Photos whose background has the grey value 20 + label and whose object has 120 + label."""
    images = np.repeat((20 + labels).astype(np.uint8), 8 * 8 * 3).reshape(-1, 8, 8, 3)
    images[:, 2:6, 2:6] += 100
    return images


def scores_of(read, labels, draws):
    """Scores on every variant of a model that `read`s a class off a picture."""
    images = painted(labels)
    shown = background_variants(draws, image_of=images.__getitem__, boxes_of=lambda _: BOX)
    answers = {name: [] for name in VARIANTS}
    for _, variants in shown:
        for name, image in variants.items():
            answers[name].append(np.eye(CLASSES)[int(np.clip(read(image), 0, CLASSES - 1))])
    return {name: np.array(rows) for name, rows in answers.items()}


@pytest.fixture
def many():
    labels = np.random.default_rng(5).integers(0, CLASSES, 200)
    draws = BackgroundDraws.make([f"{n}" for n in range(200)], labels, np.full(200, 0.25), seed=1)
    return labels, draws


def test_every_variant_is_exact_to_the_pixel():
    image = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3) + 1
    donor = np.full((4, 4, 3), 99, np.uint8)
    inside = np.zeros((4, 4, 1), bool)
    inside[1:3, 1:3] = True
    assert np.array_equal(only_foreground(image, BOX), np.where(inside, image, 0))
    assert np.array_equal(only_background_black(image, BOX), np.where(inside, 0, image))
    assert np.array_equal(mixed(image, BOX, donor), np.where(inside, image, donor))
    # The largest strip is the top row; it is repeated downwards over the box.
    assert np.array_equal(only_background_tiled(image, BOX), np.where(inside, image[:1], image))


def test_a_donor_of_another_size_is_stretched():
    image = np.zeros((8, 6, 3), np.uint8)
    for shape in [(16, 12, 3), (3, 3, 3), (16, 3, 3)]:
        out = mixed(image, BOX, np.full(shape, 77, np.uint8))
        assert out.shape == image.shape
        assert (out[0] == 77).all()
        assert (out[4, 3] == 0).all()


def test_a_model_that_reads_only_the_background_has_the_gap_that_the_draws_imply(many):
    labels, draws = many
    found = background_reliance(scores_of(lambda image: image[0, 0, 0] - 20.0, labels, draws), labels[draws.scored])
    lucky = np.mean(labels[draws.rand] == labels[draws.scored])
    assert found["original"] == found["only_bg_b"] == found["only_bg_t"] == found["mixed_same"] == 1
    assert found["mixed_rand"] == lucky
    assert found["gap"] == 1 - lucky
    assert 0.5 < found["gap"] < 0.8  # two of three random classes are wrong


def test_a_model_that_reads_only_the_object_has_no_gap(many):
    labels, draws = many
    found = background_reliance(scores_of(lambda image: image[4, 4, 0] - 120.0, labels, draws), labels[draws.scored])
    assert found["gap"] == 0
    assert found["only_fg"] == found["mixed_rand"] == 1
    assert found["only_bg_t"] == np.mean(labels[draws.scored] == 0)  # it sees nothing and says class 0


@given(photos(), st.integers(0, 99))
def test_draws_keep_their_promises(columns, seed):
    ids, labels, coverage = columns
    draws = BackgroundDraws.make(ids, labels, coverage, seed=seed)
    rows = [draws.scored, draws.same, draws.rand]
    assert all(((coverage[part] > 0) & (coverage[part] <= 0.5)).all() for part in rows)
    assert (labels[draws.same] == labels[draws.scored]).all()
    assert (draws.same != draws.scored).all()
    assert (draws.rand != draws.scored).all()
    usable = (coverage > 0) & (coverage <= 0.5)
    partners = [usable[row] and (usable & (labels == labels[row])).sum() > 1 for row in range(len(ids))]
    assert draws.scored.tolist() == np.flatnonzero(partners).tolist()


@given(photos(), st.randoms(), st.integers(0, 99))
def test_draws_do_not_depend_on_the_order_of_the_photos(columns, random, seed):
    ids, labels, coverage = columns
    order = list(range(len(ids)))
    random.shuffle(order)
    shuffled = [ids[row] for row in order]

    def by_id(names, draws):
        parts = zip(draws.scored, draws.same, draws.rand, strict=True)
        return {names[row]: (names[same], names[rand]) for row, same, rand in parts}

    first = BackgroundDraws.make(ids, labels, coverage, seed=seed)
    second = BackgroundDraws.make(shuffled, labels[order], coverage[order], seed=seed)
    assert by_id(ids, first) == by_id(shuffled, second)


def test_another_seed_draws_other_donors(many):
    labels, draws = many
    other = BackgroundDraws.make([f"{n}" for n in range(200)], labels, np.full(200, 0.25), seed=2)
    assert not np.array_equal(draws.same, other.same)
    assert not np.array_equal(draws.rand, other.rand)


def test_the_random_class_is_uniform_although_the_classes_are_not():
    labels = np.array([0] * 1800 + [1] * 150 + [2] * 50)
    draws = BackgroundDraws.make([f"{n}" for n in range(2000)], labels, np.full(2000, 0.3), seed=3)
    shares = np.bincount(labels[draws.rand], minlength=3) / 2000
    assert np.abs(shares - 1 / 3).max() < 0.04  # three standard errors
    donors = np.bincount(draws.rand, minlength=2000)
    assert donors[labels == 2].min() > 0  # and every photo of a class gets its turn


def test_a_golden_draw_stays_what_it_is():
    draws = BackgroundDraws.make(list("abcdef"), np.array([0, 0, 0, 1, 1, 1]), np.full(6, 0.5), seed=0)
    assert draws.scored.tolist() == [0, 1, 2, 3, 4, 5]
    assert draws.same.tolist() == [2, 2, 0, 5, 3, 3]
    assert draws.rand.tolist() == [3, 2, 0, 4, 5, 4]


def test_a_set_without_background_is_refused():
    with pytest.raises(UserFault, match="none of 3 photos has a partner"):
        BackgroundDraws.make(list("abc"), np.array([0, 0, 1]), np.array([0.9, 0.3, 0.3]), seed=0)


@pytest.mark.parametrize(("ids", "labels"), [("aa", [0, 0]), ("ab", [0])])
def test_columns_that_do_not_match_are_refused(ids, labels):
    with pytest.raises(ValueError, match="ids"):
        BackgroundDraws.make(list(ids), np.array(labels), np.array([0.3, 0.3]), seed=0)


def test_photos_are_shown_one_at_a_time(many):
    labels, draws = many
    seen = []

    def image_of(row):
        seen.append(row)
        return painted(labels[[row]])[0]

    shown = background_variants(draws, image_of=image_of, boxes_of=lambda _: BOX)
    assert next(shown)[0] == draws.scored[0]
    assert seen == [draws.scored[0], draws.same[0], draws.rand[0]]


def test_a_missing_variant_is_named():
    scores = {name: np.eye(2) for name in VARIANTS if name != "mixed_rand"}
    with pytest.raises(ValueError, match="mixed_rand"):
        background_reliance(scores, np.arange(2))
