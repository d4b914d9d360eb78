"""The vault: words encrypted at rest, with keys that can be rotated."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import KeyMismatch, SettingsError


class Vault:
    """Encrypts with the first key, decrypts with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys (url-safe base64 of 32 bytes), newest first. Raises SettingsError."""
        if not keys:
            raise SettingsError("LEO_ENCRYPTION_KEYS is empty: give at least one key.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "LEO_ENCRYPTION_KEYS holds something that is no key. "
                "A key is 32 bytes in url-safe base64; `leo keys new` makes one."
            ) from None

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open the vault with the keys of a file, one a line."""
        return cls(path.read_text().split())

    def seal(self, value: Any) -> bytes:
        """Encrypt anything JSON can hold."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def unseal(self, token: bytes) -> Any:
        """Decrypt what `seal` made. Raises KeyMismatch when no key opens it."""
        try:
            return json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            raise KeyMismatch from None

    def reseal(self, token: bytes) -> bytes:
        """Encrypt anew with the first key. Raises KeyMismatch when no key opens it."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise KeyMismatch from None


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode()


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Write a key file that only its owner can read, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
