"""Predictions to results: one benchmark a file; table.py lists them."""
