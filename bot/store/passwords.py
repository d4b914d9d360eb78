"""Passwords, by argon2. The one home of argon2."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """The port `Passwords`, at the cost that the library recommends."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash of a password."""
        return self._hasher.hash(password)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Tell whether a password is the one; without a hash it takes as long, and is not."""
        try:
            fits = self._hasher.verify(password_hash or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return fits and password_hash is not None
