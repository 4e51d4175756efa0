"""Model and image to where it looked."""
