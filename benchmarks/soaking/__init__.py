"""What the soak in a real browser is made of: a bad line, a log in the page, and hands."""
