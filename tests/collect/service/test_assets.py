import gzip

import pytest

from sidelight.collect.service.assets import FOR_EVER, asset, read_assets
from sidelight.collect.service.problem import Trouble


@pytest.fixture
def built(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("export {};" * 200)
    (tmp_path / "assets" / "evil.html").write_text("<script>")
    (tmp_path / "assets" / "notes.md").write_text("#")
    (tmp_path / "assets" / "out.js").symlink_to("/etc/hostname")
    return tmp_path


def test_only_the_front_ends_own_files_are_there(built):
    assert set(read_assets(built)) == {"index.html", "assets/app-1a2b.js"}


def test_a_file_is_packed_where_the_browser_takes_it(built):
    script = read_assets(built)["assets/app-1a2b.js"]
    plain = script.response(accepted="", cache=FOR_EVER)
    packed = script.response(accepted="gzip, br", cache=FOR_EVER)
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["content-type"].startswith("text/javascript")
    assert plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "assets/../index.html", "assets/out.js", "C:\\x"])
def test_no_name_leads_out(built, name):
    with pytest.raises(Trouble):
        asset(read_assets(built), name)


def test_a_front_end_that_was_not_built_is_no_fault(tmp_path):
    assert read_assets(tmp_path / "nowhere") == {}
