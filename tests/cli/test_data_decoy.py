from sidelight.data.format.reader import Dataset

SMALL = ("--annotated", 4, "--large", 4, "--validation", 4, "--validation-annotated", 2, "--test-genuine", 2,
         "--test-a-generator", 2, "--side", 32)  # fmt: skip


def test_a_benchmark_is_drawn_as_asked(sidelight, tmp_path):
    said = sidelight("data", "decoy", tmp_path / "d", "--domain", "irises", "--shortcut", "strong", *SMALL)
    assert said.code == 0
    assert "decoy-irises-strong" in said.out
    assert "drawn by sidelight" in said.out
    dataset = Dataset.open(tmp_path / "d")
    assert dataset.manifest.provenance["agreement"] == "0.95"
    assert len(dataset.examples()) == 24


def test_a_size_that_makes_no_dataset_is_one_line(sidelight, tmp_path):
    said = sidelight("data", "decoy", tmp_path / "d", "--side", 8)
    assert said.code == 1
    assert "decoy's side: 8; allowed: >= 32" in said.err
