"""Tokens in links and cookies: drawn at random, kept as hashes only."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a fresh token: 43 characters of A-Z a-z 0-9 _ -."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
