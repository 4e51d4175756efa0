"""Browser -> events -> store -> annotations: the labelling service."""
