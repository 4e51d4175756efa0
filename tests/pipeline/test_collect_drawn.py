import numpy as np
import pytest
from PIL import Image

from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import HEIGHT, SHAPES, WIDTH, draw_campaign


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_campaign_of_every_task_can_be_drawn(tmp_path, task):
    campaign, world = draw_campaign(tmp_path, task=task, pictures=9, clock=wall_clock, annotators=3)
    assert (campaign.settings.task, campaign.settings.annotators) == (task, 3)
    assert len(world.examples) == 9
    assert {example.labels for example in world.examples.values()} == {(0,), (1,), (2,)}


def test_boxes_hold_the_shapes(tmp_path):
    _, world = draw_campaign(tmp_path, task="paint", pictures=12, clock=wall_clock)
    for example in world.examples.values():
        pixels = np.asarray(Image.open(tmp_path / "pictures" / example.path)).astype(int)
        (box,) = example.boxes
        x, y = round((box.x0 + box.x1) / 2 * WIDTH), round((0.4 * box.y0 + 0.6 * box.y1) * HEIGHT)
        colour = pixels[y, x]
        ys, xs = np.nonzero((pixels == colour).all(axis=2))
        assert (xs.min() / WIDTH, (xs.max() + 1) / WIDTH) == pytest.approx((box.x0, box.x1), abs=1.5 / WIDTH)
        assert (ys.max() + 1) / HEIGHT == pytest.approx(box.y1, abs=1.5 / HEIGHT)


def test_the_same_seed_draws_the_same_pictures(tmp_path):
    for folder in ("a", "b"):
        draw_campaign(tmp_path / folder, task="paint", pictures=3, seed=4, clock=wall_clock)
    for shape, number in zip(SHAPES, range(3), strict=True):
        first, second = (tmp_path / f / "pictures" / shape / f"{shape}_{number}.png" for f in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()
