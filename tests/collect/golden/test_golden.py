from pathlib import Path

import msgspec
import pytest
from tests.collect.golden.make import files, plain

from sidelight.collect.fold.table import fold
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.chunk import BadChunk, decode
from sidelight.collect.wire.log import Entry

HERE = Path(__file__).parent


def rows(name):
    return msgspec.json.decode((HERE / name).read_bytes())


@pytest.mark.parametrize("name", ["chunks.json", "folds.json", "broken.json"])
def test_the_committed_file_is_what_is_made(name):
    assert (HERE / name).read_bytes() == files()[name], "run: python -m tests.collect.golden.make"


@pytest.mark.parametrize("row", rows("chunks.json"), ids=lambda row: row["name"])
def test_golden_chunks_are_decoded(row):
    decoded = msgspec.to_builtins(plain(decode(bytes.fromhex(row["hex"]))))
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == row["decoded"]


@pytest.mark.parametrize("row", rows("broken.json"), ids=lambda row: row["name"])
def test_golden_broken_bytes_are_refused(row):
    with pytest.raises(BadChunk):
        decode(bytes.fromhex(row["hex"]))


@pytest.mark.parametrize("row", rows("folds.json"), ids=lambda row: row["name"])
def test_golden_logs_come_to_their_answers(row):
    entries = msgspec.convert(row["entries"], list[Entry])
    assert fold(row["task"], entries, grid=tuple(row["grid"])) == msgspec.convert(row["answer"], Answer)
