"""What Leo adds to the Rasa server: intents in context, no memory, a guarded door."""
