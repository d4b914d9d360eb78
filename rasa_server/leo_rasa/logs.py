"""Logs that carry ids, never words."""

import logging
from typing import Any, MutableMapping

import structlog

KEPT = ("event", "sender_id", "level", "timestamp", "action_name", "exc_info", "model_name")


def _drop_words(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: event[key] for key in KEPT if key in event}


def keep_words_out_of_logs() -> None:
    """Let only known fields through: some of Rasa's own records carry a message's text."""
    logging.getLogger("rasa").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            _drop_words,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # What is not written is not made up either: Rasa has a dozen debug records a turn.
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )
