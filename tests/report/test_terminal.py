import dataclasses

from rich.console import Console

from sidelight.report.terminal import terminal_report


def printed(content, width=120):
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as capture:
        console.print(terminal_report(content))
    return capture.get()


def test_it_is_headed_by_what_may_be_claimed(make_content):
    assert printed(make_content(1)).startswith("not a claim: 1 seed, 5 are needed")
    assert printed(make_content()).startswith("5 seeds, control: random")


def test_means_and_differences_are_both_there(make_content):
    text = printed(make_content())
    assert "Test, all pictures: mean ± std over seeds" in text
    assert "clicks against the others" in text
    assert "controls against plain" in text
    assert "higher" in text


def test_each_subset_is_printed(make_content):
    assert "box ≤ 0.5" in printed(make_content(subsets=("all", "box<=0.5")))


def test_simulation_is_stated(make_content):
    assert "Simulated: no person clicked." in printed(make_content(simulated="no person clicked."))


def test_names_of_users_are_no_markup(make_content):
    content = make_content()
    results = [("[red]x[/]" if row[0] == "clicks" else row[0], *row[1:]) for row in content.results]
    conditions = (*content.conditions[:2], dataclasses.replace(content.conditions[2], name="[red]x[/]"))
    assert "[red]x[/]" in printed(dataclasses.replace(content, conditions=conditions, results=results))


def test_a_condition_that_was_not_measured_leaves_its_cell_empty(make_content):
    content = make_content()
    kept = [row for row in content.results if (row[0], row[2].metric) != ("plain", "gap")]
    assert "–" in printed(dataclasses.replace(content, results=kept))
