"""Log entries -> answer: pure functions with the same rules in the browser (`frontend/src/fold`)."""
