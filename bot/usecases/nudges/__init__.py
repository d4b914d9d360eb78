"""What Leo writes of its own accord: planned, opened, answered, put off, expired."""
