"""The sentence in code, one verb a file; the only place that knows several stages."""
