"""A measured number, with everything needed to believe and to repeat it."""

import msgspec


class Provenance(msgspec.Struct, frozen=True):
    """Where a number comes from.

    Attributes:
        recipe: name of the recipe that made the model ("" for a model from elsewhere).
        recipe_hash: of all its values; the folder of the run.
        seed: of the run.
        checkpoint: which weights: "last" or "best_val".
        dataset: name of the dataset measured on.
        fingerprint: of that dataset's content.
        simulated: what was simulated rather than done by people; "" when nothing was.
        version: of sidelight.
        commit: of the source tree, "" when unknown.
        environment: interpreter, libraries and machine, as {name: version}.
    """

    recipe: str = ""
    recipe_hash: str = ""
    seed: int = 0
    checkpoint: str = "last"
    dataset: str = ""
    fingerprint: str = ""
    simulated: str = ""
    version: str = ""
    commit: str = ""
    environment: dict[str, str] = {}


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number.

    Attributes:
        benchmark: the row of the evaluation table that made it ("accuracy", "background").
        metric: the number's name within it ("top1", "gap").
        value: in the unit that `definition` names; shares are in [0, 1].
        definition: one sentence that says exactly what was computed.
        higher_is_better: which way is good; None when neither is.
        n: number of pictures behind it.
        split: which part of the dataset.
        subset: which of its pictures ("all", "box<=0.5").
        provenance: what made it.
    """

    benchmark: str
    metric: str
    value: float
    definition: str
    higher_is_better: bool | None
    n: int
    split: str = "test"
    subset: str = "all"
    provenance: Provenance = Provenance()
