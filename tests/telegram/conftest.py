"""Leo in Telegram, one for each file of tests: real processes over the double."""

import pytest

from tests.stack import Leo
from tests.telegram.double import TelegramDouble
from tests.telegram.talk import Stage


@pytest.fixture(scope="module")
def stage(telegram: TelegramDouble, leo: Leo) -> Stage:
    """Leo, its Telegram and its database."""
    return Stage(telegram, leo)
