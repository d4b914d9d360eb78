"""The console's own role in PostgreSQL: it may do HR's work, and cannot read a word."""

from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnusable, SettingsError
from bot.store.tables import cohorts as c
from bot.store.tables import console as h
from bot.store.tables import letters as w
from bot.store.tables import mails as m
from bot.store.tables import support as s
from bot.store.tables import tallies as y
from bot.store.tables.base import metadata
from bot.store.trouble import place

_KEPT = (
    *(h.hr_user, h.hr_link, h.hr_session, h.hr_access, h.hr_attempt, h.hr_sign_on),
    *(c.invitation, m.mail, w.letter_test, s.contact),
)
_NEVER_REMOVED = (c.cohort, c.member, y.tally)
# The log; letters stand as they were confirmed; erasures are carried out by the bot.
_ONLY_ADDED = (h.audit, w.letter, h.erasure)
_ROLE_MISSING = "42704"
_MAY_READ = text("SELECT has_table_privilege(:name, 'SELECT')")


def grant_console(engine: Engine, role: str) -> None:
    """Give a role what the console needs, and take from it all else in Leo's tables.

    Raises SettingsError on another database than PostgreSQL or for an unknown role.
    """
    if engine.dialect.name != "postgresql":
        raise SettingsError("Roles are PostgreSQL's; SQLite has none.")
    quoted = engine.dialect.identifier_preparer.quote(role)
    try:
        with engine.begin() as connection:
            _grant(connection, quoted)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _ROLE_MISSING:
            raise SettingsError(
                f"PostgreSQL knows no role “{role}”. Make it first: CREATE ROLE … LOGIN PASSWORD …"
            ) from None
        raise DatabaseUnusable(
            f"The role could not be given its rights: {type(error.orig).__name__}. "
            "Run this as the owner of Leo's tables."
        ) from None


def inspect_console(engine: Engine) -> str:
    """Return in a line what the console's role may read.

    Raises SettingsError when that is more or less than `grant_console` gives, or when it cannot
    come in.
    """
    if engine.dialect.name != "postgresql":
        raise SettingsError("LEO_CONSOLE_DATABASE_URL is for PostgreSQL; leave it out on SQLite.")
    needed = {table.name for table in (*_KEPT, *_NEVER_REMOVED, *_ONLY_ADDED)} | {"seal"}
    try:
        with engine.connect() as connection:
            role = connection.scalar(text("SELECT current_user"))
            readable = {
                table.name
                for table in metadata.sorted_tables
                if connection.scalar(_MAY_READ, {"name": table.name})
            }
    except DBAPIError as error:
        raise SettingsError(
            f"{place(engine)} cannot be opened: {type(error.orig).__name__}. "
            "Check LEO_CONSOLE_DATABASE_URL: role, password, host and database."
        ) from None
    for names, what in ((readable - needed, "can read"), (needed - readable, "cannot read")):
        if names:
            raise SettingsError(
                f"The role “{role}” {what} {', '.join(sorted(names))}. As the owner of Leo's "
                f"tables run `leo db grant-console {role}`; a superuser will not do."
            )
    return f"the role “{role}” reads what HR's work needs, and no table with words"


def _grant(connection: Connection, role: str) -> None:
    for table in metadata.sorted_tables:
        connection.execute(text(f"REVOKE ALL ON {table.name} FROM {role}"))
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_names(_KEPT)} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE ON {_names(_NEVER_REMOVED)} TO {role}",
        f"GRANT SELECT, INSERT ON {_names(_ONLY_ADDED)} TO {role}",
        # How many still wait for a letter; not who.
        f"GRANT SELECT (letter_id, state) ON occurrence TO {role}",
        # The proof of the key, and when the scheduler looks at somebody.
        f"GRANT SELECT ON seal TO {role}",
        f"GRANT SELECT (id, next_at), UPDATE (next_at) ON person TO {role}",
    ):
        connection.execute(text(statement))
    for table in (*_KEPT, *_NEVER_REMOVED, *_ONLY_ADDED):
        if "id" in table.c:
            connection.execute(text(f"GRANT USAGE ON SEQUENCE {table.name}_id_seq TO {role}"))


def _names(tables: tuple[Table, ...]) -> str:
    return ", ".join(table.name for table in tables)
