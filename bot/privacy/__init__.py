"""What may be shown of people together, and what must not. Standard library only."""
