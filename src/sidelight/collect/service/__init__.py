"""The web service: annotators' routes, pictures, and the guard before them."""
