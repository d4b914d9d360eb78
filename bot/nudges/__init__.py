"""The clock: when the scheduler's work is done, and by which of several schedulers."""
