"""The Rasa server as Leo sees it: its model, and what is said to it."""
