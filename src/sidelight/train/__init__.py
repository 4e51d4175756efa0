"""Model, objective and batches to a checkpoint."""
