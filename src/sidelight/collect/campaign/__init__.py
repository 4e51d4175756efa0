"""A campaign's folder: its settings and secrets, its pictures and texts, and how pages are made of them."""
