from sidelight.cli.progress import bar, list_faults
from sidelight.records.errors import Fault


def test_a_bar_says_nothing_where_nobody_watches(capsys):
    with bar("counting") as progress:
        progress(1, None)
        progress(2, 2, note="done")
    assert capsys.readouterr() == ("", "")


def test_a_bar_shows_how_far_it_is_and_goes_away(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with bar("counting") as progress:
        progress(3, 4, note="nearly")
    said = capsys.readouterr()
    assert said.out == ""
    assert all(words in said.err for words in ("counting", "3/4", "nearly"))


def test_the_first_faults_are_listed_and_the_rest_is_counted(capsys):
    list_faults([Fault(f"line {i}", "no [bold]label[/bold]") for i in range(5)], shown=2)
    assert capsys.readouterr().out.splitlines() == [
        "fault: line 0: no [bold]label[/bold]",
        "fault: line 1: no [bold]label[/bold]",
        "... and 3 more faults",
    ]


def test_a_long_fault_stays_on_one_line(capsys):
    list_faults([Fault("line 1", "x" * 500)])
    assert len(capsys.readouterr().out.splitlines()) == 1
