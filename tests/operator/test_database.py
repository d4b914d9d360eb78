"""A database that cannot be opened, written or reached."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.usecases.answer import answer
from bot.usecases.inbox import MAX_ATTEMPTS, count_failure
from bot.usecases.messages import Incoming, Told
from bot.usecases.turn import take
from tests.operator.conftest import Operator
from tests.store.chat import Chat
from tests.store.databases import empty_database, server
from tests.store.make import CHAT


def test_read_only_file(in_use: Operator) -> None:
    """A database file that Leo may not write is named, with what to do about it."""
    before = in_use.files()
    in_use.database.chmod(0o400)
    said = in_use.leo_as_anybody("db", "upgrade").refusal()
    assert str(in_use.database) in said
    assert "readonly" in said
    assert "write access" in said
    assert in_use.files() == before


def test_read_only_folder(in_use: Operator) -> None:
    """A data folder that Leo may not write in is named, also by `leo doctor`."""
    before = in_use.files()
    in_use.var.chmod(0o500)
    try:
        said = in_use.leo_as_anybody("db", "upgrade").refusal()
        doctor = in_use.leo_as_anybody("doctor")
    finally:
        in_use.var.chmod(0o700)
    assert str(in_use.database) in said
    assert "write" in said
    assert doctor.status == 1
    assert "✗ Database: " in doctor.out
    assert "Traceback" not in doctor.err
    assert in_use.files() == before


@pytest.mark.parametrize("command", ["db upgrade", "chat"])
def test_first_start_in_a_read_only_folder(operator: Operator, command: str) -> None:
    """Where the data folder cannot be made, Leo says which."""
    operator.folder.chmod(0o500)
    try:
        said = operator.leo_as_anybody(*command.split()).refusal()
    finally:
        operator.folder.chmod(0o700)
    assert "var" in said
    assert list(operator.folder.iterdir()) == []


def test_locked(in_use: Operator) -> None:
    """A database that another program holds is said to be held, and nothing is changed."""
    before = in_use.files()
    with closing(sqlite3.connect(in_use.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        said = in_use.leo("inbox", "retry").refusal()
        other.execute("ROLLBACK")
    assert "database is locked" in said
    assert "Another program holds it" in said
    assert in_use.files() == before
    in_use.leo("inbox", "retry").success()


def test_no_database(operator: Operator) -> None:
    """A file that is no database is left as it is."""
    operator.var.mkdir()
    operator.database.write_text("Dear diary, " * 100)
    before = operator.files()
    said = operator.leo("db", "upgrade").refusal()
    assert "file is not a database" in said
    assert "backup" in said
    assert operator.files() == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("leo.db", "no database URL"),
        ("postgresql://leo@db.example.org:port/leo", "no database URL"),
        ("mysql://leo@db.example.org/leo", "SQLite or a PostgreSQL"),
        ("sqlite://", "names no SQLite file"),
        ("sqlite:///:memory:", "names no SQLite file"),
        ("sqlite:////proc/leo/leo.db", "/proc/leo cannot be made"),
    ],
)
def test_wrong_url(operator: Operator, url: str, said: str) -> None:
    """A URL that leads to no database Leo can use is refused with the reason."""
    assert said in operator.leo("db", "upgrade", DATABASE_URL=url).refusal()
    assert not operator.key_file.exists()


def test_unreachable_server(operator: Operator) -> None:
    """A server that does not answer is named without its password, and nothing is made."""
    for url in (
        "postgresql://leo:hush-hush@127.0.0.1:1/leo",
        "postgresql://127.0.0.1:1/leo?user=leo&password=hush-hush",
    ):
        done = operator.leo("db", "upgrade", DATABASE_URL=url)
        said = done.refusal()
        assert "127.0.0.1:1/leo" in said
        assert "that the server runs" in said
        assert "hush-hush" not in said
    assert not operator.var.exists()


def test_retry(in_use: Operator) -> None:
    """`leo inbox retry` takes up again what was set aside, and `leo doctor` tells of it."""
    with in_use.inside() as deps:
        chat = Chat(deps)
        number = chat.come_in("I could not be worked on.")
        incoming = Incoming("telegram", number, "42", Told.TEXT)
        for _ in range(MAX_ATTEMPTS):
            count_failure(deps, incoming, chat.clock)
        with deps.open() as uow:
            assert uow.inbox_pending(*CHAT) is None
    assert "1 messages set aside" in in_use.leo("doctor").out
    assert in_use.leo("inbox", "retry").success() == "1 messages will be worked on again."
    assert in_use.leo("inbox", "retry").success() == "0 messages will be worked on again."
    with in_use.inside() as deps, deps.open() as uow:
        again = uow.inbox_pending(*CHAT)
        assert again is not None
        assert (again.update_id, again.attempts) == (number, 0)
    with in_use.inside() as deps:
        assert take(deps, "telegram", number, answer, chat.clock)


# --- PostgreSQL -------------------------------------------------------------------------


def test_postgresql(operator: Operator, tmp_path: Path) -> None:
    """On PostgreSQL the same commands do the same."""
    with empty_database("postgresql", tmp_path) as url:
        settings = {"DATABASE_URL": url}
        assert "brought up to date" in operator.leo("doctor", **settings).out
        assert not operator.key_file.exists()
        for _ in range(2):
            told = operator.leo("db", "upgrade", **settings).success()
            assert told == "The database is up to date."
        assert "opens with the key and is up to date" in operator.leo("doctor", **settings).out
        assert not operator.database.exists()
        with operator.inside(database_url=url) as deps:
            Chat(deps).begin(words="He decided without me.")
        assert "fresh key" in operator.leo("keys", "rotate", **settings).success()
        operator.leo("person", "export", "42", "--channel", "telegram", **settings).success()
        assert "He decided without me." in (operator.folder / "leo.html").read_text()
        wrong = {"ENCRYPTION_KEYS": operator.leo("keys", "new").out.strip()}
        assert "does not open" in operator.leo("db", "upgrade", **settings, **wrong).refusal()
        key = operator.key_file.read_bytes()
        operator.key_file.unlink()
        assert "is missing" in operator.leo("db", "upgrade", **settings).refusal()
        assert not operator.key_file.exists()
        operator.key_file.write_bytes(key)
        erase = ["person", "erase", "42", "--channel", "telegram", "--yes"]
        operator.leo(*erase, **settings).success()
        with operator.inside(database_url=url) as deps, deps.open() as uow:
            assert uow.person(*CHAT) is None


def test_missing_postgresql_database(operator: Operator) -> None:
    """A database that the server does not have is named."""
    url = server().get_uri("nowhere")
    said = operator.leo("db", "upgrade", DATABASE_URL=url).refusal()
    assert 'database "nowhere" does not exist' in said
