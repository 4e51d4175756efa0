"""What logs tell about time, agreement and how people work: pure."""
