"""Opening the database, checking its key, and bringing its tables up to date."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import DatabaseUnusable, SettingsError
from bot.store import tables
from bot.store.trouble import unusable
from bot.store.types import Sealed, give_vault
from bot.store.vault import Vault
from bot.usecases.ports import Mode

BUSY_TIMEOUT_MS = 5_000
LOOK_S = 0.001
PROOF = "Leo"
_MIGRATIONS = Path(__file__).with_name("migrations")


def connect(url: str) -> Engine:
    """Return an engine; nothing is opened yet, and `unlock` comes before any sealed column.

    Raises SettingsError for a URL that names no database Leo can use.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(
            "LEO_DATABASE_URL is no database URL. Examples: sqlite:////var/lib/leo/leo.db, "
            "postgresql://leo:secret@db.example.org/leo"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed.database)
    elif parsed.get_backend_name() == "postgresql":
        engine = _postgresql(parsed)
    else:
        raise SettingsError("LEO_DATABASE_URL must name a SQLite or a PostgreSQL database.")
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=10,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("leo_mode") is Mode.RELAXED:
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    return engine


# In its log mode SQLite writes to the disk at each commit only when told FULL.
_SYNCHRONOUS = {Mode.DURABLE: "FULL", Mode.RELAXED: "NORMAL"}


def _sqlite(path: str | None) -> Engine:
    if not path or path == ":memory:":
        raise SettingsError("LEO_DATABASE_URL names no SQLite file; Leo needs one that lasts.")
    engine = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        # Transactions are begun by SQLAlchemy's event below, never by the driver.
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _keep_a_log(connection)
        # What is erased is overwritten, not only unlinked.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("leo_mode", Mode.DURABLE)
        if mode is Mode.READ:
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA synchronous = {_SYNCHRONOUS[mode]}")
        _take_write_lock(connection)

    return engine


def _take_write_lock(connection: Connection) -> None:
    """Begin as a writer: a reader that turns writer midway cannot wait for the lock.

    Another process holds it for milliseconds, and SQLite itself would look ever more seldom.
    """
    driver = _driver(connection)
    driver.execute("PRAGMA busy_timeout = 0")
    patience = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    try:
        while not driver.in_transaction:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > patience:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # Fails as all statements do.
                time.sleep(LOOK_S)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Write ahead to a log. For this change of a new file SQLite does not wait by itself."""
    patience = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def exists(engine: Engine) -> bool:
    """Tell whether there is a database to open; a SQLite file is made on the first start."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return True
    return Path(engine.url.database).exists()


def is_sealed(engine: Engine) -> bool:
    """Tell whether the database holds the proof of a key. Raises DatabaseUnusable."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(tables.seal.name):
                return False
            return connection.execute(select(tables.seal.c.id)).first() is not None
    except DBAPIError as error:
        raise unusable(engine, error) from None


def unlock(engine: Engine, vault: Vault) -> None:
    """Let the engine use a vault, until it is disposed of. Reads only.

    Raises KeyMismatch when the database holds words that these keys do not open.
    """
    give_vault(engine.dialect, vault)
    event.listen(engine, "engine_disposed", lambda _: vault.let_go())
    if is_sealed(engine):
        with engine.connect() as connection:
            connection.execute(select(tables.seal.c.proof)).scalar()


def make_room(engine: Engine) -> None:
    """Make the folder of a SQLite file. Raises DatabaseUnusable."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        folder = Path(engine.url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(
                f"The folder {folder} cannot be made: {error.strerror}. Set LEO_DATA_DIR."
            ) from None


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date and write the proof of the key. Raises DatabaseUnusable."""
    try:
        with _children_kept(engine) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                # Two machines may start at once: one migrates, the other waits.
                connection.execute(text("SET LOCAL lock_timeout = '30s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(5370001)"))
            command.upgrade(alembic_config(connection), "head")
            # Reading the proof checks the key again: another Leo may have come first.
            if connection.execute(select(tables.seal.c.proof)).first() is None:
                connection.execute(insert(tables.seal).values(id=1, proof=PROOF))
    except DBAPIError as error:
        raise unusable(engine, error) from None


@contextmanager
def _children_kept(engine: Engine) -> Iterator[Connection]:
    """Give a connection on which a table can be made anew without losing what hangs on it.

    SQLite changes most of a table by copying and dropping it, and dropping would cascade.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _driver(connection).execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
        finally:
            if engine.dialect.name == "sqlite":
                _driver(connection).execute("PRAGMA foreign_keys = ON")


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def check_writable(engine: Engine) -> None:
    """Write, and take it back: SQLite lets a reader in where it may not write.

    Raises DatabaseUnusable.
    """
    try:
        with engine.connect() as connection:
            connection.execute(update(tables.seal).values(id=1))
            connection.rollback()
    except DBAPIError as error:
        raise unusable(engine, error) from None


def alembic_config(connection: Any) -> Config:
    """Return Alembic's settings for a connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def is_current(engine: Engine) -> bool:
    """Tell whether every migration has been applied."""
    try:
        with engine.connect() as connection:
            applied = MigrationContext.configure(connection).get_current_revision()
            return (
                applied
                == ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
            )
    except DBAPIError as error:
        raise unusable(engine, error) from None


def reseal(engine: Engine, vault: Vault) -> int:
    """Encrypt every sealed value anew with the vault's first key; return how many values.

    Raises DatabaseUnusable, and KeyMismatch for a value that no key opens; then none is changed.
    """
    try:
        with engine.begin() as connection:
            return sum(
                _reseal_column(connection, table, column.name, vault)
                for table in tables.metadata.sorted_tables
                for column in table.columns
                if isinstance(column.type, Sealed)
            )
    except DBAPIError as error:
        raise unusable(engine, error) from None


def _reseal_column(connection: Any, table: Table, name: str, vault: Vault) -> int:
    raw = Table(table.name, type(table.metadata)(), autoload_with=connection)
    rows: Sequence[Any] = connection.execute(
        select(raw.c.id, raw.c[name]).where(raw.c[name].is_not(None))
    ).all()
    for row_id, token in rows:
        fresh = vault.reseal(bytes(token))
        connection.execute(update(raw).where(raw.c.id == row_id).values({name: fresh}))
    return len(rows)
