"""From a trace to a point, an extent, a difficulty; and the simulated annotator. NumPy only."""
