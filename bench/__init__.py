"""How quick and how big Leo is, beside a stock Rasa assistant."""
