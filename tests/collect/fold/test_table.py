import typing

import pytest
from tests.collect.golden.make import every_kind

from sidelight.collect.fold.table import fold
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.log import Entry, Layout
from sidelight.collect.wire.page import Task


@pytest.mark.parametrize("task", typing.get_args(Task))
def test_every_task_folds_any_log_to_an_answer_of_its_own(task):
    entries = every_kind(Layout(0.1, 0, (9.0, 9.0), (0.0, 0.0), 1.0, 1.0, {}))
    assert {type(entry) for entry in entries} == set(typing.get_args(Entry))
    answer = fold(task, entries, grid=(4, 4))
    assert isinstance(answer, Answer)
    assert answer.__struct_config__.tag == task
    assert fold(task, iter(entries), grid=(4, 4)) == answer
