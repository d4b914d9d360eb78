"""Settings that cannot be meant, and what `leo doctor` says of them."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.settings import Settings
from bot.store.vault import new_key
from tests.operator.conftest import Operator
from tests.stack import TOKEN
from tests.telegram.double import TelegramDouble


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZONE", "Mars/Olympus"),
        ("ZONE", "Europe"),
        ("ZONE", "../../etc/passwd"),
        ("CONSOLE_PORT", "eighty"),
        ("DIALOGUE_PORT", "70000"),
        ("TELEGRAM_RATE", "0"),
        ("TELEGRAM_WEBHOOK_SECRET", "not allowed!"),
    ],
)
def test_wrong_setting(operator: Operator, name: str, value: str) -> None:
    """A wrong setting is named in one line, by every command and by `leo doctor`."""
    said = operator.leo("db", "upgrade", **{name: value}).refusal()
    assert said.startswith(f"LEO_{name}: ")
    assert said.endswith(".")
    doctor = operator.leo("doctor", **{name: value})
    assert doctor.status == 1
    assert f"✗ {said}" in doctor.out
    assert list(operator.folder.iterdir()) == []


def test_every_wrong_setting(operator: Operator) -> None:
    """All that is wrong is told at once, a line each."""
    done = operator.leo("db", "upgrade", ZONE="Mars", CONSOLE_PORT="eighty")
    assert done.status == 1
    assert "Traceback" not in done.err
    lines = done.err.strip().removeprefix("leo: ").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["LEO_CONSOLE_PORT", "LEO_ZONE"]


def test_webhook_without_secret(operator: Operator) -> None:
    """A webhook that anybody could call is refused."""
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "https://leo.example.org/hook"}
    said = operator.leo("run", **settings).refusal()
    assert "LEO_TELEGRAM_WEBHOOK_URL is set without LEO_TELEGRAM_WEBHOOK_SECRET" in said
    assert TOKEN not in said


def test_bot_without_token(operator: Operator) -> None:
    """The bot alone cannot run without a token, and says what can."""
    said = operator.leo("run", "--only", "bot").refusal()
    assert "LEO_TELEGRAM_TOKEN" in said
    assert "leo chat" in said


def test_check_in_that_is_no_file(operator: Operator) -> None:
    """A check-in that no file describes is refused, with those that there are."""
    said = operator.leo("chat", CHECK_IN="best-test").refusal()
    assert "LEO_CHECK_IN is “best-test”" in said and "weekly" in said
    doctor = operator.leo("doctor", CHECK_IN="best-test")
    assert doctor.status == 1 and said in doctor.out


def test_settings_from_a_file(operator: Operator) -> None:
    """Settings may stand in `.env`; an empty one counts as not set; the environment wins."""
    file = operator.folder / ".env"
    file.write_text("LEO_ZONE=Europe/Paris\nLEO_TELEGRAM_TOKEN=\nLEO_DIALOGUE_PORT=\n")
    del operator.env["LEO_DIALOGUE_PORT"]
    out = operator.leo("doctor").out
    assert "LEO_ZONE = Europe/Paris:" in out
    assert "LEO_TELEGRAM_TOKEN = not set (default)" in out
    assert "LEO_DIALOGUE_PORT = 5005 (default)" in out
    assert "LEO_ZONE = Asia/Tokyo:" in operator.leo("doctor", ZONE="Asia/Tokyo").out
    file.write_bytes(b"LEO_ZONE=\xff\xfe")
    assert ".env" in operator.leo("db", "upgrade").refusal()


def test_doctor_without_settings(operator: Operator) -> None:
    """`leo doctor` lists every setting with its default and meaning, and changes nothing."""
    done = operator.leo("doctor")
    for name, field in Settings.model_fields.items():
        [line] = [text for text in done.out.splitlines() if f" LEO_{name.upper()} = " in text]
        assert line.startswith("✓ ")
        assert line.endswith(str(field.description))
    assert "✓ Practices: " in done.out
    assert "will be made on the first start" in done.out
    assert list(operator.folder.iterdir()) == []


def test_doctor_with_settings(operator: Operator) -> None:
    """`leo doctor` tells that a secret is set, and never shows it."""
    secrets = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "hush-hush",
        "ENCRYPTION_KEYS": f"{new_key()},{new_key()}",
        "LOOPBACK_TOKEN": "loopback-hush",
        "DATABASE_URL": f"sqlite:///{operator.var / 'another.db'}?password=query-hush",
    }
    done = operator.leo("doctor", TELEGRAM_WEBHOOK_URL="https://leo.example.org/hook", **secrets)
    for name in secrets:
        assert f"✓ LEO_{name} = set: " in done.out
    for secret in (*secrets.values(), *secrets["ENCRYPTION_KEYS"].split(","), "query-hush"):
        assert secret not in done.out + done.err
    assert "another.db will be made on the first start" in done.out
    operator.var.mkdir()
    operator.leo("db", "upgrade", **secrets).success()
    assert "another.db opens with the key" in operator.leo("doctor", **secrets).out


def test_doctor_finds_what_is_wrong(in_use: Operator) -> None:
    """`leo doctor` ends with status 1 and a cross where something has to be mended."""
    done = in_use.leo("doctor", ENCRYPTION_KEYS=new_key())
    assert done.status == 1
    [wrong] = [line for line in done.out.splitlines() if line.startswith("✗")]
    assert wrong.startswith("✗ Database: LEO_ENCRYPTION_KEYS does not open this database")
    assert "Traceback" not in done.err


# --- ports ------------------------------------------------------------------------------


@pytest.fixture
def taken(operator: Operator) -> Iterator[int]:
    """A port that another program listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_console_port_in_use(operator: Operator, taken: int) -> None:
    """The bot names the port it cannot listen on, and the setting for it."""
    with TelegramDouble(token=TOKEN) as telegram:
        settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
        said = operator.leo("run", "--only", "bot", CONSOLE_PORT=str(taken), **settings).refusal()
    assert f"127.0.0.1:{taken}" in said
    assert "LEO_CONSOLE_PORT" in said


@pytest.mark.parametrize("name", ["DIALOGUE_PORT", "ACTIONS_PORT"])
def test_port_of_a_part_in_use(operator: Operator, taken: int, name: str) -> None:
    """A chat names the part whose port is taken, and the setting for it."""
    done = operator.leo("chat", **{name: str(taken)})
    assert done.status == 1
    assert "Traceback" not in done.err
    said = done.err.splitlines()[-1]
    assert str(taken) in said
    assert f"LEO_{name}" in said


def test_actions_port_in_use(operator: Operator, taken: int) -> None:
    """The action server alone names the port, too."""
    said = operator.leo("run", "--only", "actions", ACTIONS_PORT=str(taken)).refusal()
    assert str(taken) in said
    assert "LEO_ACTIONS_PORT" in said


def test_unknown_command(operator: Operator) -> None:
    """A word that is no command is refused with a hint, and without a traceback."""
    done = operator.leo("dance")
    assert done.status == 2
    assert "dance" in done.err
    assert "Traceback" not in done.err
