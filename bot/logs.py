"""Structured logs: ids only, never names, words or secrets."""

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote

import structlog

from bot.settings import Settings

HIDDEN = "***"
# What looks like a bot token or an encryption key is hidden wherever it stands, also in a
# library's own record; so is the loopback token, which Rasa sends in the address.
_SECRETS = re.compile(
    r"\d{3,}:[A-Za-z0-9_-]{20,}|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}=|(?<=[?&]token=)[^&\s\"']+"
)
_URL_PASSWORD = re.compile(r"://[^:/@]*:(.*)@")
# asyncio writes the exception of a lost task with its message.
_MESSAGE = re.compile(r"(?<=\bexception=)(\w+)\(.*\)(?=>)", re.DOTALL)


class Redactor:
    """Takes secrets out of a log line."""

    def __init__(self, secrets: list[str]) -> None:
        """Take the secrets that must never be written, also a part of them alone."""
        parts = {part for secret in secrets for part in _parts(secret) if part}
        written = parts | {json.dumps(part, ensure_ascii=False)[1:-1] for part in parts}
        self._secrets = sorted(written, key=len, reverse=True)

    def clean(self, line: str) -> str:
        """Return the line with every secret hidden."""
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _MESSAGE.sub(r"\1", _SECRETS.sub(HIDDEN, line))

    def __call__(self, _logger: Any, _method: str, line: Any) -> str:
        """Clean a line as it will be written."""
        return self.clean(str(line))


def _parts(secret: str) -> list[str]:
    """Return a secret whole, each of several keys, and the password in a database's URL."""
    passwords = _URL_PASSWORD.findall(secret)
    return [secret, *re.split(r"[,\s]+", secret), *passwords, *map(unquote, passwords)]


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs, also the libraries', as lines of JSON to `stream` (default: stderr)."""
    redactor = Redactor(settings.secrets())
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _only_the_place,
                structlog.processors.JSONRenderer(ensure_ascii=False),
                redactor,
            ],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)
    # These write addresses with the token, or every request, at INFO.
    for chatty in (
        "httpx",
        "httpcore",
        "telegram",
        "alembic",
        "sanic",
        "rasa_sdk",
        "matplotlib",
        "fontTools",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _only_the_place(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Replace an exception by its type and place: its message may hold somebody's words."""
    info = event.pop("exc_info", None)
    if info:
        event["error"] = sys.exc_info()[1] if info is True else info
    for key, value in event.items():
        error = value[1] if isinstance(value, tuple) and len(value) == 3 else value
        if isinstance(error, BaseException):
            event[key] = where_it_failed(error)
    return event


def where_it_failed(error: BaseException) -> str:
    """Return the type of an error and where it was raised, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
    return f"{type(error).__name__} at {' < '.join(reversed(place))}"
