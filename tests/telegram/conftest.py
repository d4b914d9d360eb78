"""Leo in Telegram, one for each file of tests: real processes over the double."""

from collections.abc import Iterator

import pytest

from tests.stack import TOKEN, Leo, RasaServer, running_leo
from tests.telegram.double import TelegramDouble
from tests.telegram.talk import Stage


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramDouble]:
    """The Bot API that Leo talks to."""
    with TelegramDouble(token=TOKEN) as double:
        yield double


@pytest.fixture(scope="module")
def leo(
    rasa: RasaServer, telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leo]:
    """A running Leo that polls."""
    with running_leo(rasa, tmp_path_factory.mktemp("leo"), telegram.url) as leo:
        yield leo


@pytest.fixture(scope="module")
def stage(telegram: TelegramDouble, leo: Leo) -> Stage:
    """Leo, its Telegram and its database."""
    return Stage(telegram, leo)
