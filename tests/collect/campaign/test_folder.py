import msgspec
import pytest
import sqlalchemy as sa

from sidelight.collect.campaign.folder import init_campaign, open_campaign
from sidelight.collect.campaign.images import NoPicture
from sidelight.collect.campaign.prepare import prepare
from sidelight.collect.campaign.settings import Condition
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import open_store
from sidelight.records.errors import UserFault


@pytest.fixture
def prepared(browse, photos):
    settings = msgspec.structs.replace(browse, images=str(photos), candidates=8, practice_pages=2)
    return prepare(settings, classes=None, gold=None)


@pytest.fixture
def make(prepared, tmp_path, clock):
    def init(folder=tmp_path / "campaign", **options):
        return init_campaign(folder, prepared.settings, prepared.pictures, clock=clock, **options)

    return init


def test_a_campaign_opens_as_it_was_made(make):
    campaign, figures = make()
    assert open_campaign(campaign.folder) == campaign
    assert (figures.pictures, figures.hits) == (13, 1)
    assert {one.name for one in campaign.settings.classes} == {"heron", "owl"}
    assert len(campaign.practice.pages) == 2
    assert campaign.consent.version == open_campaign(campaign.folder).consent.version


def test_the_folder_holds_texts_to_edit_and_secrets_to_keep(make):
    folder = make()[0].folder
    names = {file.name for file in folder.iterdir()}
    assert {
        "campaign.json",
        "secrets.json",
        "instructions.md",
        "consent.md",
        "practice.json",
        "campaign.sqlite",
    } <= names
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    secrets = (folder / "secrets.json").read_text()
    assert not any(line in (folder / "campaign.json").read_text() for line in secrets.split('"') if len(line) == 64)


def test_pictures_and_hits_are_in_the_store_whichever_it_is(make, store_url, clock):
    campaign, _ = make(store_url=store_url)
    assert campaign.store_url == store_url
    store = open_store(campaign.store_url, clock=clock)
    with store.read() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(t.picture)).scalar() == 13
        assert c.execute(sa.select(t.hit.c.wanted)).scalars().all() == [1]
    store.close()


def test_a_database_that_holds_a_campaign_is_refused(make, store_url, tmp_path):
    make(store_url=store_url)
    with pytest.raises(UserFault, match="holds a campaign"):
        make(tmp_path / "second", store_url=store_url)
    assert not (tmp_path / "second" / "secrets.json").exists()
    make(tmp_path / "second")


def test_no_campaign_is_overwritten(make):
    make()
    with pytest.raises(UserFault, match="a campaign is in it"):
        make()


def test_texts_that_are_there_already_are_kept(make, tmp_path):
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign" / "consent.md").write_text("Unser Text")
    campaign, _ = make()
    assert "Unser Text" in campaign.consent.html


def test_edited_texts_count_from_the_next_start_and_consent_has_another_version(make):
    campaign, _ = make()
    (campaign.folder / "consent.md").write_text("**changed**")
    (campaign.folder / "instructions.md").write_text("Bitte *alle* Eulen")
    again = open_campaign(campaign.folder)
    assert again.consent.version != campaign.consent.version
    plan = campaign.practice.pages[0].plan
    wording = again.wording(plan, {})
    assert wording.title == plan.label
    assert "<em>alle</em>" in wording.html


def test_sessions_with_a_pointer_dot_read_the_published_instruction(prepared, tmp_path, clock):
    both = msgspec.structs.replace(prepared.settings, conditions=(Condition(), Condition(pointer_dot=True)))
    campaign, _ = init_campaign(tmp_path / "c", both, prepared.pictures, clock=clock)
    plan = campaign.practice.pages[0].plan
    assert "click on the object" in campaign.wording(plan, {"pointer_dot": True}).html
    assert "click on the object" not in campaign.wording(plan, {"pointer_dot": False}).html


def test_a_pictures_file_is_found_and_only_within_its_folder(make, prepared):
    campaign, _ = make()
    picture = prepared.pictures[0]
    assert campaign.file_of(picture).is_file()
    with pytest.raises(NoPicture):
        campaign.file_of(msgspec.structs.replace(picture, path="../campaign/secrets.json"))


def test_pictures_that_make_no_page_are_refused_before_anything_is_made(browse, tmp_path, clock):
    with pytest.raises(UserFault, match="no page could be made"):
        init_campaign(tmp_path / "c", browse, [], clock=clock)
    assert not (tmp_path / "c").exists()


def test_a_folder_without_a_campaign_is_said(tmp_path):
    with pytest.raises(UserFault, match="no campaign in it"):
        open_campaign(tmp_path)


@pytest.mark.parametrize("name", ["campaign.json", "practice.json", "consent.md", "instructions.md"])
def test_a_file_that_cannot_be_read_is_named(make, name):
    folder = make()[0].folder
    (folder / name).write_bytes(b"\xff{")
    with pytest.raises(UserFault, match=name):
        open_campaign(folder)


def test_folders_that_are_no_class_and_classes_without_a_folder_are_told(browse, photos, tmp_path):
    (tmp_path / "classes.txt").write_text("owl\ncrow\n")
    settings = msgspec.structs.replace(browse, images=str(photos))
    found = prepare(settings, classes=tmp_path / "classes.txt", gold=None)
    assert {fault.location for fault in found.faults} == {"images", "heron", "crow"}
    assert "6 pictures unused" in str(found.faults[1])


def test_distractors_and_gold_are_read_too(browse, photos, tmp_path):
    (tmp_path / "gold.csv").write_text("path,label\nowl/0.png,owl\n")
    settings = msgspec.structs.replace(browse, images=str(photos), distractors=str(photos / "heron"))
    found = prepare(settings, classes=None, gold=tmp_path / "gold.csv")
    assert sum(one.gold for one in found.pictures) == 1
    assert sum(one.pool == "distractors" for one in found.pictures) == 6
