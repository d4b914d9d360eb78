"""Telegram on its bad days: it refuses, fails, is slow, or gone; nothing is lost or doubled."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.telegram import build_bot, introduce
from bot.texts.catalogue import Catalogue
from tests.faults.scene import Scene
from tests.faults.walk import PATIENCE_S, RATING, WORDS, Walker
from tests.processes import run_leo
from tests.stack import TOKEN, Leo, RasaServer, stopped, wait_until
from tests.telegram.double import TelegramDouble


@pytest.fixture(scope="module", autouse=True)
def rivalled(rasa: RasaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leo]:
    """A bot whose messages another program takes; started first, for it takes a while to see it."""
    with TelegramDouble(token=TOKEN) as double:
        double.fail("getUpdates", status=409, times=1_000)
        leo = Leo(rasa, tmp_path_factory.mktemp("leo"), double.url)
        leo._spawn("bot")
        yield leo
        leo.stop()


@pytest.fixture
def walker(scene: Scene) -> Walker:
    """Somebody whom Leo has asked the test's second question, a rating."""
    return scene.walker("Oriane")


def test_too_many_requests(scene: Scene, walker: Walker) -> None:
    """After a 429 nothing goes out before the time Telegram named, and the order is kept."""
    pause = 3
    before = len(scene.sendings(walker.user))
    scene.telegram.fail("sendMessage", status=429, retry_after=pause, chat=walker.user.id)
    walker.say(RATING)
    walker.say(WORDS)
    scene.check(walker)
    refused, *rest = scene.sendings(walker.user)[before:]
    assert [refused.status, *(call.status for call in rest)] == [429, 200, 200]
    assert all(call.at >= refused.at + pause for call in rest)


def test_errors_and_cut_connections(scene: Scene, telegram: TelegramDouble) -> None:
    """What Telegram did not take, for an error of its own or a cut line, is sent again."""
    walkers = [scene.walker(name) for name in ("Sigrid", "Kwamena", "Anselme")]
    failing, unreachable, cut = (walker.user.id for walker in walkers)
    telegram.fail("sendMessage", status=500, chat=failing)
    telegram.fail("sendMessage", status=502, chat=unreachable)
    telegram.drop("sendMessage", chat=cut)
    for walker in walkers:
        walker.say(RATING)
    scene.check(*walkers)


def test_gone(scene: Scene, walker: Walker, rasa: RasaServer) -> None:
    """Without Telegram for a while, answers wait, and what people wrote is taken in afterwards."""
    with stopped(rasa):
        scene.take_up(walker, RATING)
        scene.telegram.gone()
    walker.say(WORDS)
    for event in ("telegram.again", "poll.failed"):
        tries = len(scene.logged(event))
        wait_until(lambda: len(scene.logged(event)) > tries, PATIENCE_S, event)  # noqa: B023
    scene.telegram.back()
    scene.check(walker)


def test_blocked(scene: Scene, walker: Walker, rasa: RasaServer) -> None:
    """To somebody who blocks Leo nothing more goes out, until they write again."""
    blocked = "select 1 from person where blocked_at is not null and address = ?"
    before = len(scene.sendings(walker.user))
    with stopped(rasa):
        scene.take_up(walker, RATING)
        walker.user.blocks_bot()
    scene.rest()
    assert scene.rows(blocked, str(walker.user.id))
    assert [call.status for call in scene.sendings(walker.user)[before:]] == [403]
    walker.user.unblocks_bot()
    walker.say(WORDS)
    scene.check(walker, unanswered=1)
    assert not scene.rows(blocked, str(walker.user.id))


# --- a bot that may not ---------------------------------------------------------------------


@pytest.mark.parametrize("token", ["654321:" + "b" * 35, "nonsense"])
def test_wrong_token(leo: Leo, tmp_path: Path, token: str) -> None:
    """A wrong token is refused in one clear line, before anything is started."""
    env = {**leo.env, "LEO_TELEGRAM_TOKEN": token, "LEO_DATA_DIR": str(tmp_path)}
    said = run_leo(["run"], tmp_path, env).refusal()
    assert said.startswith("Telegram does not know this token")
    assert token not in said
    assert not (tmp_path / "logs").exists()


def test_token_with_a_newline(telegram: TelegramDouble) -> None:
    """White space around the token, as a file of secrets leaves it, does no harm."""
    menus = {language: Catalogue().commands(language) for language in ("en", "fr")}

    async def name() -> str:
        async with build_bot(f"{TOKEN}\n", telegram.url) as bot:
            await introduce(bot, menus)
            return bot.first_name

    assert asyncio.run(asyncio.wait_for(name(), PATIENCE_S)) == "Leo"


def test_two_pollers(rivalled: Leo) -> None:
    """When another program keeps taking the messages, Leo says so and ends."""
    assert rivalled.processes["bot"].wait(PATIENCE_S) == 1
    *_, last = rivalled.log().splitlines()
    assert last.startswith("leo: Another program takes this bot's messages")
    assert "Traceback" not in rivalled.log()
