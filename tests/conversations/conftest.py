"""One Leo without Telegram for all conversations; each test is somebody of its own."""

from collections.abc import Iterator

import pytest

from tests.stack import Leo, RasaServer, running_leo


@pytest.fixture(scope="package")
def leo(rasa: RasaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leo]:
    with running_leo(rasa, tmp_path_factory.mktemp("leo")) as leo:
        yield leo
