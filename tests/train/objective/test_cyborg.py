import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from timm import create_model

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.step import Seen, loss_of
from sidelight.train.term import Term


def stretched(values, known):
    low, high = values[known].min(), values[known].max()
    return (values - low) / (high - low)


def by_hand(model, human, weight, distance):
    """Of one map: both stretched over the known cells, then the weighted mean square, or its norm over all cells."""
    known = weight > 0
    square = (stretched(model, known) - stretched(human, known)) ** 2
    mean = np.average(square[known], weights=weight[known])
    return mean if distance == "mse" else np.sqrt(mean * square.size)


@pytest.mark.parametrize("distance", ["l2", "mse"])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_distance_of_two_stretched_maps(draw, seed, distance):
    drawn = draw(seed)
    term = Cyborg(distance=distance)(drawn.outputs, drawn.batch(), {})["map"]
    for image in range(len(drawn.labels)):
        assert term.weight[image] == pytest.approx(drawn.has[image, 0])
        if drawn.has[image, 0]:
            model = drawn.cams[image, drawn.labels[image]]
            expected = by_hand(model, drawn.saliency[image, 0], drawn.known[image, 0], distance)
            assert term.value[image].item() == pytest.approx(expected, rel=1e-4)


def test_where_all_is_known_the_norm_is_numpys(draw):
    drawn = draw()
    drawn.known[:] = 1
    term = Cyborg()(drawn.outputs, drawn.batch(), {})["map"]
    every = np.ones_like(drawn.saliency[0, 0], dtype=bool)
    difference = stretched(drawn.cams[0, drawn.labels[0]], every) - stretched(drawn.saliency[0, 0], every)
    assert term.value[0].item() == pytest.approx(np.linalg.norm(difference), rel=1e-5)


def test_the_predicted_class_is_the_one_with_the_largest_logit(draw):
    drawn = draw(1)
    drawn.labels = (drawn.outputs.logits.argmax(dim=1).numpy() + 1) % 3
    told = {name: Cyborg(cam_class=name)(drawn.outputs, drawn.batch(), {})["map"] for name in ("true", "predicted")}
    drawn.labels = drawn.outputs.logits.argmax(dim=1).numpy()
    favoured = Cyborg()(drawn.outputs, drawn.batch(), {})["map"]
    assert torch.equal(told["predicted"].value, favoured.value)
    assert not torch.equal(told["true"].value, favoured.value)


def test_with_several_labels_every_class_on_the_image_has_its_map(draw):
    drawn, targets = draw(2, k=3), np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]])
    term = Cyborg(labels="multi")(drawn.outputs, drawn.batch(targets), {})["map"]
    for image, present in enumerate(targets):
        shares = present * drawn.has[image]
        assert term.weight[image] == pytest.approx(shares.max())
        if shares.max():
            maps = zip(drawn.cams[image], drawn.saliency[image], drawn.known[image], strict=True)
            each = [by_hand(*three, "l2") for three in maps]
            assert term.value[image].item() == pytest.approx(np.average(each, weights=shares), rel=1e-4)


def test_alpha_blends_the_two_terms_exactly():
    one = torch.ones(2)
    seen = Seen(outputs=None, terms={"class": Term(2 * one, one), "map": Term(3 * one, one)})
    objective = Cyborg(alpha=0.01)
    assert (objective.class_weight, objective.weight) == (0.01, 0.99)
    assert loss_of(seen, objective, objective.weight).item() == pytest.approx(0.01 * 2 + 0.99 * 3)
    assert loss_of(seen, Cyborg(alpha=1.0), 0.0).item() == 2


def test_by_a_ratio_the_class_term_counts_once():
    assert Cyborg(ratio=0.3).class_weight == 1


def reference(tensor, parameters, logits, labels, hmap, alpha):
    """The authors' loss, transcribed from the description of their script, image by image in NumPy: the CAM of the
    predicted class without bias, `-= min`, `/= max`, mean squared error over all cells, alpha times the cross-entropy.
    """
    cams = []
    for i in range(len(tensor)):
        c, h, w = tensor[i].shape
        cam = (parameters[logits[i].argmax()] @ tensor[i].reshape(c, h * w)).reshape(h, w)
        cam = cam - cam.min()
        cams.append(cam / cam.max())
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    class_loss = -np.mean([log_p[i, label] for i, label in enumerate(labels)])
    return alpha * class_loss + (1 - alpha) * np.mean((np.stack(cams) - hmap) ** 2)


AS_CODED = {"cam_class": "predicted", "distance": "mse", "compat": "cyborg"}


@given(st.integers(0, 2**31), st.sampled_from([0.01, 0.5, 0.9]))
def test_compat_is_the_authors_script_on_random_tensors(seed, alpha):
    rng = np.random.default_rng(seed)
    tensor, parameters = rng.normal(size=(6, 8, 7, 7)), rng.normal(size=(2, 8))
    logits, labels = rng.normal(size=(6, 2)), rng.integers(2, size=6)
    maps = rng.random((6, 7, 7))
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    hmap = (maps - low) / (high - low)

    def told(array):
        return torch.tensor(array, dtype=torch.float32)

    features = torch.zeros(6, 8, 7, 7)
    outputs = Outputs(
        told(logits), features, features.mean(dim=(2, 3)), told(parameters), torch.zeros(2), inner={"x": told(tensor)}
    )
    one = torch.ones(6, 1, 7, 7)
    batch = Batch(
        ids=tuple("abcdef"),
        images=torch.zeros(6, 3, 1, 1),
        targets=torch.eye(2)[torch.tensor(labels)],
        points=torch.zeros(6, 1, 2),
        has_point=torch.zeros(6, 1),
        saliency=told(hmap)[:, None],
        weight=one,
        has_saliency=torch.ones(6, 1),
    )
    objective = Cyborg(alpha=alpha, **AS_CODED)
    loss = loss_of(Seen(outputs, objective(outputs, batch, {})), objective, objective.weight)
    assert loss.item() == pytest.approx(reference(tensor, parameters, logits, labels, hmap, alpha), rel=1e-4)


@pytest.mark.parametrize(
    ("name", "layer", "pooled"),
    [
        ("resnet18", "layer4.1.conv2", False),
        ("resnet50", "layer4.2.conv3", False),
        ("densenet121", "features.norm5.drop", False),
        ("legacy_xception", "conv4", False),
        ("inception_v3", "Mixed_7c", True),
    ],
)
def test_compat_takes_the_tensor_that_the_script_hooks(name, layer, pooled):
    """Which is the one that is pooled in Inception alone; of DenseNet it is what its last ReLU is given."""
    backbone = Backbone(Network(name, image_size=96), 2, generator_seed=0).eval()
    assert Cyborg(compat="cyborg").layers(backbone.net) == (layer,)
    images = torch.randn(1, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        outputs = backbone(images, [layer])
    hooked = outputs.inner[layer]
    assert hooked.shape == outputs.features.shape
    assert torch.equal(hooked, outputs.features) == pooled
    if name == "densenet121":
        assert torch.equal(hooked.relu(), outputs.features)


def test_compat_is_refused_for_networks_that_the_script_does_not_know():
    with pytest.raises(UserFault, match=r"'cyborg' with a VisionTransformer; allowed: resnet\*"):
        Cyborg(compat="cyborg").layers(create_model("vit_tiny_patch16_224"))


def test_a_class_token_has_no_cam_and_the_fault_names_what_helps(draw):
    drawn = draw()
    other = msgspec.structs.replace(drawn.outputs, pooling="other")
    with pytest.raises(UserFault, match="Grad-CAM"):
        Cyborg()(other, drawn.batch(), {})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"alpha": 1.5}, "alpha"),
        ({"alpha": -0.1}, "alpha"),
        ({"alpha": 0.3, "ratio": 0.1}, "a ratio is given"),
        ({"labels": "multi", "cam_class": "predicted"}, "several labels"),
        ({"labels": "multi", "compat": "cyborg"}, "compat"),
        ({"layer": "layer3", "compat": "cyborg"}, "compat"),
        ({"layer": "layer3", "labels": "multi"}, "several labels"),
    ],
)
def test_knobs_out_of_range_and_contradictions_are_refused(fields, named):
    with pytest.raises(UserFault, match=named):
        Cyborg(**fields)
