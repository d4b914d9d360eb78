"""What HR does with cohorts, in the console and from the shell."""
