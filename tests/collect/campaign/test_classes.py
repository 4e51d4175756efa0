import json

import pytest

from sidelight.collect.campaign.classes import Classes, read_classes
from sidelight.collect.campaign.settings import ClassText
from sidelight.records.errors import UserFault


def test_tag_has_cocos_classes_where_none_are_named():
    coco = read_classes(None, "tag")
    assert (len(coco.texts), len(coco.panels)) == (80, 11)
    assert coco.titles["PersonAccessory"] == "Person & Accessory"
    assert read_classes(None, "browse") == Classes()


def test_names_stand_one_a_line(tmp_path):
    file = tmp_path / "classes.txt"
    file.write_text("\ufeffowl\n\n  grey heron \n")
    assert read_classes(file, "browse") == Classes((ClassText("owl"), ClassText("grey heron")))
    assert read_classes(file, "tag").panels == {"Classes": ("owl", "grey heron")}


def test_json_holds_names_or_what_people_read(tmp_path):
    file = tmp_path / "classes.json"
    owl = {"name": "owl", "shown": "Eule", "description": "A *bird*", "synonyms": ["Uhu"], "link": "https://e.example"}
    file.write_text(json.dumps([owl, "heron"]))
    assert read_classes(file, "paint").texts == (
        ClassText("owl", "Eule", "A *bird*", ("Uhu",), "https://e.example"),
        ClassText("heron"),
    )


def test_json_holds_panels(tmp_path):
    file = tmp_path / "panels.json"
    file.write_text(
        json.dumps(
            [{"name": "Birds", "classes": ["owl", {"name": "heron"}]}, {"name": "B", "classes": ["x"], "shown": "Bee"}]
        )
    )
    found = read_classes(file, "tag")
    assert found.panels == {"Birds": ("owl", "heron"), "B": ("x",)}
    assert [one.name for one in found.texts] == ["owl", "heron", "x"]
    assert found.titles == {"B": "Bee"}
    assert read_classes(file, "paint") == Classes(found.texts)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"nme": "x"}]', "[", "[]"])
def test_what_is_in_no_form_is_refused_with_the_forms(tmp_path, text):
    file = tmp_path / "classes.json"
    file.write_text(text)
    with pytest.raises(UserFault, match="one name a line"):
        read_classes(file, "tag")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(UserFault, match=r"none\.txt"):
        read_classes(tmp_path / "none.txt", "browse")
