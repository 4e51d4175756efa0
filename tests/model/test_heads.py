import math

import pytest
import torch

from sidelight.model.heads import HEAD_KINDS, PointHead, build_head, seeded


@pytest.mark.parametrize("activation", ["linear", "sigmoid"])
@pytest.mark.parametrize("points", [1, 80])
def test_a_head_gives_one_xy_pair_per_point(activation, points):
    assert PointHead(16, points, activation)(torch.zeros(5, 16)).shape == (5, points, 2)


@pytest.mark.parametrize("activation", ["linear", "sigmoid"])
def test_a_new_head_points_at_the_centre_where_the_features_are_silent(activation):
    assert torch.equal(PointHead(16, 2, activation)(torch.zeros(1, 16)), torch.full((1, 2, 2), 0.5))


def test_points_are_the_rows_of_the_linear_map_two_by_two():
    head = PointHead(3, 2)
    features = torch.tensor([[1.0, -2.0, 0.5]])
    by_hand = [
        sum(w * f for w, f in zip(row, features[0].tolist(), strict=True)) + b
        for row, b in zip(head.linear.weight.tolist(), head.linear.bias.tolist(), strict=True)
    ]
    assert head(features).flatten().tolist() == pytest.approx(by_hand, abs=1e-6)


def test_a_linear_head_may_point_outside_the_picture_and_a_sigmoid_one_not():
    features = 100 * torch.ones(1, 4)
    linear, sigmoid = PointHead(4, 1), PointHead(4, 1, "sigmoid")
    for head in (linear, sigmoid):
        torch.nn.init.ones_(head.linear.weight)
    assert linear(features).min() > 1
    assert sigmoid(features).max() <= 1


def test_a_head_takes_features_of_half_precision_and_answers_in_full():
    assert PointHead(8, 1)(torch.zeros(2, 8, dtype=torch.bfloat16)).dtype == torch.float32


def test_the_weights_start_as_in_any_linear_layer_of_torch():
    weight = PointHead(400, 50).linear.weight.detach()
    assert weight.abs().max() <= 1 / math.sqrt(400)
    assert weight.std() == pytest.approx(1 / math.sqrt(3 * 400), rel=0.05)


@pytest.mark.parametrize("kind", HEAD_KINDS)
def test_every_kind_of_head_is_rebuilt_from_its_settings(kind):
    head = HEAD_KINDS[kind](8, 3)
    again = build_head(head.settings())
    assert type(again) is type(head)
    assert again.settings() == head.settings()
    again.load_state_dict(head.state_dict())


def test_seeded_makes_the_same_head_whatever_was_drawn_before():
    with seeded(5):
        first = PointHead(8, 1).linear.weight
    torch.rand(3)
    with seeded(5):
        assert torch.equal(PointHead(8, 1).linear.weight, first)


def test_seeded_leaves_the_random_numbers_of_the_caller_alone():
    before = torch.get_rng_state()
    with seeded(5):
        torch.rand(3)
    assert torch.equal(torch.get_rng_state(), before)
