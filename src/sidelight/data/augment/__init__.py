"""Image, points and maps move together; the random generator is an argument."""
