from pathlib import Path

import pytest

from sidelight.data.source.csv_file import Csv
from sidelight.data.source.reader import as_provenance, refuse_nothing
from sidelight.records.errors import Fault, UserFault


def test_options_are_kept_as_text():
    kept = as_provenance(Csv(units="pixel", seed=3))
    assert (kept["option.units"], kept["option.seed"], kept["option.images"]) == ("pixel", "3", "None")


def test_a_dataset_needs_a_picture():
    refuse_nothing(Path("in"), 1, [])
    with pytest.raises(UserFault, match="no picture"):
        refuse_nothing(Path("in"), 0, [])


def test_faults_are_listed_when_nothing_could_be_taken():
    with pytest.raises(UserFault, match="line 2: label is empty"):
        refuse_nothing(Path("in"), 0, [Fault("line 2", "label is empty")])
