"""The connections to the Bot API: what they say went wrong, and the way they take."""

import asyncio

import pytest
from aiohttp import SocketTimeoutError
from telegram.error import NetworkError, TimedOut

from bot.chat.bot_api import BotApiRequest
from bot.chat.telegram import build_bot
from tests.stack import TOKEN, free_port
from tests.telegram.double import TelegramDouble


async def ask(api_url: str) -> str:
    """Ask for the bot's name, by a client that gives the API half a second to answer."""
    async with build_bot(TOKEN, api_url, answer_s=0.5) as bot:
        return bot.first_name


def test_no_answer_in_time(telegram: TelegramDouble) -> None:
    """That the API has a request and does not answer can be told from everything else."""
    telegram.hang("getMe")
    with pytest.raises(TimedOut) as raised:
        asyncio.run(ask(telegram.url))
    assert isinstance(raised.value.__cause__, SocketTimeoutError)


def test_no_connection() -> None:
    """Where nobody listens the error says so, and not the token that the address holds."""
    with pytest.raises(NetworkError) as raised:
        asyncio.run(ask(f"http://127.0.0.1:{free_port()}"))
    assert not isinstance(raised.value, TimedOut)
    assert TOKEN not in str(raised.value)


def test_cut_connection(telegram: TelegramDouble) -> None:
    """A connection that is cut is no timeout."""
    telegram.drop("getMe", times=5)
    with pytest.raises(NetworkError) as raised:
        asyncio.run(ask(telegram.url))
    telegram.heal()
    assert not isinstance(raised.value, TimedOut)


def test_by_proxy(telegram: TelegramDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way goes through the proxy that the environment names, unless it excepts the address."""

    async def answer() -> int:
        async with BotApiRequest("http://bot-api.example", 5, connections=1) as request:
            url = f"http://bot-api.example/bot{TOKEN}/getMe"
            return (await request.do_request(url, "POST"))[0]

    monkeypatch.setenv("http_proxy", telegram.url)
    assert asyncio.run(answer()) == 200
    monkeypatch.setenv("no_proxy", "bot-api.example")
    with pytest.raises(NetworkError):
        asyncio.run(answer())
