"""The use cases: one verb a file, one transaction each. They know ports, not adapters."""
