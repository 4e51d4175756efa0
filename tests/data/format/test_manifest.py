import json

import pytest

from sidelight.data.format.manifest import Manifest, read_manifest, write_manifest
from sidelight.records.errors import UserFault

MANIFEST = Manifest(1, "pets", "multi_label", ("cat", "dög"), "/photos", ("final",), "ab", "csv", provenance={"a": "1"})


def test_it_is_read_as_it_was_written(tmp_path):
    write_manifest(MANIFEST, tmp_path)
    assert read_manifest(tmp_path) == MANIFEST


def test_it_is_written_for_people(tmp_path):
    write_manifest(MANIFEST, tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert '\n  "name": "pets",\n' in text
    assert "dög" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"task": "regression"}, "Invalid enum value 'regression'"),
        ({"classes": "cat"}, "Expected `array`"),
        ({"point_policies": ["last"]}, "Invalid enum value 'last'"),
        ({"privacy_grade": "L9"}, "Invalid enum value 'L9'"),
        ({"provenance": {"a": 1}}, "Expected `str`"),
        ({"schema_version": 2}, "schema_version 2"),
    ],
)
def test_what_is_no_manifest_of_this_version_is_refused(tmp_path, change, said):
    write_manifest(MANIFEST, tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    with pytest.raises(UserFault) as refused:
        read_manifest(tmp_path)
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"more": ' + b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(UserFault, match=r"manifest"):
        read_manifest(tmp_path)
