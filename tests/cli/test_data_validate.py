import shutil


def test_a_sound_dataset_has_no_fault(walked):
    at, said = walked
    assert said["validate"].code == 0
    assert said["validate"].out.strip() == f"{at / 'boxes'}: no fault"


def test_every_fault_is_told_with_its_place(sidelight, walked, table, tmp_path):
    damaged = shutil.copytree(walked[0] / "boxes", tmp_path / "damaged")
    for name in ("traces.parquet", "examples.parquet"):
        (damaged / name).write_bytes(b"no table")
    said = sidelight("data", "validate", damaged)
    assert said.code == 1
    faults = [line for line in said.out.splitlines() if line.startswith("fault: ")]
    assert all(any(name in fault for fault in faults) for name in ("traces", "examples"))
    assert said.out.splitlines()[-1] == f"{damaged}: {len(faults)} faults"


def test_what_is_printed_can_be_limited(sidelight, tmp_path):
    said = sidelight("data", "validate", tmp_path / "nowhere", "--shown", 0)
    assert said.code == 1
    assert "fault: " not in said.out
