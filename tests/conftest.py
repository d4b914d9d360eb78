"""Fixtures that tests of every folder share."""

from collections.abc import Iterator

import pytest

from tests.stack import TOKEN, Leo, RasaServer, running_leo
from tests.telegram.double import TelegramDouble


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    """One Rasa server for all tests: it keeps nothing of anybody."""
    server = RasaServer(tmp_path_factory.mktemp("rasa") / "rasa.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramDouble]:
    """The Bot API that Leo talks to."""
    with TelegramDouble(token=TOKEN) as double:
        yield double


@pytest.fixture(scope="module")
def leo(
    rasa: RasaServer, telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leo]:
    """A running Leo that polls: real processes over the double."""
    with running_leo(rasa, tmp_path_factory.mktemp("leo"), telegram.url) as leo:
        yield leo
