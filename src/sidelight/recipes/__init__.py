"""Published experiments as frozen values, one a file."""
