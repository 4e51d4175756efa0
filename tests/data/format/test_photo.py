import pytest
from PIL import Image

from sidelight.data.format.photo import photo_size


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "bmp"])
def test_the_size_is_in_the_head(tmp_path, ending):
    Image.new("RGB", (30, 20)).save(tmp_path / f"p.{ending}")
    assert photo_size(tmp_path / f"p.{ending}") == (30, 20)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(tmp_path, ending, orientation):
    Image.new("RGB", (30, 20)).save(tmp_path / f"p.{ending}", exif=exif(orientation))
    assert photo_size(tmp_path / f"p.{ending}") == ((30, 20) if orientation < 5 else (20, 30))


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "p.png").write_text("text")
    with pytest.raises(OSError, match="no picture that can be read"):
        photo_size(tmp_path / "p.png")
    with pytest.raises(OSError, match="no such file"):
        photo_size(tmp_path / "none.png")


def test_an_absurd_size_is_refused(tmp_path):
    Image.new("1", (1, 1)).save(tmp_path / "p.bmp")
    head = bytearray((tmp_path / "p.bmp").read_bytes())
    head[18:26] = (60000).to_bytes(4, "little") * 2
    (tmp_path / "p.bmp").write_bytes(head)
    with pytest.raises(OSError, match="exceeds limit"):
        photo_size(tmp_path / "p.bmp")
