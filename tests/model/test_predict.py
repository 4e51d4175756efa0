import numpy as np
import pytest
import torch

from sidelight.model.predict import predict


def test_scores_are_the_logits_of_evaluation_mode_in_order(backbone, batches):
    predicted = predict(backbone, batches)
    backbone.eval()
    with torch.no_grad():
        expected = torch.cat([backbone(batch.images).logits for batch in batches])
    assert predicted.ids == tuple("abcdefg")
    assert predicted.scores.dtype == np.float32
    np.testing.assert_array_equal(predicted.scores, expected.numpy())
    assert predicted.points is None


def test_a_point_head_adds_points(backbone, point_head, batches):
    predicted = predict(backbone, batches, heads={"point": point_head})
    with torch.no_grad():
        expected = point_head(backbone.eval()(batches[1].images).pooled)
    np.testing.assert_array_equal(predicted.points[4:], expected.numpy())


def test_predicting_changes_neither_the_model_nor_its_mode(backbone, point_head, batches):
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    point_head.eval()
    predict(backbone, batches, heads={"point": point_head})
    assert backbone.training
    assert not point_head.training
    assert all(torch.equal(value, before[name]) for name, value in backbone.state_dict().items())


def test_the_mode_comes_back_also_when_the_batches_end_in_a_fault(backbone, batches):
    def stream():
        yield batches[0]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        predict(backbone, stream())
    assert backbone.training


def test_batches_are_taken_one_after_the_other(backbone, batches):
    events = []
    backbone.register_forward_pre_hook(lambda *_: events.append("model"))

    def stream():
        for batch in batches:
            events.append("batch")
            yield batch

    predict(backbone, stream())
    assert events == ["batch", "model", "batch", "model"]


def test_half_precision_is_close_to_full_and_answers_in_full(backbone, point_head, batches):
    full = predict(backbone, batches, heads={"point": point_head})
    half = predict(backbone, batches, heads={"point": point_head}, precision="bf16-mixed")
    assert half.scores.dtype == half.points.dtype == np.float32
    assert 0 < np.abs(full.scores - half.scores).max() < 0.1


def test_no_batches_are_refused(backbone):
    with pytest.raises(ValueError, match="no batches"):
        predict(backbone, [])
