"""Telegram, by python-telegram-bot: updates in (polling or webhook), messages out."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from aiohttp import SocketTimeoutError
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat import commands
from bot.chat.bot_api import BotApiRequest
from bot.chat.pace import Pace
from bot.chat.updates import KINDS, Malformed, read_update, update_id
from bot.errors import TelegramRefused
from bot.logs import where_it_failed
from bot.usecases.deliver import Outcome, Parcel
from bot.usecases.messages import Button, Incoming, Outgoing
from bot.usecases.records import OutboxState

log = structlog.get_logger()

POLL_S = 30
BATCH = 100
MAX_CONFLICTS = 5
CONFLICT_PAUSE_S = 3.0
MAX_PAUSE_S = 60.0
# A try a minute makes this a day, as long as Telegram itself keeps what it cannot deliver.
MAX_ATTEMPTS = 1_440
ANSWER_S = 20.0

type Receive = Callable[[list[Incoming]], Awaitable[None]]
type Draw = Callable[[dict[str, Any]], bytes]
type Clock = Callable[[], datetime]


def build_bot(token: str, api_url: str, *, answer_s: float = ANSWER_S) -> Bot:
    """Return the client of the Bot API at `api_url`, which gets `answer_s` seconds to answer."""
    root = api_url.rstrip("/")
    return Bot(
        token.strip(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=BotApiRequest(root, answer_s, connections=64),
    )


async def name_of(bot: Bot) -> str:
    """Return the bot's name in links. Raises TelegramRefused when Telegram does not tell."""
    try:
        async with bot:
            return str(bot.username)
    except TelegramError as error:
        raise TelegramRefused(
            f"Telegram does not tell the bot's name ({type(error).__name__}). Try again later."
        ) from None


async def introduce(bot: Bot, descriptions: dict[str, dict[str, str]]) -> None:
    """Check the token, and set the menu of commands in each language.

    Waits while Telegram is out of reach. Raises TelegramRefused for a wrong token.
    """
    pause = 1.0
    while True:
        try:
            await bot.initialize()
            for language, texts in descriptions.items():
                menu = [BotCommand(name, texts[name]) for name in commands.MENU]
                await bot.set_my_commands(menu, language_code=language)
            await bot.set_my_commands(
                [BotCommand(name, descriptions["en"][name]) for name in commands.MENU]
            )
        except InvalidToken:
            raise TelegramRefused(
                "Telegram does not know this token. Copy LEO_TELEGRAM_TOKEN again from @BotFather."
            ) from None
        except TelegramError as error:
            log.warning("telegram.unreachable", error=type(error).__name__, again_in_s=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, MAX_PAUSE_S)
        else:
            return


class Intake:
    """Takes updates in: answers a press at once, and hands over what was told."""

    def __init__(self, bot: Bot, receive: Receive) -> None:
        """Take the client, and what stores updates before anything is done with them."""
        self._bot, self._receive = bot, receive
        self._polls = BotApiRequest(bot.base_url, POLL_S + 10, connections=2)
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, raw_updates: list[Any]) -> None:
        """Store a batch. Raises what the store raises: then nothing is acknowledged."""
        told = [incoming for raw in raw_updates if (incoming := self._read(raw))]
        for raw in raw_updates:
            self._answer_press(raw)
        if told:
            await self._receive(told)

    def _read(self, raw: Any) -> Incoming | None:
        try:
            return read_update(raw)
        except Malformed as error:
            log.warning("update.malformed", update=update_id(raw), error=str(error))
            return None

    def _answer_press(self, raw: Any) -> None:
        query = raw.get("callback_query") if isinstance(raw, dict) else None
        query_id = query.get("id") if isinstance(query, dict) else None
        if isinstance(query_id, str):
            task = asyncio.create_task(self._answer(query_id))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:  # Too old, or answered before: the button is at rest.
            log.info("press.not_answered", error=type(error).__name__)

    async def poll(self) -> None:
        """Ask for updates until cancelled. An update is acknowledged once it is stored.

        Raises TelegramRefused when another program polls with the same token, or the token
        is withdrawn.
        """
        await self._forget_webhook()
        offset, conflicts, pause = 0, 0, 1.0
        while True:
            try:
                batch = await self._get_updates(offset)
                await self.take(batch)
            except Conflict:
                conflicts += 1
                _check_conflicts(conflicts)
                await asyncio.sleep(CONFLICT_PAUSE_S)
            except InvalidToken:
                raise TelegramRefused("Telegram no longer knows this token.") from None
            except Exception as error:
                log.warning("poll.failed", error=type(error).__name__, again_in_s=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, MAX_PAUSE_S)
            else:
                conflicts, pause = 0, 1.0
                numbers = [number for raw in batch if (number := update_id(raw)) is not None]
                offset = max([offset, *(number + 1 for number in numbers)])

    async def listen(self, url: str, secret: str) -> None:
        """Have Telegram send updates to `url`, proving itself with `secret`; then stay."""
        pause = 1.0
        while True:
            try:
                await self._bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS)
            except BadRequest as error:
                raise TelegramRefused(f"Telegram refuses the webhook: {error.message}") from None
            except TelegramError as error:
                log.warning("webhook.not_set", error=type(error).__name__, again_in_s=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, MAX_PAUSE_S)
            else:
                await asyncio.Event().wait()

    async def close(self) -> None:
        """Close the connections."""
        await self._polls.shutdown()

    async def _forget_webhook(self) -> None:
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            log.warning("webhook.not_removed", error=type(error).__name__)

    async def _get_updates(self, offset: int) -> list[Any]:
        """Return raw updates: one that the library cannot read must not block the others."""
        query = {
            "offset": offset,
            "limit": BATCH,
            "timeout": POLL_S,
            "allowed_updates": json.dumps(KINDS),
        }
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        batch = await self._polls.post(url)
        return batch if isinstance(batch, list) else []


def _check_conflicts(conflicts: int) -> None:
    # One conflict follows a restart: Telegram has not yet noticed that the old poll is gone.
    log.warning("poll.conflict", times=conflicts)
    if conflicts >= MAX_CONFLICTS:
        raise TelegramRefused(
            "Another program takes this bot's messages (Telegram says 409 Conflict). "
            "Only one may: stop the other one, or use another token."
        )


class TelegramMessenger:
    """Sends parcels, paced to Telegram's limits."""

    def __init__(self, bot: Bot, pace: Pace, draw: Draw, clock: Clock) -> None:
        """Take the client, the pace, what draws pictures, and the clock."""
        self._bot, self._pace, self._draw, self._clock = bot, pace, draw, clock

    async def typing(self, address: str) -> None:
        """Show "typing"."""
        await self._bot.send_chat_action(int(address), ChatAction.TYPING)

    async def send(self, parcel: Parcel) -> Outcome:
        """Send a parcel and return what became of it."""
        try:
            message_ref = await self._send(parcel)
        except TelegramError as error:
            return self._after(parcel, error)
        except Exception as error:  # A picture that cannot be drawn must not hold up the rest.
            log.error("outbox.unsendable", outbox=parcel.outbox_id, error=where_it_failed(error))
            return Outcome(parcel, OutboxState.FAILED)
        return Outcome(parcel, OutboxState.SENT, message_ref=message_ref)

    async def _send(self, parcel: Parcel) -> int | None:
        outgoing, chat = parcel.outgoing, int(parcel.address)
        if outgoing.settle:
            if not parcel.urgent:
                await self._pace.wait(urgent=False)
            await self._settle(chat, parcel)
            return None
        if outgoing.leave:
            await self._leave(chat, outgoing)
            return None
        await self._pace.wait(parcel.address, urgent=parcel.urgent)
        if outgoing.picture:
            png = await asyncio.to_thread(self._draw, outgoing.picture)
            sent = await self._bot.send_photo(
                chat, png, caption=outgoing.html, parse_mode=ParseMode.HTML
            )
        elif outgoing.document:
            file = InputFile(outgoing.document.content.encode(), outgoing.document.name)
            sent = await self._bot.send_document(chat, file)
        else:
            sent = await self._bot.send_message(
                chat, outgoing.html, parse_mode=ParseMode.HTML, reply_markup=keyboard(outgoing)
            )
        return sent.message_id

    async def _leave(self, chat: int, outgoing: Outgoing) -> None:
        with suppress(BadRequest, Forbidden):  # Where Leo may not write, it leaves in silence.
            await self._bot.send_message(chat, outgoing.html, parse_mode=ParseMode.HTML)
        await self._bot.leave_chat(chat)

    async def _settle(self, chat: int, parcel: Parcel) -> None:
        settle, ref = parcel.outgoing.settle, parcel.settle_ref
        if settle is None or ref is None:
            return
        if settle.html:
            await self._bot.edit_message_text(
                settle.html, chat, ref, parse_mode=ParseMode.HTML, reply_markup=None
            )
        else:
            await self._bot.edit_message_reply_markup(chat, ref, reply_markup=None)

    def _after(self, parcel: Parcel, error: TelegramError) -> Outcome:
        name = type(error).__name__
        if isinstance(error, Forbidden):
            log.info("telegram.blocked", chat=parcel.address)
            return Outcome(parcel, OutboxState.FAILED, blocked=True)
        if isinstance(error, RetryAfter):
            seconds = _seconds(error.retry_after)
            self._pace.refused(parcel.address, seconds)
            return self._again(parcel, name, seconds)
        if isinstance(error, BadRequest):
            # A message gone or unchanged is settled; anything else would fail again the same way.
            if not parcel.outgoing.settle:
                log.error("telegram.bad_request", outbox=parcel.outbox_id)
            return Outcome(parcel, OutboxState.FAILED)
        if isinstance(error, NetworkError) and isinstance(error.__cause__, SocketTimeoutError):
            # Telegram has the request and is slow to answer. Most often it has sent the message
            # (python-telegram-bot #1045): a question twice is worse than one to be asked for.
            log.warning("telegram.unsure", outbox=parcel.outbox_id)
            return Outcome(parcel, OutboxState.UNSURE)
        return self._again(parcel, name, min(2.0**parcel.attempts, MAX_PAUSE_S))

    def _again(self, parcel: Parcel, error: str, seconds: float) -> Outcome:
        if parcel.attempts >= MAX_ATTEMPTS:
            log.error("telegram.gave_up", outbox=parcel.outbox_id, error=error)
            return Outcome(parcel, OutboxState.FAILED)
        pause = seconds * random.uniform(1.0, 1.3)  # noqa: S311  # spread, not secrecy
        log.warning("telegram.again", outbox=parcel.outbox_id, error=error, in_s=round(pause, 1))
        due = self._clock() + timedelta(seconds=pause)
        return Outcome(parcel, OutboxState.PENDING, due_at=due)


def _seconds(pause: int | timedelta) -> float:
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """Return the buttons as Telegram takes them."""
    if not outgoing.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in outgoing.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.title, callback_data=button.payload)
