"""Who of HR may sign in to the console."""
