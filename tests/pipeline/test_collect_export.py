"""From the store to every format and grade: nothing lost, nobody named, and back again to the same points."""

import asyncio
import csv
import json
from collections import Counter
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from sidelight.collect.annotate import annotate
from sidelight.collect.service.app import create_app
from sidelight.collect.simulate.journal import Journal
from sidelight.collect.store import chunks, people, withdrawal
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import open_store
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.source.coco_ab import CocoAB
from sidelight.data.source.csv_file import Csv
from sidelight.data.source.imagenet_ab import ImageNetAB
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_export import Wish, export_campaign
from sidelight.pipeline.collect_pages import done_pages
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work
from sidelight.pipeline.collect_world import mark_simulated
from sidelight.records.errors import UserFault

REASON = "to study how pointers move"
FORMATS = {"browse": "imagenet_ab", "tag": "coco_ab", "paint": "saliency_maps"}
NOW = 1_800_000_000.0


class Labelled:
    """A campaign in which people have worked."""

    def __init__(self, folder, task):
        self.campaign, world = draw_campaign(
            folder,
            task=task,
            pictures=24,
            clock=lambda: NOW,
            candidates=8,
            pages_per_hit=3,
            annotators=1 if task == "tag" else 3,  # of several records of a picture COCO-AB's readers take the last
            irb="IRB 7/26",
        )
        self.store = open_store(self.campaign.store_url, clock=lambda: NOW, sole=False)
        app = create_app(self.campaign, self.store, clock=lambda: NOW, static=folder)

        async def work():
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
                visit = SimulatedVisit(annotators=8, run="r", seed=5)
                await all_work(http, visit, world, Journal(), silent, wait_s=0.0)

        asyncio.run(work())

    def export(self, out, kind, grade, **more):
        reason = {"reason": REASON} if grade == "L3" else {}
        return export_campaign(self.campaign.folder, out, Wish(kind, grade, **reason | more), progress=silent)

    def pages(self, grade="L2"):
        return list(done_pages(self.store, self.campaign.settings, grade=grade, counts=Counter()))

    def raw_ids(self):
        """Every id of the store that could lead to a person."""
        columns = (
            t.session.c.id,
            t.assignment.c.id,
            t.hit.c.id,
            t.page.c.id,
            t.picture.c.id,
            t.session.c.withdraw_hash,
        )
        with self.store.read() as c:
            ids = {value for column in columns for value in c.execute(sa.select(column)).scalars() if value}
            return ids | {tab for tab, _, _ in chunks.every(c)}


@pytest.fixture(scope="module", params=["browse", "tag", "paint"])
def labelled(request, tmp_path_factory):
    made = Labelled(tmp_path_factory.mktemp(request.param), request.param)
    yield made
    made.store.close()


@pytest.fixture
def task(labelled):
    return labelled.campaign.settings.task


def text_of(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def tables_of(folder):
    dataset = Dataset.open(folder)
    return json.dumps([str(list(dataset.annotations())), str(dataset.examples()), str(dataset.manifest)]).encode()


@pytest.mark.parametrize("grade", ["L0", "L1", "L2", "L3"])
def test_a_dataset_is_valid_at_every_grade(labelled, tmp_path, grade):
    labelled.export(tmp_path / "d", "sidelight", grade)
    assert validate(tmp_path / "d") == []
    assert Dataset.open(tmp_path / "d").manifest.privacy_grade == grade


@pytest.mark.parametrize("grade", ["L0", "L1", "L2", "L3"])
def test_no_id_of_the_store_leaves_the_house(labelled, task, tmp_path, grade):
    labelled.export(tmp_path / "d", "sidelight", grade)
    if (task, grade) != ("paint", "L0"):
        labelled.export(tmp_path / "f", FORMATS[task], grade, semantics="full")
    said = text_of(tmp_path) + tables_of(tmp_path / "d")
    ids = labelled.raw_ids()
    assert len(ids) > 30
    assert [raw for raw in ids if raw.encode() in said] == []


def test_two_exports_cannot_be_linked_by_names(labelled, tmp_path):
    def names(out):
        labelled.export(out, "sidelight", "L2")
        return {annotation.annotator for annotation in Dataset.open(out).annotations()}

    first, second = names(tmp_path / "a"), names(tmp_path / "b")
    assert len(first) == len(second) > 1
    assert not first & second


def test_a_session_s_clock_is_moved_by_one_amount(labelled, tmp_path):
    labelled.export(tmp_path / "a", "sidelight", "L2")
    labelled.export(tmp_path / "b", "sidelight", "L3")

    def spans(out):
        times = {}
        for each in Dataset.open(out).annotations():
            times.setdefault(each.annotator, []).append(each.started_at)
        return [max(own) - min(own) for own in times.values()], min(min(own) for own in times.values())

    shifted, earliest = spans(tmp_path / "a")
    raw, began = spans(tmp_path / "b")
    assert {round(span) for span in raw} <= {round(span) for span in shifted}
    assert abs(earliest - began) > 1000.0


def test_the_highest_grade_holds_every_sample_once(labelled, tmp_path):
    labelled.export(tmp_path / "d", "sidelight", "L3")
    exported = Counter(
        (event.elapsed_ms, round(event.x, 9), round(event.y, 9))
        for each in Dataset.open(tmp_path / "d").annotations()
        for event in each.events
        if event.kind == "move"
    )
    recorded, count = Counter(), 0
    for page in labelled.pages("L3"):
        count += sum(len(chunk.samples) for chunk in page.chunks)
        for each in annotate(page.stored, page.chunks, around_px=float("inf")):
            recorded.update(
                (e.elapsed_ms, round(e.x, 9), round(e.y, 9)) for e in each.annotation.events if e.kind == "move"
            )
    assert exported == recorded
    assert exported.total() == count > 100


def test_raw_behaviour_needs_a_reason(labelled, tmp_path):
    with pytest.raises(UserFault, match="a reason in words"):
        labelled.export(tmp_path / "d", "sidelight", "L3", reason="")
    assert not (tmp_path / "d").exists()


def test_raw_behaviour_is_only_of_those_who_agreed_to_publication(labelled, tmp_path):
    labelled.export(tmp_path / "d", "sidelight", "L3")
    manifest = Dataset.open(tmp_path / "d").manifest
    refused = {page.stored.session for page in labelled.pages() if not page.stored.publish}
    agreed = {page.stored.session for page in labelled.pages() if page.stored.publish}
    assert refused
    assert len({a.annotator for a in Dataset.open(tmp_path / "d").annotations()}) == len(agreed)
    assert int(manifest.provenance["count.pages_without_consent_to_publish"]) == 3 * len(refused)
    assert manifest.provenance["reason"] == REASON


def test_the_manifest_tells_consent_ethics_and_counts(labelled, tmp_path):
    labelled.export(tmp_path / "d", "sidelight", "L1")
    told = Dataset.open(tmp_path / "d").manifest.provenance
    assert told["irb"] == "IRB 7/26"
    assert labelled.campaign.consent.version in told["consent_versions"]
    assert told["count.pages"] == told["count.pages_complete"] == str(len(labelled.pages()))
    assert told["count.sessions_withdrawn"] == "0"
    assert told["count.pages_of_condition_plain"] == told["count.pages"]
    assert (told["semantics"], told["privacy_grade"]) == ("release", "L1")


def test_a_format_of_another_task_is_refused(labelled, task, tmp_path):
    other = next(kind for t_, kind in FORMATS.items() if t_ != task)
    with pytest.raises(UserFault, match=f"allowed: sidelight, {FORMATS[task]}"):
        labelled.export(tmp_path / "d", other, "L1")


def test_an_export_is_replaced_only_when_asked(labelled, task, tmp_path):
    labelled.export(tmp_path / "f", FORMATS[task], "L1")
    with pytest.raises(UserFault, match="already there"):
        labelled.export(tmp_path / "f", FORMATS[task], "L1")
    labelled.export(tmp_path / "f", FORMATS[task], "L1", overwrite=True)
    assert json.loads((tmp_path / "f" / "export.json").read_bytes())["format"] == FORMATS[task]


@pytest.mark.parametrize("labelled", ["browse", "tag"], indirect=True)
@pytest.mark.parametrize("semantics", ["release", "full"])
@pytest.mark.parametrize("grade", ["L1", "L2", "L3"])
def test_published_formats_read_back_to_the_same_points(labelled, task, tmp_path, grade, semantics):
    labelled.export(tmp_path / "d", "sidelight", grade)
    labelled.export(tmp_path / "f", FORMATS[task], grade, semantics=semantics)
    source = tmp_path / "f" / ("train_xml" if task == "browse" else "coco_ab.json")
    reader = ImageNetAB() if task == "browse" else CocoAB(instances=tmp_path / "f" / "instances.json")
    _, faults = reader.convert(source, tmp_path / "back", progress=silent)
    assert faults == []
    mine, back = (points_of(tmp_path / name, task) for name in ("d", "back"))
    assert sum(back.values()) > 2
    assert back == mine


def points_of(folder, task):
    """Every point under its policy, with its class, whatever annotations are called."""
    dataset = Dataset.open(folder)
    names = dataset.manifest.classes
    final = "final" if task == "browse" else "final_position"
    label_of = {example.id: example.labels for example in dataset.examples()}
    return Counter(
        (names[a.label], tuple(round(v, 9) for v in a.points[final]))
        for a in dataset.annotations()
        if final in a.points and (task == "tag" or (a.label,) == label_of[a.example_id])
    )


def test_a_simulated_campaign_says_so(tmp_path):
    made = Labelled(tmp_path, "paint")
    mark_simulated(made.store, 8)
    made.export(tmp_path / "d", "sidelight", "L1")
    made.export(tmp_path / "f", "saliency_maps", "L1")
    assert Dataset.open(tmp_path / "d").manifest.simulated.startswith("8 simulated people")
    assert json.loads((tmp_path / "f" / "export.json").read_bytes())["simulated"].startswith("8 simulated people")
    made.store.close()


def test_who_withdrew_or_was_excluded_is_not_in_later_exports_and_is_counted(tmp_path):
    made = Labelled(tmp_path, "paint")
    first, second, *_ = sorted({page.stored.session for page in made.pages()})
    with made.store.read() as c:
        token = people.session(c, first).withdraw_hash
    made.store.write(lambda c: withdrawal.withdraw(c, token, now=NOW)).result()
    made.store.write(lambda c: people.exclude(c, second, reason="no pictures loaded")).result()
    told = made.export(tmp_path / "d", "sidelight", "L1")
    manifest = Dataset.open(tmp_path / "d").manifest
    assert manifest.provenance["count.sessions_withdrawn"] == "1"
    assert manifest.provenance["count.pages_withdrawn"] == "3"
    assert manifest.provenance["count.pages_of_excluded_sessions"] == "3"
    assert "sessions withdrawn 1" in told[-1]
    annotators = {a.annotator for a in Dataset.open(tmp_path / "d").annotations()}
    assert len(annotators) == len({page.stored.session for page in made.pages()})
    made.store.close()


def test_a_campaign_without_work_has_nothing_to_export(tmp_path):
    campaign, _ = draw_campaign(tmp_path, task="paint", pictures=6, clock=lambda: NOW)
    with pytest.raises(UserFault, match="none was submitted"):
        export_campaign(campaign.folder, tmp_path / "d", Wish("sidelight", "L0"), progress=silent)


def test_maps_come_with_a_table_that_can_be_converted(tmp_path):
    made = Labelled(tmp_path, "paint")
    out = tmp_path / "f"
    made.export(out, "saliency_maps", "L1")
    with pytest.raises(UserFault, match="labels alone"):
        made.export(tmp_path / "g", "saliency_maps", "L0")
    with (out / "maps.csv").open(newline="") as lines:
        maps = {row["path"]: row["map_path"] for row in csv.DictReader(lines)}
    with (out / "agreement.csv").open(newline="") as lines:
        flags = {row["path"]: row["flag"] for row in csv.DictReader(lines)}
    assert maps
    assert {path for path, flag in flags.items() if flag == "blank"} == {path for path in maps if not maps[path]}
    images = Path(made.campaign.settings.images)
    _, faults = Csv(images=images).convert(out / "maps.csv", tmp_path / "again", progress=silent)
    assert faults == []
    again = Dataset.open(tmp_path / "again")
    assert {e.path for e in again.examples() if e.map_path} == {path for path in maps if maps[path]}
    made.store.close()


def test_what_was_collected_can_be_put_onto_the_dataset_of_the_pictures(labelled, tmp_path):
    labelled.export(tmp_path / "parent", "sidelight", "L0")
    told = labelled.export(tmp_path / "out", "sidelight", "L1", onto=tmp_path / "parent")
    parent, made = Dataset.open(tmp_path / "parent"), Dataset.open(tmp_path / "out")
    assert told[-1].startswith("put onto ")
    assert [example.path for example in made.examples()] == [example.path for example in parent.examples()]
    assert any(annotation.annotator for annotation in made.annotations())
    assert validate(tmp_path / "out") == []


def test_only_a_dataset_is_put_onto_another(labelled, task, tmp_path):
    with pytest.raises(UserFault, match="--onto"):
        labelled.export(tmp_path / "out", FORMATS[task], "L1", onto=tmp_path)
