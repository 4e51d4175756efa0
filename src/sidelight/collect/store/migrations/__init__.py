"""How the tables came to be, a step a file; Alembic walks them when a store is opened."""
