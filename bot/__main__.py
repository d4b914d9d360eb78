"""`python -m bot` is `leo`."""

from bot.cli import main

main()
