from sidelight.collect.simulate.journal import Acked, Cut, Handed, Happened, Journal, read_journal
from sidelight.collect.wire.answer import BrowseAnswer

LINES = [
    Happened("arrived"),
    Cut("t", 0, "p", "00", 7, 100),
    Acked("t", 0),
    Handed("p", complete=True, late=False, answer=BrowseAnswer({"a": (0.5, 0.25), "b": None})),
]


def test_a_journal_comes_back_from_its_file(tmp_path):
    with (tmp_path / "journal.jsonl").open("ab") as file:
        journal = Journal(file=file)
        for line in LINES:
            journal.add(line)
    with (tmp_path / "journal.jsonl").open("rb") as file:
        assert read_journal(file).lines == journal.lines == LINES


def test_a_line_cut_off_by_a_crash_is_the_last():
    whole = b'{"type":"happened","what":"arrived"}'
    assert read_journal([whole, whole[:-3]]).lines == [Happened("arrived")]


def test_what_happened_is_counted():
    journal = Journal([Happened("dropped"), Happened("dropped"), Happened("left")])
    assert (journal.count("dropped"), journal.count("finished")) == (2, 0)
