"""Fixtures that tests of every folder share."""

from collections.abc import Iterator

import pytest

from tests.stack import RasaServer


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    """One Rasa server for all tests: it keeps nothing of anybody."""
    server = RasaServer(tmp_path_factory.mktemp("rasa") / "rasa.log")
    server.start()
    yield server
    server.stop()
