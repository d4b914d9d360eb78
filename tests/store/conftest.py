"""The same tests on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from bot.store import database
from bot.store.tables import metadata, seal
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.ports import OpenUnitOfWork
from tests.store.databases import KINDS, empty_database


@pytest.fixture(scope="session", params=KINDS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database with its tables."""
    with empty_database(request.param, tmp_path_factory.mktemp("store")) as url:
        engine = database.connect(url)
        database.unlock(engine, Vault([new_key()]))
        database.upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def open_uow(engine: Engine) -> Iterator[OpenUnitOfWork]:
    """What opens units of work on a database without rows."""
    yield units_of_work(engine)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not seal:
                connection.execute(delete(table))


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    with empty_database(request.param, tmp_path) as url:
        yield url
