"""What a person sets: when Leo writes, when it is quiet, where they are, which days are free."""
