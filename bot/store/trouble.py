"""What is said when the database cannot be used."""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnusable

_HELD = "Another program holds it; stop that one, or wait and start again."
_HINTS = {
    "attempt to write a readonly database": "Give Leo's user write access to it and its folder.",
    "unable to open database file": "Check that Leo may write in its folder.",
    "file is not a database": "Put the file back from your backup.",
    "database disk image is malformed": "Put the file back from your backup.",
    "database is locked": _HELD,
    "canceling statement due to lock timeout": _HELD,
}


def unusable(engine: Engine, error: DBAPIError) -> DatabaseUnusable:
    """Return an error that names the database, never its password, and says how to mend it."""
    reason = next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)
    hint = _HINTS.get(reason, "Check LEO_DATABASE_URL and that the server runs.")
    return DatabaseUnusable(f"The database {place(engine)} cannot be used: {reason}. {hint}")


def place(engine: Engine) -> str:
    """Return the database's URL without any secret: a password may stand in the query, too."""
    return engine.url.set(query={}).render_as_string(hide_password=True)
