"""Public benchmarks: what each number is. One benchmark a file; nothing here touches files."""
