"""What the tests of the use cases share: somebody who talks with Leo."""

from collections.abc import Iterator

import pytest

from bot.coaching.practice import LANGUAGES
from tests.unit.talk import Chat, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("turns") / "leo.db")
    yield stage
    stage.engine.dispose()


@pytest.fixture(params=LANGUAGES)
def stranger(stage: Stage, request: pytest.FixtureRequest) -> Chat:
    """Somebody who has not yet written, once in each language."""
    return stage.stranger(request.param)


@pytest.fixture(params=LANGUAGES)
def both(stage: Stage, request: pytest.FixtureRequest) -> Chat:
    """Somebody who has consented, once in each language."""
    return stage.friend(request.param)


@pytest.fixture
def chat(stage: Stage) -> Chat:
    """Somebody who has consented, in English."""
    return stage.friend("en")
