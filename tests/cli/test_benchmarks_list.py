from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC


def test_every_benchmark_is_listed_with_everything_about_it(sidelight):
    said = sidelight("benchmarks", "list")
    assert said.code == 0
    out = " ".join(said.out.split())
    for name, row in PUBLIC.items():
        layout = LAYOUTS[name]
        texts = [f"{name}: {row.sentence}", layout.pictures, layout.tree, layout.size, layout.licence, layout.where]
        texts += [metric.definition for metric in row.measure().definition().values()]
        assert [text for text in texts if " ".join(text.split()) not in out] == []


def test_some_can_be_asked_for(sidelight):
    said = sidelight("benchmarks", "list", "imagenet_a")
    assert said.out.startswith("imagenet_a: ")
    assert "imagenet_v2" not in said.out
    assert "Did you mean" in sidelight("benchmarks", "list", "imagenet_b").err
