import numpy as np
import PIL.Image
import pytest
import torch
from tests.fakes import ColourNet, colour_model, colour_of, paint
from tests.public_trees import backgrounds_challenge, in9_map

from sidelight.pipeline.public import Place, chosen, evaluate_public
from sidelight.pipeline.public_model import PublicModel, View
from sidelight.pipeline.public_pass import Pace
from sidelight.pipeline.subject import Subject
from sidelight.records.errors import UserFault

NAME = "backgrounds_challenge_accuracy"


def mask(root, name, file, inside):
    place = root / "bg_challenge" / "fg_mask" / "val" / name
    place.mkdir(parents=True, exist_ok=True)
    np.save(place / f"{file}.npy", inside.astype(np.float64))


def measured(model, root, out=None, **pace):
    (found,) = evaluate_public(model, chosen([NAME]), Place(root, out, partial=True), **pace)
    assert (found.metric, found.subset) == ("accuracy", "all (partial)")
    return found


def with_dogs(root, dogs, backgrounds):
    """Dogs, each (class shown, whether its mask covers the middle), before backgrounds of given classes."""
    backgrounds_challenge(root / "bg_challenge", {})
    for variant in ("original", "only_bg_t"):
        for file in (root / "bg_challenge" / variant).glob("val/*/*.JPEG"):
            file.unlink()
    for number, (label, covers) in enumerate(dogs):
        paint(root / "bg_challenge" / "original" / "val" / "00_dog" / f"n{number}.JPEG", label)
        mask(root, "00_dog", f"n{number}", np.full((8, 8), covers))
    for number, label in enumerate(backgrounds):
        paint(root / "bg_challenge" / "only_bg_t" / "val" / "08_fish" / f"b{number:03d}.JPEG", label)


class MeanNet(ColourNet):
    """Reads the class off the mean colour, so that object and background both have a say."""

    def forward(self, images):
        mean = images.mean((2, 3), keepdim=True).expand(-1, -1, 8, 8)
        return super().forward(mean)


def mean_model():
    plain = colour_model().subject
    subject = Subject(MeanNet(), {}, plain.augmentation, None, None, plain.provenance)
    return PublicModel(subject, View(8, 8, "bilinear"))


def by_the_definition(root, model):
    """The share from the definition alone: floats, one composite at a time, no order, no stopping."""
    challenge = root / "bg_challenge"
    to_in9 = in9_map()
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in ColourNet.normalisation)

    def read(file):
        return torch.from_numpy(np.array(PIL.Image.open(file))).permute(2, 0, 1).float() / 255

    backgrounds = [read(file) for file in sorted(challenge.glob("only_bg_t/val/*/*.JPEG"))]
    robust = []
    for file in sorted(challenge.glob("original/val/*/*.JPEG")):
        inside = np.load(challenge / "fg_mask" / "val" / file.parent.name / f"{file.stem}.npy")
        covered = torch.from_numpy(inside).float()
        said = []
        for background in backgrounds:
            composite = background * (1 - covered) + covered * read(file)
            with torch.inference_mode():
                logits = model.subject.backbone(((composite - mean) / std)[None]).logits
            said.append(to_in9[str(int(logits.argmax()))])
        robust.append(not any(answer != int(file.parent.name[:2]) for answer in said))
    return robust


@pytest.mark.parametrize("seed", range(3))
def test_any_of_all_backgrounds_as_by_the_definition(tmp_path, seed):
    rng = np.random.default_rng(seed)
    backgrounds_challenge(tmp_path / "bg_challenge", {})
    challenge = tmp_path / "bg_challenge"
    for file in challenge.glob("*/val/*/*.JPEG"):
        label = next(int(i) for i, number in in9_map().items() if number == int(file.parent.name[:2]))
        pixels = np.array(colour_of(label + 2)) + rng.normal(0, 4, (8, 8, 3))
        PIL.Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, quality=95)
        if file.is_relative_to(challenge / "original"):
            mask(tmp_path, file.parent.name, file.stem, rng.random((8, 8)) < rng.choice([0.2, 0.9, 0.98, 1.0]))
    robust = by_the_definition(tmp_path, mean_model())
    assert 0 < sum(robust) < len(robust)
    assert measured(mean_model(), tmp_path, pace=Pace(batch_size=4)).value == pytest.approx(np.mean(robust))


def test_an_answer_of_no_coarse_class_hides_the_object(tmp_path):
    with_dogs(tmp_path, [(151, True), (174, True), (999, True)], [1, 2, 3])
    assert in9_map()["999"] == -1
    found = measured(colour_model(), tmp_path)
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)


def test_it_stops_at_the_first_batch_that_hides_the_object_and_tries_that_background_first_next_time(tmp_path):
    with_dogs(tmp_path, [(151, False), (152, False), (153, True)], [151] * 39 + [1])
    model = colour_model()
    found = measured(model, tmp_path, tmp_path / "out", pace=Pace(batch_size=16))
    assert found.value == pytest.approx(1 / 3)
    assert [shape[0] for shape in model.subject.backbone.sizes] == [8, 16, 16, 8, 8, 16, 16]
    with np.load(tmp_path / "out" / "answers" / f"{NAME}.npz") as kept:
        assert kept["column_fooled"].tolist() == [0] * 3 + [0] * 39 + [2]
        assert kept["column_vulnerable"].tolist()[:3] == [True, True, False]
        assert kept["seen"].all()  # else the number would be marked as partial


class Interrupted(Exception):
    pass


def test_it_goes_on_where_it_was_interrupted(tmp_path):
    with_dogs(tmp_path, [(151, number % 2 == 0) for number in range(5)], [151, 1, 2])

    def stop(done, total):
        if done == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        measured(colour_model(), tmp_path, tmp_path / "out", progress=stop)
    told, model = [], colour_model()
    found = measured(model, tmp_path, tmp_path / "out", progress=lambda *now: told.append(now))
    assert told[-2:] == [(4, 5), (5, 5)]
    assert len(model.subject.backbone.sizes) == 2
    assert found.value == pytest.approx(3 / 5) == measured(colour_model(), tmp_path).value


def test_a_background_of_another_size_is_refused(tmp_path):
    with_dogs(tmp_path, [(151, True)], [151, 1])
    paint(tmp_path / "bg_challenge" / "original" / "val" / "00_dog" / "n0.JPEG", 151, side=9)
    with pytest.raises(UserFault, match="9x9 pixels; allowed: 8x8"):
        measured(colour_model(), tmp_path)
