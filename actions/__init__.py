"""The custom actions: an intent and its metadata in, one use case done, the update's number out."""
