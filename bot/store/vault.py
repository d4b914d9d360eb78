"""The vault: words encrypted at rest, with keys that can be rotated."""

import fcntl
import json
import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TextIO

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import KeyMismatch, SettingsError
from bot.store import private_files


class Vault:
    """Encrypts with the first key, decrypts with any of them."""

    def __init__(self, keys: Sequence[str], source: str = "LEO_ENCRYPTION_KEYS") -> None:
        """Take Fernet keys (url-safe base64 of 32 bytes), newest first, and where they stand.

        Raises SettingsError.
        """
        self.keys, self._source = tuple(keys), source
        self.let_go: Callable[[], object] = lambda: None
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            what = "something that is no key" if keys else "no key"
            raise SettingsError(
                f"{source} holds {what}. A key is 32 bytes in url-safe base64. For a database in "
                "use, put its keys back from your backup; for a new one, `leo keys new` makes one."
            ) from None

    @classmethod
    def at(cls, path: Path, *, alone: bool = False) -> Self:
        """Open the vault with the keys of a file, one a line, and hold that file until `let_go`.

        Many may hold it at once, or one `alone`: no key is taken away from a running Leo.
        Raises SettingsError when it is held otherwise, or holds no keys.
        """
        with ExitStack() as opened:
            # A lock of its own on network drives asks for a file that may be written.
            file = opened.enter_context(path.open("r+" if alone else "r", errors="replace"))
            _hold(file, path, alone)
            vault = cls(file.read().split(), f"The key file {path}")
            vault.let_go = weakref.finalize(vault, opened.pop_all().close)
            return vault

    def seal(self, value: Any) -> bytes:
        """Encrypt anything JSON can hold."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def unseal(self, token: bytes) -> Any:
        """Decrypt what `seal` made. Raises KeyMismatch when no key opens it."""
        try:
            return json.loads(self._fernet.decrypt(token))
        except InvalidToken:
            raise self._mismatch() from None

    def reseal(self, token: bytes) -> bytes:
        """Encrypt anew with the first key. Raises KeyMismatch when no key opens it."""
        try:
            return self._fernet.rotate(token)
        except InvalidToken:
            raise self._mismatch() from None

    def _mismatch(self) -> KeyMismatch:
        return KeyMismatch(
            f"{self._source} does not open this database. "
            "Put back the key that it was encrypted with. Nothing was changed."
        )


def _hold(file: TextIO, path: Path, alone: bool) -> None:
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SettingsError(
            f"The key file {path} is in use by a running Leo. Stop it, then try again."
            if alone
            else f"The keys in {path} are being changed. Try again when that is done."
        ) from None


def new_key() -> str:
    """Return a fresh key."""
    return Fernet.generate_key().decode()


def make_first_key(path: Path) -> None:
    """Make a key file where there is none."""
    private_files.create(path, f"{new_key()}\n")


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Write a key file anew."""
    private_files.replace(path, "".join(f"{key}\n" for key in keys))
