"""What a campaign keeps: pictures, hits, leases, chunks, answers and people; in SQLite, or in PostgreSQL."""
