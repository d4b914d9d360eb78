"""Structured logs: ids only, never names, words or secrets."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

from bot.settings import Settings

HIDDEN = "***"
# What looks like a bot token is hidden wherever it stands, also in a library's own record.
_TOKEN = re.compile(r"\b\d{3,}:[A-Za-z0-9_-]{20,}")


class Redactor:
    """Takes secrets out of a log line."""

    def __init__(self, secrets: list[str]) -> None:
        """Take the secrets that must never be written."""
        self._secrets = [secret for secret in secrets if secret]

    def clean(self, line: str) -> str:
        """Return the line with every secret hidden."""
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
        """Clean every text of a structured record."""
        return {k: self.clean(v) if isinstance(v, str) else v for k, v in event.items()}


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
                redactor,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)
    # These write addresses with the token, or every request, at INFO.
    for chatty in ("httpx", "httpcore", "telegram", "alembic", "sanic", "rasa_sdk", "matplotlib"):
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
        error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
        if isinstance(error, BaseException):
            event["error"] = where_it_failed(error)
    return event


def where_it_failed(error: BaseException) -> str:
    """Return the type of an error and where it was raised, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-4:]]
    return f"{type(error).__name__} at {' < '.join(reversed(place))}"
