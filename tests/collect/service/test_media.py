import os

import pytest
from PIL import Image
from tests.collect.service.visits import draw_pictures

from sidelight.collect.campaign.images import sniff
from sidelight.collect.service import media


@pytest.fixture
def page(service):
    return service.worker().page()


def test_a_picture_is_served_as_it_lies_there(service, page):
    one = page.pictures[0]
    said = service.http.get(f"/{one.url}")
    files = [path.read_bytes() for path in (service.campaign.folder.parent / "pictures").rglob("*.png")]
    assert said.content in files
    assert (one.width, one.height) == (16, 12)


def test_an_address_stays_the_same_so_that_the_cache_finds_it(service):
    person = service.worker()
    assert person.page().pictures == person.page().pictures


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_every_kind_is_told_by_what_is_in_it(tmp_path, serve, kind):
    folder = draw_pictures(tmp_path / "pictures")
    for file in folder.rglob("*.png"):
        Image.open(file).save(file.with_suffix(f".{kind}"), kind)
        file.unlink()
    service = serve(pictures=folder)
    said = service.http.get(f"/{service.worker().page().pictures[0].url}")
    assert said.headers["content-type"] == f"image/{kind}"


def test_a_picture_that_cannot_be_read_is_not_replaced_by_another(service, page):
    """F18: what is gone is told as gone; the page shown stays the page assigned."""
    for file in (service.campaign.folder.parent / "pictures").rglob("*.png"):
        file.unlink()
    said = service.http.get(f"/{page.pictures[0].url}")
    assert said.status_code == 404
    assert said.json()["problem"] == "This image is not there any more."


def test_a_file_is_looked_into_again_only_when_it_changed(service, page, monkeypatch):
    looked = []
    monkeypatch.setattr(media, "sniff", lambda file: looked.append(file) or sniff(file))
    address = f"/{page.pictures[0].url}"
    for _ in range(3):
        assert service.http.get(address).status_code == 200
    assert len(looked) == 1
    os.utime(looked[0], ns=(1, 1))
    assert service.http.get(address).status_code == 200
    assert len(looked) == 2
