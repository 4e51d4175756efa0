"""Numbers of our own in the rows and columns of the paper, and what they allow one to say of each other."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sidelight.report.bootstrap import difference_over_pictures
from sidelight.report.paper import PAPER, PARAMETERS, PaperRow, PaperTable
from sidelight.report.statistics import NULL_MARGIN, Spread, holm, paired_difference, spread, verdict
from sidelight.report.table import Column, Comparison
from sidelight.report.trained import Trained
from sidelight.report.wording import is_significant


@dataclass(frozen=True)
class Cell:
    """What stands in one row and column.

    Attributes:
        ours: mean and spread over seeds; None where nothing was measured.
        printed: the paper's number in percent; None where the paper has no such row.
        differs: whether the adjusted p against all plain trainings of the model is below .05: why a number is bold.
        partial: whether only a part of the benchmark's pictures was there.
    """

    ours: Spread | None
    printed: float | None
    differs: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Row:
    """One model, trained in one way.

    Attributes:
        label: as the paper names it, or what it is.
        parameters: of the network, as the paper prints them; "" where it does not.
        trained: ours; None where there is no run.
        printed: the paper's; None for a row that the paper does not have.
        seeds: of our runs.
        cells: one a column.
    """

    label: str
    parameters: str
    trained: Trained | None
    printed: PaperRow | None
    seeds: tuple[int, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Versus:
    """One training against another, over the columns that both have.

    Attributes:
        treated: of interest.
        control: compared with it.
        comparisons: column -> difference, Holm-adjusted over these columns, verdict.
        over_pictures: column -> 95 % interval over pictures, the trainings given.
        refused: column -> why there is no comparison though both have a number.
    """

    treated: Trained
    control: Trained
    comparisons: dict[str, Comparison]
    over_pictures: dict[str, tuple[float, float]]
    refused: dict[str, str]


@dataclass(frozen=True)
class Filled:
    """One table of the paper, filled.

    Attributes:
        table: of the paper.
        columns: its columns, with the definition that our numbers were computed by.
        definitions: column -> every definition used, each with the data (more than one: they are not compared).
        rows: the paper's and then ours that it does not have.
        versus: what can be compared.
    """

    table: PaperTable
    columns: tuple[Column, ...]
    definitions: dict[str, tuple[str, ...]]
    rows: tuple[Row, ...]
    versus: tuple[Versus, ...]

    @property
    def ours(self) -> tuple[Trained, ...]:
        """The trainings that have a row here."""
        return tuple(row.trained for row in self.rows if row.trained is not None)


def filled_tables(trained: Sequence[Trained]) -> tuple[Filled, ...]:
    """All tables of the paper, each with our trainings where they belong."""
    return tuple(filled(table, trained) for table in PAPER)


def filled(table: PaperTable, trained: Sequence[Trained]) -> Filled:
    """One table.

    A row of the paper takes every training of its model, guidance and set-up (several recipes make several rows). What
    fits no row of the table's family stands below its first table, if it has a number there.
    """
    inside = [each for each in trained if _measured(table, each)]
    placed = [(row, [each for each in inside if _fits(row, each)]) for row in table.rows]
    foreign = [each for each in inside if _home(table, each) and not any(each in found for _, found in placed)]
    ours = [*itertools.chain.from_iterable(found for _, found in placed), *foreign]
    columns = tuple(_column(table, place, ours) for place in range(len(table.columns)))
    versus = tuple(_versus(*pair, columns) for pair in _pairs(ours))
    rows: list[Row] = []
    for printed, found in placed:
        rows += [_row(table, printed, each, versus, several=len(found) > 1) for each in found]
        rows += [] if found else [_row(table, printed, None, versus)]
    rows += [_row(table, None, each, versus) for each in foreign]
    return Filled(table, columns, {c.key: _definitions(c.key, ours) for c in columns}, tuple(rows), versus)


def _measured(table: PaperTable, trained: Trained) -> bool:
    """Whether a training has a number that belongs here: in table 4, accuracy alone does not."""
    task = "multi_label" if table.family in ("coco", "wsol_coco") else "single_label"
    own = [column.key for column in table.columns if column.key in trained.numbers]
    return trained.task == task and own not in ([], ["IN-1K"] if table.family == "downstream" else [])


def _fits(row: PaperRow, trained: Trained) -> bool:
    return (row.model, row.guided, row.setup) == (trained.model, trained.guided, trained.setup)


def _home(table: PaperTable, trained: Trained) -> bool:
    """Whether a training that fits no row of the family stands below this table."""
    if table.family == "ours":
        return True
    family = [each for each in PAPER if each.family == table.family]
    if any(_fits(row, trained) for each in family for row in each.rows):
        return False
    transformer = trained.model.lower().startswith(("vit", "deit"))
    return table is (family[-1] if table.family == "coco" and transformer else family[0])


def _column(table: PaperTable, place: int, ours: Sequence[Trained]) -> Column:
    """The column as the words of the report know it; its decimals are those that the fewest pictures can carry."""
    printed = table.columns[place]
    found = [number.result for each in ours for number in each.numbers.get(printed.key, {}).values()]
    n = min((result.n for result in found), default=0)
    definition = found[0].definition if found else ""
    return Column(printed.key, printed.label or printed.key, definition, printed.higher_is_better, share=True, n=n)


def _definitions(key: str, ours: Sequence[Trained]) -> tuple[str, ...]:
    numbers = (number.result for each in ours for number in each.numbers.get(key, {}).values())
    return tuple(dict.fromkeys(f"{r.definition} {r.n:,} pictures of {_data(r.provenance.dataset)}." for r in numbers))


def _data(dataset: str) -> str:
    return f"“{dataset}”" if dataset else "unnamed data"


def _row(
    table: PaperTable,
    printed: PaperRow | None,
    trained: Trained | None,
    versus: Sequence[Versus],
    *,
    several: bool = False,
) -> Row:
    if printed is None:
        assert trained is not None
        label, model = trained.name, trained.model
    else:
        label, model = table.names[printed.guided].format(model=printed.model), printed.model
        if several and trained is not None:
            label = trained.name
    seeds = {seed for column in (trained.numbers if trained else {}).values() for seed in column}
    cells = tuple(_cell(table, place, printed, trained, versus) for place in range(len(table.columns)))
    return Row(label, PARAMETERS.get(model, ""), trained, printed, tuple(sorted(seeds)), cells)


def _cell(
    table: PaperTable, place: int, printed: PaperRow | None, trained: Trained | None, versus: Sequence[Versus]
) -> Cell:
    key = table.columns[place].key
    number = printed.printed[place] if printed else None
    found = trained.numbers.get(key, {}) if trained else {}
    if not found:
        return Cell(None, number)
    against = [v for v in versus if v.treated is trained and v.control.role == "baseline"]
    tested = [v.comparisons[key] for v in against if key in v.comparisons]
    return Cell(
        spread([each.result.value for each in found.values()]),
        number,
        differs=bool(tested) and all(map(is_significant, tested)),
        partial=any(each.result.subset.endswith("(partial)") for each in found.values()),
    )


def _pairs(ours: Sequence[Trained]) -> Iterator[tuple[Trained, Trained]]:
    """Treated against plain and controls, controls against plain; of one model, set-up and task."""
    order = ("baseline", "control", "treated")
    for treated in ours:
        for control in ours:
            if treated.group == control.group and order.index(treated.role) > order.index(control.role):
                yield treated, control


def _versus(treated: Trained, control: Trained, columns: Sequence[Column]) -> Versus:
    shared = [c for c in columns if c.key in treated.numbers and c.key in control.numbers]
    refused = {c.key: why for c in shared if (why := _unlike(treated, control, c.key))}
    compared = [c for c in shared if c.key not in refused]
    paired = [c for c in compared if treated.numbers[c.key].keys() == control.numbers[c.key].keys()]
    refused |= {c.key: _seeds_differ(treated, control, c.key) for c in compared if c not in paired}
    differences = [
        paired_difference(
            *(
                {seed: number.result.value for seed, number in each.numbers[column.key].items()}
                for each in (treated, control)
            ),
            thing=f"{column.key} of {treated.name} and {control.name}",
        )
        for column in paired
    ]
    adjusted = holm([difference.p for difference in differences])
    comparisons = {
        c.key: Comparison(treated.name, control.name, c.key, d, p, verdict(d, p, null_margin=NULL_MARGIN))
        for c, d, p in zip(paired, differences, adjusted, strict=True)
    }
    pictures = {c.key: ends for c in paired if (ends := _over_pictures(treated, control, c.key)) is not None}
    return Versus(treated, control, comparisons, pictures, refused)


def _values(trained: Trained, key: str) -> dict[int, float]:
    return {seed: number.result.value for seed, number in trained.numbers[key].items()}


def _unlike(treated: Trained, control: Trained, key: str) -> str:
    """Why two numbers must not be compared at all; "" if they may."""
    both = [number.result for each in (treated, control) for number in each.numbers[key].values()]
    if len({result.definition for result in both}) > 1:
        return "measured by different definitions"
    if len({(result.provenance.fingerprint, result.n) for result in both}) > 1:
        return "measured on different pictures"
    return ""


def _seeds_differ(treated: Trained, control: Trained, key: str) -> str:
    ours, theirs = (", ".join(map(str, sorted(each.numbers[key]))) for each in (treated, control))
    return f"seeds differ ({ours}; {theirs}): not paired"


def _over_pictures(treated: Trained, control: Trained, key: str) -> tuple[float, float] | None:
    """The interval over pictures, where every run of both kept what it scored on each of them."""
    ours, theirs = (
        [number.answers for number in each.numbers[key].values() if number.answers is not None]
        for each in (treated, control)
    )
    if len(ours) < len(treated.numbers[key]) or len(theirs) < len(control.numbers[key]):
        return None
    return difference_over_pictures(ours, theirs)
