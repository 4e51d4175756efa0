"""Public benchmarks as they lie on disk after their download: one reader a file."""
