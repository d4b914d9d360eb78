"""The coaching core: plain objects and rules, standard library only, no I/O."""
