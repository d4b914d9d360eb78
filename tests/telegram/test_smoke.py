"""Leo in Telegram, end to end."""

from collections.abc import Iterator

import pytest

from tests.stack import TOKEN, Leo, RasaServer, running_leo
from tests.telegram.double import TelegramDouble


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramDouble]:
    with TelegramDouble(token=TOKEN) as double:
        yield double


@pytest.fixture(scope="module", autouse=True)
def leo(
    rasa: RasaServer, telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leo]:
    with running_leo(rasa, tmp_path_factory.mktemp("leo"), telegram.url) as leo:
        yield leo


def test_arrival(telegram: TelegramDouble) -> None:
    """A newcomer is greeted and asked for consent, and a press of "yes" settles the question."""
    user = telegram.user(id=42, first_name="Ana", language_code="fr")
    user.command("/start")
    greeting, consent = user.wait_for(2)
    assert "Ana" in greeting.text
    user.press(consent, "Oui, d’accord")
    user.wait_for(1)
    assert consent.text in user.messages[1].text and "✓" in user.messages[1].text
    assert not user.messages[1].buttons
