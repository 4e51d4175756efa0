import msgspec
import pytest

from sidelight.collect.campaign.coco_panels import COCO_PANELS, COCO_TITLES
from sidelight.collect.campaign.conditions import draw
from sidelight.collect.campaign.forecast import forecast, warnings
from sidelight.collect.campaign.settings import ClassText, Condition, Pay, Privacy, Settings, check
from sidelight.data.source.coco_classes import PANELS
from sidelight.records.errors import FaultsFound


def change(settings, **fields):
    return msgspec.structs.replace(settings, **fields)


def test_settings_survive_the_file(browse):
    assert msgspec.json.decode(msgspec.json.encode(browse), type=Settings) == browse


def test_an_unknown_field_is_refused(browse):
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(msgspec.to_builtins(browse) | {"colour": 1}, Settings)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"annotators": 0}, "annotators"),
        ({"pages_per_hit": 0}, "pages_per_hit"),
        ({"candidates": 1}, "candidates"),
        ({"distractor_ratio": -1.0}, "distractor_ratio"),
        ({"distractor_ratio": float("nan")}, "distractor_ratio"),
        ({"conditions": ()}, "conditions"),
        ({"conditions": (Condition(weight=0),)}, "conditions"),
        ({"lease_minutes": 0.0}, "lease_minutes"),
        ({"hits_per_person": 0}, "hits_per_person"),
        ({"gold_share": 0.9}, "gold_share"),
        ({"grid": 1000}, "grid"),
        ({"pay": Pay(per_hit=-1)}, "pay.per_hit"),
        ({"pay": Pay(currency="euro")}, "pay.currency"),
        ({"pay": Pay(expected_minutes=0)}, "pay.expected_minutes"),
        ({"privacy": Privacy(retention_days=0)}, "privacy.retention_days"),
        ({"classes": (ClassText("a"), ClassText("a"))}, "classes"),
        ({"classes": (ClassText("a", link="javascript:alert(1)"),)}, "classes"),
        ({"classes": (ClassText("a"), ClassText("b" * 257))}, "classes"),
        ({"task": "paint", "classes": (ClassText("a"),)}, "classes"),
        ({"task": "tag"}, "panels"),
        ({"task": "tag", "panels": {"A": ("owl", "crow")}}, "panels"),
        ({"task": "tag", "panels": {"A": ("owl", "heron"), "B": ("owl",)}}, "panels"),
        ({"frame_ancestors": ("http://x.example",)}, "frame_ancestors"),
        ({"frame_ancestors": ("https://x.example; script-src *",)}, "frame_ancestors"),
    ],
)
def test_what_cannot_be_followed_is_said_with_its_place(browse, wrong, where):
    with pytest.raises(FaultsFound, match=f"campaign.json, {where}"):
        check(change(browse, **wrong))


def test_a_name_as_long_as_the_log_takes_it_is_allowed_and_a_longer_one_is_not_printed_whole(browse):
    check(change(browse, classes=(ClassText("b" * 256, shown="b" * 900),)))
    with pytest.raises(FaultsFound, match=r"'b{20}\.\.\. \(900 letters\)'.*at most 256") as found:
        check(change(browse, classes=(ClassText("b" * 900),)))
    assert "b" * 21 not in str(found.value)


def test_all_faults_are_gathered(browse):
    with pytest.raises(FaultsFound) as found:
        check(change(browse, annotators=0, grid=1, candidates=1))
    assert len(found.value.faults) == 3


def test_cocos_panels_are_those_of_the_published_campaign():
    assert {name: tuple(names.values()) for name, names in PANELS.items()} == COCO_PANELS
    assert [*PANELS] == [*COCO_PANELS]
    assert COCO_TITLES.keys() <= COCO_PANELS.keys()
    assert len(COCO_PANELS) == 11
    assert sum(map(len, COCO_PANELS.values())) == 80


def test_panels_show_what_people_read():
    classes = (ClassText("owl", shown="Eule"), ClassText("heron"))
    tag = Settings(
        task="tag", title="", images="", classes=classes, panels={"B": ("owl", "heron")}, panel_titles={"B": "Birds"}
    )
    (panel,) = check(tag).class_panels()
    assert panel.name == "Birds"
    assert [(one.name, one.shown) for one in panel.classes] == [("owl", "Eule"), ("heron", "heron")]
    assert tag.options() == panel.classes
    assert tag.class_text("crow") == ClassText("crow")


def test_conditions_take_turns_by_weight_and_only_browse_has_them(browse):
    variants = (Condition(weight=2), Condition(pointer_dot=True, blurred=True))
    settings = change(browse, conditions=variants)
    assert [draw(settings, n)["blurred"] for n in range(6)] == [False, False, True] * 2
    at_random = [draw(change(settings, drawn="at_random"), n)["pointer_dot"] for n in range(600)]
    assert 150 < sum(at_random) < 250
    assert at_random == [draw(change(settings, drawn="at_random"), n)["pointer_dot"] for n in range(600)]
    assert draw(change(settings, task="paint"), 0) == {}


def test_the_forecast_adds_up(browse):
    pay = Pay(per_hit=2.5, currency="EUR", expected_minutes=15, panel_fee=0.25, hourly_floor=12)
    plan = change(browse, annotators=3, pay=pay, hits_per_person=2)
    figures = forecast(plan, pictures=480, pages=40, hits=4)
    assert (figures.assignments, figures.people, figures.hours) == (12, 6, 3.0)
    assert (figures.pay, figures.fee, figures.total, figures.hourly) == (30.0, 7.5, 37.5, 10.0)
    said = dict(figures.lines())
    assert said["cost"] == "37.50 EUR (pay 30.00, panel's fee 7.50)"
    assert "below your floor" in warnings(plan, figures)[0]


def test_a_campaign_without_pay_costs_nothing_and_warns_of_what_lacks(browse):
    figures = forecast(browse, pictures=0, pages=0, hits=0)
    assert (figures.people, figures.hourly) == (0, 0.0)
    assert "nothing" in dict(figures.lines())["cost"]
    assert [said.split(" (")[0] for said in warnings(browse, figures)] == [
        "there is nothing to label: no page could be made",
        "no ethics approval is named",
        "the consent text names nobody to ask",
    ]
