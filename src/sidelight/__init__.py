"""Image classifiers that learn from how people label, not only from what they label."""

__version__ = "0.1.0"
