"""One objective a file; table.py lists them."""
