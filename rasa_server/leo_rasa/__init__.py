"""What Leo adds to the Rasa server: context for the NLU, a tracker store that forgets, a guarded channel."""
