"""From what the store holds to what leaves the house: privacy grades, and the published records' laws. Pure."""
