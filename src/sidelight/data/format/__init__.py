"""The dataset on disk: its specification, reader, writer and validator."""
