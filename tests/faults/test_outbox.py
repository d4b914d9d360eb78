"""The outbox against a Telegram that is slow, and after a crash: no process but the test's own."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat.lanes import Lanes
from bot.chat.pace import Pace
from bot.chat.telegram import TelegramMessenger, build_bot
from bot.settings import Settings
from bot.usecases.deliver import take_back_interrupted
from bot.usecases.messages import Outgoing
from bot.usecases.records import OutboxItem, OutboxState
from bot.usecases.turn import Deps
from bot.wiring import house
from tests.stack import TOKEN
from tests.telegram.double import TelegramDouble
from tests.telegram.people import User

LANE = "telegram"


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


class NoRasa:
    """Nothing is asked here: only messages go out."""

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Never called."""
        raise AssertionError


def cannot_draw(picture: dict[str, Any]) -> bytes:
    """A broken drawing."""
    raise ValueError("broken")


async def deliver(deps: Deps, api_url: str, chat: int) -> None:
    """Send what waits for a chat, by a client that gives Telegram half a second to answer."""
    async with build_bot(TOKEN, api_url, answer_s=0.5) as bot:
        messenger = TelegramMessenger(bot, Pace(30), cannot_draw, now)
        lanes = Lanes(deps, NoRasa(), {LANE: messenger}, now)
        lanes.wake((LANE, str(chat)))
        await lanes.finish((LANE, str(chat)))


@pytest.fixture
def outbox(tmp_path: Path) -> Deps:
    """A Leo with nothing in its database."""
    return house(Settings(_env_file=None, data_dir=tmp_path)).deps


@pytest.fixture
def user(telegram: TelegramDouble) -> User:
    """Somebody who can be written to."""
    user = telegram.user(first_name="Sigrid")
    user.command("/start")
    return user


def put(deps: Deps, user: User, *messages: Outgoing) -> None:
    """Put messages into the outbox."""
    with deps.open() as uow:
        for number, message in enumerate(messages):
            body = message.to_json()
            uow.add(OutboxItem(f"test:{number}", LANE, str(user.id), now(), body=body))


def interrupt(deps: Deps, user: User) -> None:
    """The first message is on its way when its process is killed."""
    with deps.open() as uow:
        uow.outbox_for(LANE, str(user.id))[0].state = OutboxState.SENDING


def test_answer_times_out(outbox: Deps, telegram: TelegramDouble, user: User) -> None:
    """A message that Telegram took without an answer in time is not sent a second time."""
    put(outbox, user, Outgoing("The question"), Outgoing("And another"))
    telegram.hang("sendMessage", chat=user.id)
    for _ in range(2):
        asyncio.run(deliver(outbox, telegram.url, user.id))
    assert [message.text for message in user.messages] == ["The question", "And another"]
    calls = [call.params["chat_id"] for call in telegram.calls_of("sendMessage")]
    assert calls.count(user.id) == 2


def test_picture_cannot_be_drawn(outbox: Deps, telegram: TelegramDouble, user: User) -> None:
    """A picture that cannot be drawn does not hold up what comes after it."""
    put(outbox, user, Outgoing("A picture", picture={"marks": {}}), Outgoing("A text"))
    asyncio.run(deliver(outbox, telegram.url, user.id))
    assert [message.text for message in user.messages] == ["A text"]


def test_interrupted_comes_first(outbox: Deps, telegram: TelegramDouble, user: User) -> None:
    """What a crash interrupted goes out before what came after it, also when woken at once."""
    put(outbox, user, Outgoing("The question"), Outgoing("And another"))
    interrupt(outbox, user)
    asyncio.run(deliver(outbox, telegram.url, user.id))
    assert [message.text for message in user.messages] == ["The question", "And another"]


def test_interrupted_elsewhere(outbox: Deps, user: User) -> None:
    """A chat in the terminal leaves alone what the bot beside it is just sending."""
    put(outbox, user, Outgoing("The question"))
    interrupt(outbox, user)
    assert take_back_interrupted(outbox.open, ["terminal"]) == 0
    assert take_back_interrupted(outbox.open, [LANE]) == 1
