"""Logs: ids only. No secret, no name and no word of anybody ever stands in a line."""

import asyncio
import gc
import io
import json
import logging
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import structlog

from bot import logs
from bot.settings import Settings

TOKEN = "7654321:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
# Always the same ones, so that all workers of a run know the tests by the same names.
KEYS = [urlsafe_b64encode(Random(seed).randbytes(32)).decode() for seed in (1, 2)]
WORDS = "Ana told me that she is expecting a child"
SECRETS = {
    "telegram_token": TOKEN,
    "telegram_webhook_secret": "hook_Secret-1",
    "encryption_keys": ", ".join(KEYS),
    "database_url": "postgresql://leo:p%40ss%2Fw0rd%22@db.example.org/leo",
    "loopback_token": "loop-back-token",
}
# Each secret whole, and what it is made of.
NEVER = [*SECRETS.values(), *KEYS, "p%40ss%2Fw0rd%22", 'p@ss/w0rd"']


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging as Leo sets it up, into a string; as it was before, afterwards."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LEO_{name.upper()}", raising=False)
    chatty = ["httpx", "httpcore", "telegram", "alembic", "sanic", "rasa_sdk", "matplotlib"]
    levels = {name: logging.getLogger(name).level for name in ["", *chatty]}
    handlers = logging.root.handlers
    stream = io.StringIO()
    logs.configure(Settings(_env_file=None, **SECRETS), stream)
    yield stream
    logging.root.handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def fail() -> None:
    raise ValueError(WORDS)


@pytest.mark.parametrize("secret", NEVER)
def test_no_secret_is_written(out: io.StringIO, secret: str) -> None:
    """Wherever a secret stands in a record, ours or a library's, the line hides it."""
    log, library = structlog.get_logger(), logging.getLogger("some.library")
    log.info("plain", value=secret)
    log.info(f"inside {secret} the event")
    log.bind(bound=secret).warning("bound")
    log.info("nested", env={"LEO": [secret, {secret: secret}]}, pair=(secret,))
    library.warning("GET https://api.example.org/bot%s/getMe", secret)
    library.error("as an argument: %r", {"value": secret})
    assert len(lines(out)) == 6
    assert secret not in out.getvalue()
    assert json.dumps(secret)[1:-1] not in out.getvalue()
    assert out.getvalue().count(logs.HIDDEN) >= 6


@pytest.mark.parametrize(
    "text",
    [
        "https://api.telegram.org/bot1234567:AAF_other-bots-token-of-35-letters_/getUpdates",
        f"opened with {KEYS[0].swapcase()}",
        "POST http://127.0.0.1:5055/webhook?token=Xy-z_0 HTTP/1.1",
    ],
    ids=["another bot's token", "another key", "a token in an address"],
)
def test_what_looks_like_a_secret_is_hidden(out: io.StringIO, text: str) -> None:
    """A token or a key that is in no setting, such as one from a file, is hidden by its look."""
    logging.getLogger("some.library").warning(text)
    [line] = lines(out)
    assert logs.HIDDEN in line["event"]
    for secret in ("AAF_", "token=Xy", text.rsplit(" ", 1)[-1] if "opened" in text else "Xy-z_0"):
        assert secret not in line["event"]


def test_what_is_no_secret_is_left_alone(out: io.StringIO) -> None:
    """Ids, times and paths stay readable."""
    structlog.get_logger().info("turn.failed", chat="8612345678", update=12, at="12:30:45")
    [line] = lines(out)
    assert line["event"] == "turn.failed"
    assert (line["chat"], line["update"], line["at"]) == ("8612345678", 12, "12:30:45")
    assert line["level"] == "info" and line["timestamp"].endswith("Z")


def test_an_exception_loses_its_message(out: io.StringIO) -> None:
    """An exception is written as its type and place, however it comes into the record."""
    log, library = structlog.get_logger(), logging.getLogger("some.library")
    try:
        fail()
    except ValueError as error:
        log.exception("first")
        log.error("second", exc_info=error)
        log.error("third", exc_info=sys.exc_info())
        log.error("fourth", error=error)
        library.exception("fifth")
        library.error("sixth", exc_info=error)
    written = lines(out)
    assert len(written) == 6
    for line in written:
        assert line["error"].startswith("ValueError at test_logs.py:")
        assert " fail < test_logs.py:" in line["error"]
    assert "Ana" not in out.getvalue()


def test_the_cause_of_an_exception_stays_out(out: io.StringIO) -> None:
    """What an exception was raised from is not written either."""
    try:
        try:
            fail()
        except ValueError as error:
            raise KeyError("Ana") from error
    except KeyError:
        structlog.get_logger().exception("chained")
    [line] = lines(out)
    assert line["error"].startswith("KeyError at ")
    assert "Ana" not in out.getvalue()


@pytest.mark.parametrize("message", [WORDS, "Ana)> said", "Ana:\n“no”"])
def test_a_lost_task_loses_its_message(out: io.StringIO, message: str) -> None:
    """asyncio complains of a task whose exception nobody took, without the words in it."""

    async def lose() -> None:
        async def raise_it() -> None:
            raise ValueError(message)

        task = asyncio.create_task(raise_it())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(lose())
    [line] = lines(out)
    assert "Task exception was never retrieved" in line["event"]
    assert line["error"].startswith("ValueError at ")
    assert "Ana" not in out.getvalue() and "no”" not in out.getvalue()


@pytest.mark.parametrize("library", ["httpx", "telegram.Bot", "sanic.access", "rasa_sdk.executor"])
def test_chatty_libraries_are_quiet(out: io.StringIO, library: str) -> None:
    """Libraries that write every request are heard from a warning on."""
    logging.getLogger(library).info("a request")
    logging.getLogger(library).warning("a trouble")
    assert [line["event"] for line in lines(out)] == ["a trouble"]


def test_every_line_is_one_object(out: io.StringIO) -> None:
    """A record with line breaks and quotes is still one line of JSON, accents and all."""
    structlog.get_logger().info('two\nlines, "quoted", été')
    assert out.getvalue().count("\n") == 1
    assert lines(out)[0]["event"] == 'two\nlines, "quoted", été'
