"""Column types: sealed words, aware instants, states."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, LargeBinary, String, TypeDecorator

from bot.store.vault import Vault


class Sealed(TypeDecorator[Any]):
    """A value encrypted on its way in and decrypted on its way out.

    The vault hangs on the engine's dialect, so that one process can open several databases.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else vault_of(dialect).seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Decrypt."""
        return None if value is None else vault_of(dialect).unseal(bytes(value))


def vault_of(dialect: Dialect) -> Vault:
    """Return the vault that `give_vault` hung on a dialect."""
    return cast(Vault, dialect.leo_vault)  # type: ignore[attr-defined]


def give_vault(dialect: Dialect, vault: Vault) -> None:
    """Let an engine's dialect encrypt with `vault`."""
    dialect.leo_vault = vault  # type: ignore[attr-defined]


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes, and turn aware ones into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an instant in UTC: SQLite forgets the zone, PostgreSQL answers in its own."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class State(TypeDecorator[StrEnum]):
    """A state by its value."""

    impl = String(16)
    cache_ok = True

    def __init__(self, states: type[StrEnum]) -> None:
        """Take the enumeration of the states."""
        super().__init__()
        self.states = states

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Write the value."""
        return None if value is None else self.states(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Read the state."""
        return None if value is None else self.states(value)
