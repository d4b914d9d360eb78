"""What Leo serves over HTTP: health, metrics, Telegram's webhook; HR's pages will live here."""
