"""Leo under faults: real processes over the double, and no word of anybody in any log."""

from collections.abc import Iterator

import pytest

from tests.faults.scene import Scene
from tests.stack import TOKEN, Leo
from tests.telegram.double import TelegramDouble


@pytest.fixture(scope="module")
def scene(telegram: TelegramDouble, leo: Leo) -> Scene:
    """Leo, its Telegram and its database."""
    return Scene(telegram, leo)


@pytest.fixture(autouse=True)
def logs_without_words(
    telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """After every test no log of any process holds a name, a word or the token."""
    yield
    private = {TOKEN, *_told(telegram)}
    for path in tmp_path_factory.getbasetemp().rglob("*.log"):
        log = path.read_text(errors="replace")
        assert not [word for word in private if word in log], f"in {path}"


def _told(telegram: TelegramDouble) -> Iterator[str]:
    """What people are called and what they wrote; a rating or a single plain word says nothing."""
    for update in telegram.updates:
        message = update.get("message", {})
        yield message.get("from", {}).get("first_name", TOKEN)
        if " " in message.get("text", ""):
            yield message["text"]
