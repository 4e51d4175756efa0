"""The class term of an objective that takes one label an image, or several."""

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.binary_cross_entropy import binary_cross_entropy
from sidelight.train.objective.cross_entropy import class_term, soft_cross_entropy
from sidelight.train.term import Labels, Term


def labelled(outputs: Outputs, batch: Batch, *, labels: Labels, label_smoothing: float = 0.0) -> Term:
    """Softmax cross-entropy for one label an image, the mean of binary ones for several: what plain training has."""
    if labels == "multi":
        return class_term(binary_cross_entropy(outputs.logits, batch.targets))
    return class_term(soft_cross_entropy(outputs.logits, batch.targets, label_smoothing=label_smoothing))
