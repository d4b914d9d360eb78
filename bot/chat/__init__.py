"""The chat: Telegram and the terminal, in and out."""
