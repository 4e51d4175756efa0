"""A picture's size, from the head of its file."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)


def photo_size(path: Path) -> tuple[int, int]:
    """Read (width, height) in pixels, upright (after the EXIF orientation), without decoding the picture.

    A file whose head is sound but whose pixels are cut off passes; decoding finds that.

    Raises:
        OSError: if there is no such file, or it is no picture, or one so large that it must be an attack.
    """
    try:
        with Image.open(path) as image:
            width, height = image.size
            # Asking a PNG without EXIF for its EXIF decodes all of it, hence the look before.
            turned = "exif" in image.info and image.getexif().get(_ORIENTATION) in _TURNED
    except FileNotFoundError:
        raise OSError("there is no such file") from None
    except UnidentifiedImageError:
        raise OSError("it is no picture that can be read") from None
    except Image.DecompressionBombError as error:
        raise OSError(str(error)) from None
    return (height, width) if turned else (width, height)
