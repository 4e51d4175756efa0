import re
from pathlib import Path

import pytest

import sidelight.data.format.schema as schema_module
from sidelight.data.format.manifest import POLICIES, Manifest
from sidelight.data.format.schema import EXAMPLES, TRACES, annotations_schema
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

SPECIFICATION = (Path(schema_module.__file__).parent / "README.md").read_text()


def named_in(section):
    """Names in the first column of a section's table."""
    text = SPECIFICATION.split(f"## {section}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("manifest.json", Manifest.__struct_fields__),
        ("examples.parquet", EXAMPLES.names),
        ("annotations.parquet", list(annotations_schema(()).names)),
        ("traces.parquet", TRACES.names),
    ],
)
def test_the_specification_names_every_field_in_order(section, names):
    assert [name for name in named_in(section) if "<" not in name] == list(names)


def test_every_field_of_a_record_has_a_column():
    assert set(Example.__struct_fields__) == set(EXAMPLES.names)
    assert set(Box.__struct_fields__) == {field.name for field in EXAMPLES.field("boxes").type.value_type}
    assert set(Event.__struct_fields__) == set(TRACES.names) - {"annotation_id"}
    assert set(Annotation.__struct_fields__) - {"points", "events"} == set(annotations_schema(()).names)


def test_policies_have_a_pair_of_columns_each():
    names = annotations_schema(POLICIES).names
    assert all(f"{policy}_{axis}" in names for policy in POLICIES for axis in "xy")
    assert all(policy in SPECIFICATION for policy in POLICIES)
