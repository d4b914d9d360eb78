"""Keys that are wrong, lost, no keys at all, or to be changed."""

from pathlib import Path

import pytest

from bot.store.vault import new_key
from tests.operator.conftest import WORDS, Operator
from tests.processes import Forked, Order, end
from tests.stack import TOKEN, answers, wait_until
from tests.store.make import CHAT
from tests.telegram.double import TelegramDouble


@pytest.mark.parametrize(
    "command",
    ["run --only actions", "chat", "db upgrade", "keys rotate", "person erase 42 --yes"],
)
def test_wrong_key(in_use: Operator, command: str) -> None:
    """With another key than the database's, Leo says so, does not start and touches nothing."""
    before = in_use.files()
    erase = ["--channel", "telegram"] if "erase" in command else []
    said = in_use.leo(*command.split(), *erase, ENCRYPTION_KEYS=new_key()).refusal()
    assert "LEO_ENCRYPTION_KEYS does not open this database" in said
    assert "Nothing was changed" in said
    assert in_use.files() == before


def test_wrong_key_file(in_use: Operator) -> None:
    """A key file of another Leo is named."""
    in_use.key_file.write_text(new_key())
    before = in_use.files()
    assert str(Path("var/encryption.keys")) in in_use.leo("db", "upgrade").refusal()
    assert in_use.files() == before


def test_lost_key_file(in_use: Operator) -> None:
    """Where the key file of a sealed database is gone, no new key is made."""
    in_use.key_file.unlink()
    before = in_use.files()
    for command in (["db", "upgrade"], ["keys", "rotate"]):
        said = in_use.leo(*command).refusal()
        assert "key file var/encryption.keys is missing" in said
        assert "backup" in said
    assert in_use.leo("doctor").status == 1
    assert in_use.files() == before


@pytest.mark.parametrize("text", ["swordfish", "", "\N{KEY}" * 44])
def test_no_key_in_the_file(in_use: Operator, text: str) -> None:
    """A key file that holds no key is named, and left as it is."""
    in_use.key_file.write_text(text)
    before = in_use.files()
    said = in_use.leo("db", "upgrade").refusal()
    assert "The key file var/encryption.keys holds" in said
    assert "no key" in said
    assert in_use.files() == before


def test_no_key_in_the_settings(operator: Operator) -> None:
    """A setting that holds no key is named without being shown, and nothing is made."""
    said = operator.leo("db", "upgrade", ENCRYPTION_KEYS="swordfish").refusal()
    assert "LEO_ENCRYPTION_KEYS holds something that is no key" in said
    assert "swordfish" not in said
    assert not operator.database.exists()


def test_unreadable_key_file(in_use: Operator) -> None:
    """A key file that Leo may not read is named."""
    in_use.key_file.chmod(0)
    said = in_use.leo_as_anybody("db", "upgrade").refusal()
    assert said == "var/encryption.keys cannot be used: Permission denied."


def test_first_start(operator: Operator) -> None:
    """The first start makes a key that only its owner can read, and so is all beside it."""
    operator.leo("db", "upgrade").success()
    assert operator.key_file.stat().st_mode & 0o777 == 0o600
    for path in operator.folder.rglob("*"):
        assert not path.stat().st_mode & 0o077, path
    operator.leo("db", "upgrade").success()


def test_new_key(operator: Operator) -> None:
    """`leo keys new` prints a key that LEO_ENCRYPTION_KEYS takes, and writes no file."""
    key = operator.leo("keys", "new").out.strip()
    assert list(operator.folder.iterdir()) == []
    operator.leo("db", "upgrade", ENCRYPTION_KEYS=key).success()
    assert not operator.key_file.exists()


def test_rotate(in_use: Operator) -> None:
    """`leo keys rotate` changes the key, the old one opens nothing, and every word is there."""
    old = in_use.key_file.read_text().strip()
    told = in_use.leo("keys", "rotate").success()
    assert "values are encrypted with a fresh key" in told
    [fresh] = in_use.key_file.read_text().split()
    assert fresh != old
    assert in_use.key_file.stat().st_mode & 0o777 == 0o600
    assert old not in told
    assert fresh not in told
    in_use.leo("db", "upgrade", ENCRYPTION_KEYS=old).refusal()
    with in_use.inside() as deps, deps.open() as uow:
        person = uow.person(*CHAT)
        assert person is not None
        assert person.id is not None
        assert uow.plans(person.id)[0].words == WORDS["en"]


def test_rotate_under_a_running_leo(in_use: Operator) -> None:
    """While Leo runs its key stays; once it has ended the key can be changed."""
    before = in_use.key_file.read_bytes()
    with TelegramDouble(token=TOKEN) as telegram:
        telegram_settings = {"LEO_TELEGRAM_TOKEN": TOKEN, "LEO_TELEGRAM_API_URL": telegram.url}
        log, env = in_use.folder / "bot.log", in_use.env | telegram_settings
        bot = Forked(Order(["run", "--only", "bot"], in_use.folder, env, out=log, err=log))
        try:
            health = f"http://127.0.0.1:{in_use.env['LEO_CONSOLE_PORT']}/healthz"
            wait_until(lambda: answers(health), 30, "the bot")
            said = in_use.leo("keys", "rotate").refusal()
            assert "in use by a running Leo" in said
            assert in_use.key_file.read_bytes() == before
        finally:
            assert end(bot) == 0
    in_use.leo("keys", "rotate").success()
    assert in_use.key_file.read_bytes() != before
