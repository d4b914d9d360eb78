"""Words are encrypted at rest, all of them, and the keys can be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, String, Text, select

from bot import wiring
from bot.errors import KeyMismatch, SettingsError
from bot.settings import Settings
from bot.store import database
from bot.store.figures import console_units
from bot.store.tables import metadata, seal
from bot.store.types import Sealed
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.records import InboxState, Mail
from tests.store import make
from tests.store.chat import LIBRARY, Chat, deps_for
from tests.store.make import CHAT, ask, known

# Where people's words stand, and what else tells of them.
# No word, and as secret.
LINKS = {"mail.link"}
WORDS = {
    "person.name",
    "served.nickname",
    "answer.words",
    "plan.words",
    "inbox.payload",
    "outbox.body",
    "member.name",
    "member.email",
    "seal.proof",
}
# Text of Leo's own: names of channels, steps and states, zones, chat numbers, keys of rows.
NO_WORDS = {
    *("person.channel", "person.address", "person.language", "person.zone"),
    *("person.consent_version", "consent.version", "consent.decision"),
    *("run.practice", "run.step", "run.state", "answer.step", "answer.choice"),
    *("plan.state", "preferences.daily", "preferences.weekly", "preferences.practice"),
    *("preferences.working_days", "preferences.country"),
    *("occurrence.kind", "occurrence.practice", "occurrence.state", "passage.old", "passage.new"),
    *("lease.holder", "person.home_zone"),
    # HR's own: mail addresses of those who sign in, what they did, and hashes of their secrets.
    *("hr_user.email", "hr_user.language", "hr_user.password_hash", "hr_user.role"),
    *("hr_link.token_hash", "hr_session.token_hash", "hr_attempt.key", "invitation.token_hash"),
    *("hr_sign_on.key", "mail.state", "mail.reason", "mail.code"),
    *("audit.actor", "audit.action", "audit.object", "tally.figure"),
    *("cohort.name", "cohort.programme", "cohort.zone", "cohort.language", "cohort.daily"),
    *("cohort.weekly", "cohort.practice", "cohort.state", "member.language", "member.zone"),
    # HR's own words to a cohort, which are no secret from the console.
    *("letter.kind", "letter.en", "letter.fr"),
    *("letter_test.token_hash", "letter_test.en", "letter_test.fr"),
    # Contacts for distress as HR entered them, and what HR noted of an erasure.
    *("contact.number", "contact.country", "erasure.reference", "erasure.asked_by"),
    *("inbox.channel", "inbox.address", "inbox.state"),
    *("outbox.key", "outbox.channel", "outbox.address", "outbox.state"),
}


def columns(*types: type) -> set[str]:
    """Return the columns of some types."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, types) or isinstance(getattr(column.type, "impl", None), types)
    }


def test_every_column_of_words_is_sealed() -> None:
    """Each column that can hold text is known to hold words, and sealed, or to hold none."""
    assert columns(Sealed) == WORDS | LINKS
    assert columns(String, Text) == NO_WORDS


def raw(engine: Engine) -> bytes:
    """Return all that stands in the tables, as the database has it."""
    cells = []
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}"):
                cells += [
                    cell.encode() if isinstance(cell, str) else cell
                    for cell in row
                    if isinstance(cell, (str, bytes, memoryview))
                ]
    return b"\n".join(bytes(cell) for cell in cells)


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "Xanthippe", "Quizzically, she took the marmalade decision herself"),
        ("fr", "Loïc-Zébulon", "Il a tranché lui-même l’épineuse question du goûter"),
    ],
)
def test_no_words_in_the_tables(
    engine: Engine, open_uow: OpenUnitOfWork, language: str, name: str, words: str
) -> None:
    """At no moment of a whole exercise can a word, a name or a nickname be read in a table."""
    nickname = f"Wölfi-{name[:3]}"
    chat = Chat(deps_for(open_uow), name=name, language=language)
    seen: list[bytes] = []
    chat.after_each = lambda: seen.append(raw(engine))
    chat.walk(nickname=nickname, words=words)
    secrets = [name, nickname, words, words.split()[-1], LIBRARY["best-test"].title[language]]
    for stage in seen:
        for secret in secrets:
            for encoding in ("utf-8", "utf-16-le"):
                assert secret.encode(encoding) not in stage, secret
            assert secret.encode("unicode_escape") not in stage
    # It is all there, for whoever has the key.
    with open_uow() as uow:
        person = uow.person(*chat.lane)
        assert person is not None
        [served] = uow.served(known(person.id))
        [plan] = uow.plans(known(person.id))
        assert (person.name, served.nickname, plan.words) == (name, nickname, words)
    assert len(seen) > 30


def test_no_words_in_the_file(tmp_path: Path) -> None:
    """No word stands anywhere in SQLite's files while Leo runs."""
    engine = database.connect(f"sqlite:///{tmp_path / 'leo.db'}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    chat = Chat(deps_for(units_of_work(engine)), name="Xanthippe")
    chat.walk(nickname="Wölfi", words="the marmalade decision")
    files = sorted(tmp_path.iterdir())
    assert tmp_path / "leo.db-wal" in files
    for file in files:
        for secret in ("Xanthippe", "Wölfi", "marmalade"):
            assert secret.encode() not in file.read_bytes()
    engine.dispose()


def test_same_words_look_different(engine: Engine, open_uow: OpenUnitOfWork) -> None:
    """It cannot be seen from outside who wrote the same."""
    with open_uow() as uow:
        person = make.person(uow)
        for nickname in ("Theo", "Theo"):
            make.served(uow, person, nickname=nickname)
    with engine.connect() as connection:
        tokens = connection.exec_driver_sql("SELECT nickname FROM served").scalars().all()
    assert len({bytes(token) for token in tokens}) == 2


# --- the keys ---------------------------------------------------------------------------


@pytest.fixture
def settings(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a key file, for an empty database."""
    monkeypatch.chdir(tmp_path)
    return Settings(database_url=url, data_dir=tmp_path / "var")


def fill(settings: Settings) -> None:
    """Write a row with words into every table, as a Leo that has ended since."""
    house = wiring.house(settings)
    with house.deps.open() as uow:
        person = make.person(uow)
        run = make.run(uow, person)
        make.served(uow, person)
        make.answer(uow, run, words="I listened.")
        make.plan(uow, person, run)
        make.member(uow, person)
        make.update(uow, 1, state=InboxState.FAILED)
        make.message(uow)
    with console_units(house.engine)() as unit:
        unit.add(Mail(make.NOW, make.NOW, "https://t.me/leo?start=x"))
    house.engine.dispose()


def opens(settings: Settings, keys: list[str]) -> bool:
    """Tell whether these keys open every word of the database."""
    engine = database.connect(settings.database)
    try:
        database.unlock(engine, Vault(keys))
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                rows = connection.execute(select(table)).all()
                assert rows or not any(isinstance(c.type, Sealed) for c in table.columns)
    except KeyMismatch:
        return False
    finally:
        engine.dispose()
    return True


def keys_of(settings: Settings) -> list[str]:
    """Return the keys in the key file."""
    return settings.key_file.read_text().split()


def test_first_start(settings: Settings) -> None:
    """The first start makes one key, for its owner's eyes only; the next start uses it."""
    fill(settings)
    [key] = keys_of(settings)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert opens(settings, [key])
    wiring.open_database(settings).dispose()
    assert keys_of(settings) == [key]
    assert [path.name for path in settings.key_file.parent.glob(".*")] == []


def test_rotation(settings: Settings) -> None:
    """After a rotation only the fresh key opens the words, and the file holds it alone."""
    fill(settings)
    [old] = keys_of(settings)
    told = wiring.rotate_keys(settings)
    [fresh] = keys_of(settings)
    assert fresh != old
    assert opens(settings, [fresh])
    assert not opens(settings, [old])
    assert told.startswith("10 values")
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    wiring.rotate_keys(settings)
    [freshest] = keys_of(settings)
    assert opens(settings, [freshest])
    assert not opens(settings, [fresh])


def test_no_old_token_is_left(settings: Settings) -> None:
    """The old key opens not one of the values in the tables."""
    fill(settings)
    old = Fernet(keys_of(settings)[0])
    wiring.rotate_keys(settings)
    engine = database.connect(settings.database)
    stored = raw(engine)
    engine.dispose()
    tokens = [cell for cell in stored.split(b"\n") if cell.startswith(b"gAAAA")]
    assert len(tokens) == 10
    for token in tokens:
        with pytest.raises(Exception, match=r"^$"):
            old.decrypt(token)


def test_rotation_with_keys_from_the_settings(settings: Settings) -> None:
    """With LEO_ENCRYPTION_KEYS, the first key takes over and the others can go."""
    old, fresh = new_key(), new_key()
    fill(Settings(**{**given(settings), "encryption_keys": old}))
    both = Settings(**{**given(settings), "encryption_keys": f"{fresh}, {old}"})
    assert "10 values" in wiring.rotate_keys(both)
    assert opens(settings, [fresh])
    assert not opens(settings, [old])
    assert not settings.key_file.exists()


def given(settings: Settings) -> dict[str, object]:
    """Return what was set."""
    return {name: getattr(settings, name) for name in settings.model_fields_set}


def test_rotation_under_a_running_leo(settings: Settings) -> None:
    """While a Leo runs the keys stay: it would go on to write with a key that is gone."""
    fill(settings)
    before = settings.key_file.read_bytes()
    running = wiring.house(settings)
    with pytest.raises(SettingsError, match="in use by a running Leo"):
        wiring.rotate_keys(settings)
    assert settings.key_file.read_bytes() == before
    assert ask(running.deps.open, lambda uow: uow.person(*CHAT)).name == "Ana"
    running.engine.dispose()


class Crash(Exception):
    """The machine stops."""


def crash(*_: object) -> None:
    """Stop."""
    raise Crash


def crash_after(deed: Callable[..., object]) -> Callable[..., object]:
    """Return what does a deed and then stops."""

    def do(*given: object) -> None:
        deed(*given)
        raise Crash

    return do


@pytest.mark.parametrize("moment", ["before", "after"])
def test_interrupted_rotation(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whenever a rotation is cut off, the key file opens every word, and it can be done again."""
    fill(settings)
    [old] = keys_of(settings)
    with monkeypatch.context() as patch:
        deed = crash if moment == "before" else crash_after(database.reseal)
        patch.setattr(database, "reseal", deed)
        with pytest.raises(Crash):
            wiring.rotate_keys(settings)
    left = keys_of(settings)
    assert len(left) == 2
    assert left[1] == old
    assert opens(settings, left)
    assert opens(settings, [old]) is (moment == "before")
    wiring.rotate_keys(settings)
    [fresh] = keys_of(settings)
    assert fresh not in left
    assert opens(settings, [fresh])


def test_rotation_is_all_or_nothing(settings: Settings) -> None:
    """A value that no key opens stops the rotation, and nothing has been changed."""
    fill(settings)
    old = keys_of(settings)
    engine = database.connect(settings.database)
    database.unlock(engine, Vault([new_key(), *old]))
    with units_of_work(engine)() as uow:
        make.served(uow, make.person(uow, address="7"), nickname="sealed by a lost key")
    engine.dispose()
    with pytest.raises(KeyMismatch):
        wiring.rotate_keys(settings)
    engine = database.connect(settings.database)
    database.unlock(engine, Vault(old))
    with engine.connect() as connection:
        assert connection.execute(select(seal.c.proof)).scalar_one() == database.PROOF
    assert ask(units_of_work(engine), lambda uow: uow.person(*CHAT)).name == "Ana"
    engine.dispose()
    assert set(old) < set(keys_of(settings))


def test_two_first_starts_at_once(settings: Settings) -> None:
    """Two parts of Leo that start at the same time on nothing agree on one key."""
    houses = make.at_once(*[lambda: wiring.open_database(settings)] * 4)
    assert not [house for house in houses if isinstance(house, Exception)]
    [key] = keys_of(settings)
    vault = Vault([key])
    for engine in houses:
        assert isinstance(engine, Engine)
        token = engine.dialect.leo_vault.seal("a word")  # type: ignore[attr-defined]
        assert vault.unseal(token) == "a word"
        engine.dispose()


def test_first_starts_with_different_keys(settings: Settings) -> None:
    """Of two machines with a key each, one seals the database and the other is refused."""
    engines = [database.connect(settings.database) for _ in range(2)]
    for engine in engines:
        database.unlock(engine, Vault([new_key()]))
    first, second = make.at_once(*[lambda e=engine: database.upgrade(e) for engine in engines])
    assert {type(first), type(second)} == {KeyMismatch, type(None)}
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no key"),
        ("leo", "no key"),
        ("é" * 44, "no key"),
        ("A" * 44, "no key"),
        ("\n\n", "no key"),
    ],
)
def test_no_key(tmp_path: Path, text: str, said: str) -> None:
    """A key file that holds no key is named, and so is the setting."""
    file = tmp_path / "encryption.keys"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said) as raised:
        Vault.at(file)
    assert str(file) in str(raised.value)
    with pytest.raises(SettingsError, match="LEO_ENCRYPTION_KEYS"):
        Vault(text.split())
