from dataclasses import fields, is_dataclass

import pytest

from sidelight.data.public.table import LAYOUTS
from sidelight.evaluate.public.table import PUBLIC, public_benchmark
from sidelight.records.errors import UserFault

PAPER = {
    "IN-1K", "IN-V2", "IN-Real", "IN-A", "IN-C", "IN-O", "Sketch", "IN-R", "Cocc", "ObjNet", "SI-size", "SI-loc",
    "SI-rot", "BGC-gap", "BGC-acc",
}  # fmt: skip


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(UserFault, match="Did you mean 'imagenet_v2'"):
        public_benchmark("imagenet_V2")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_benchmark_is_named_defined_and_has_likeliest_options(name):
    row = PUBLIC[name]
    assert row.name == name
    assert row.sentence.endswith((".", "?"))
    measure = row.measure()
    assert is_dataclass(measure)
    assert measure.definition()
    assert all(metric.definition.endswith(".") for metric in measure.definition().values())
    assert all(metric in measure.definition() for metric, _ in row.columns.values())


@pytest.mark.parametrize("name", PUBLIC)
def test_options_of_reading_and_of_measuring_do_not_collide(name):
    reading, measuring = (
        {field.name for field in fields(kind)} for kind in (LAYOUTS[name].reader, PUBLIC[name].measure)
    )
    assert not reading & measuring


def test_a_column_of_the_paper_is_filled_by_one_benchmark():
    columns = [column for row in PUBLIC.values() for column in row.columns]
    assert len(columns) == len(set(columns))
    assert set(columns) <= PAPER
