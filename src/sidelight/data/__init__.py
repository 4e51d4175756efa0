"""Annotations and public files to a dataset on disk, and from there to batches."""
