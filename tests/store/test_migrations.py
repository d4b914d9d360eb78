"""Migrations: what they make is what the code says, and applying them twice harms nobody."""

from collections.abc import Iterator

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, inspect, select

from bot.errors import DatabaseUnusable, KeyMismatch
from bot.store import database
from bot.store.tables import metadata, person, run, seal
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from tests.store import make
from tests.store.make import CHAT, ask


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """A database without tables, and a key for it."""
    engine = database.connect(url)
    database.unlock(engine, Vault([new_key()]))
    yield engine
    engine.dispose()


def test_equal_to_the_tables(engine: Engine) -> None:
    """The migrations make exactly the tables, columns, types, keys and indexes of the code."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_upgrade_twice(empty: Engine) -> None:
    """A second upgrade changes nothing and loses nothing."""
    assert not database.is_current(empty)
    database.upgrade(empty)
    with units_of_work(empty)() as uow:
        make.person(uow)
    before = seals(empty)
    database.upgrade(empty)
    assert database.is_current(empty)
    assert seals(empty) == before
    assert ask(units_of_work(empty), lambda uow: uow.person(*CHAT)).name == "Ana"


def seals(engine: Engine) -> list[bytes]:
    """Return the proofs of the key, as they stand in the database."""
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT proof FROM seal").scalars()
        return [bytes(proof) for proof in stored]


def test_two_upgrades_at_once(url: str) -> None:
    """Of several machines that start at once, one migrates and the others wait for it."""
    vault = Vault([new_key()])
    engines = [database.connect(url) for _ in range(4)]
    for engine in engines:
        database.unlock(engine, vault)
    done = make.at_once(*[lambda e=engine: database.upgrade(e) for engine in engines])
    assert done == [None] * 4
    assert database.is_current(engines[0])
    assert len(seals(engines[0])) == 1
    for engine in engines:
        engine.dispose()


def test_a_failed_upgrade_leaves_nothing(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade that breaks off halfway leaves the database as it was."""

    apply = command.upgrade

    def break_off(config: Config, head: str) -> None:
        apply(config, head)
        raise DatabaseUnusable

    with monkeypatch.context() as patch:
        patch.setattr(database.command, "upgrade", break_off)
        with pytest.raises(DatabaseUnusable):
            database.upgrade(empty)
    with empty.connect() as connection:
        assert inspect(connection).get_table_names() == []
    database.upgrade(empty)
    assert database.is_current(empty)


def test_taken_back(empty: Engine) -> None:
    """The migrations can be taken back to nothing, and applied again."""
    database.upgrade(empty)
    with empty.begin() as connection:
        command.downgrade(database.alembic_config(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    database.upgrade(empty)
    assert database.is_current(empty)


def test_a_table_made_anew(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that has to make a table anew keeps the rows that hang on it."""
    database.upgrade(empty)
    with units_of_work(empty)() as uow:
        make.run(uow, make.person(uow))

    def change_person(config: Config, _head: str) -> None:
        connection = config.attributes["connection"]
        with op.Operations.context(MigrationContext.configure(connection)):
            always = "always" if empty.dialect.name == "sqlite" else "auto"
            with op.batch_alter_table("person", recreate=always) as batch:
                batch.add_column(Column("age", Integer))

    monkeypatch.setattr(database.command, "upgrade", change_person)
    database.upgrade(empty)
    with empty.connect() as connection:
        assert "age" in {column["name"] for column in inspect(connection).get_columns("person")}
        assert len(connection.execute(select(run.c.id)).all()) == 1
    with empty.begin() as connection:
        connection.execute(person.delete())
        assert connection.execute(select(run.c.id)).all() == []


def test_the_key_is_proven(empty: Engine, url: str) -> None:
    """A database with tables is opened by its own key only."""
    database.upgrade(empty)
    stranger = database.connect(url)
    with pytest.raises(KeyMismatch):
        database.unlock(stranger, Vault([new_key()]))
    with empty.connect() as connection:
        assert connection.execute(select(seal.c.proof)).scalar_one() == database.PROOF
    stranger.dispose()
