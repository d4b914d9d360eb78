"""The Bot API double itself, tried with python-telegram-bot and with bare HTTP."""

import asyncio
import html
import io
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    Message,
    ReplyParameters,
    Update,
)
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler
from telegram.request import HTTPXRequest

from tests.telegram.double import TelegramDouble
from tests.telegram.entities import parse_html
from tests.telegram.limits import RefusedError
from tests.telegram.people import FILES, THINGS, User

type Json = dict[str, Any]

# No proxy, and no certificates, which take long to load.
LOCAL: Json = {"trust_env": False, "verify": False}


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns unless it may give `retry_after` as a duration."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    """The Bot API, nobody there yet."""
    with TelegramDouble() as running:
        yield running


@pytest.fixture
def ana(double: TelegramDouble) -> User:
    """A person whom the bot may write to."""
    person = double.user(first_name="Ana", language_code="fr")
    person.send("hello")
    return person


@asynccontextmanager
async def connected(double: TelegramDouble, read_timeout: float = 5.0) -> AsyncIterator[Bot]:
    """A real python-telegram-bot that talks to the double."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs=LOCAL)

    bot = Bot(
        double.token,
        base_url=f"{double.url}/bot",
        base_file_url=f"{double.url}/file/bot",
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot


def with_bot[T](
    double: TelegramDouble, work: Callable[[Bot], Awaitable[T]], read_timeout: float = 5.0
) -> T:
    """Runs `work` with such a bot."""

    async def run() -> T:
        async with connected(double, read_timeout) as bot:
            return await work(bot)

    return asyncio.run(run())


def post(double: TelegramDouble, method: str, **request: Any) -> httpx.Response:
    """One call without any library of Telegram's."""
    url = f"{double.url}/bot{double.token}/{method}"
    return httpx.post(url, timeout=5, **LOCAL, **request)


def picture(width: int = 40, height: int = 30, kind: str = "PNG") -> bytes:
    """A picture file."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, kind)
    return file.getvalue()


def one_button(data: str = "yes", title: str = "Yes") -> Keyboard:
    """An inline keyboard."""
    return Keyboard([[Button(title, callback_data=data)]])


# Calling


def test_a_call_is_read_from_query_form_json_and_multipart(
    double: TelegramDouble, ana: User
) -> None:
    """However a call comes, the same message arrives."""
    values = {"chat_id": str(ana.chat_id), "text": "Été « 1 & 2 »"}
    url = f"{double.url}/bot{double.token}/SENDMESSAGE"
    answers = [
        httpx.get(url, params=values, **LOCAL),
        post(double, "sendMessage", data=values),
        post(double, "sendMessage", json={"chat_id": ana.chat_id, "text": values["text"]}),
        post(double, "sendMessage", files={key: (None, value) for key, value in values.items()}),
    ]
    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert [each.text for each in ana.messages] == [values["text"]] * 4


@pytest.mark.parametrize("content", [bytes(range(256)), b"\r\n", b"--\r\n--", b"\r\n\r\na\r\n"])
def test_a_document_arrives_byte_for_byte(
    double: TelegramDouble, ana: User, content: bytes
) -> None:
    """Whatever bytes are uploaded, those are what the person gets, under the file's name."""
    with_bot(
        double,
        lambda bot: bot.send_document(
            ana.chat_id, content, filename="données.csv", caption="Voilà"
        ),
    )
    [message] = ana.messages
    assert message.document == ("données.csv", content)
    assert (message.caption, message.text, message.photo) == ("Voilà", "", None)


def test_a_wrong_token_or_method_is_refused_as_telegram_does(double: TelegramDouble) -> None:
    """401 for a token that is none of ours, 404 for a malformed one and an unknown method."""
    answers = [
        httpx.get(f"{double.url}/{path}", **LOCAL)
        for path in ("bot1:other/getMe", "botnonsense/getMe", f"bot{double.token}/sendPigeon", "x")
    ]
    assert [answer.json() for answer in answers] == [
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
        *[{"ok": False, "error_code": 404, "description": "Not Found"}] * 3,
    ]
    assert [answer.status_code for answer in answers] == [401, 404, 404, 404]


def test_every_call_is_recorded_with_the_status_given(double: TelegramDouble, ana: User) -> None:
    """RefusedError calls are there too, with their typed parameters and when they came."""
    before = time.monotonic()
    post(double, "sendMessage", data={"chat_id": ana.chat_id, "text": "a"})
    post(double, "sendMessage", data={"chat_id": 404, "text": "b", "reply_markup": "{"})
    first, second = double.calls
    assert (first.method, first.params) == ("sendMessage", {"chat_id": ana.chat_id, "text": "a"})
    assert (first.status, second.status) == (200, 400)
    assert before <= first.at <= second.at <= time.monotonic()
    assert double.calls_of("sendmessage") == [first, second]


def test_a_bot_that_logged_out_is_refused(double: TelegramDouble) -> None:
    """`close` is refused in the first ten minutes; after `logOut` every call is."""
    assert post(double, "close").json()["parameters"]["retry_after"] > 500
    assert post(double, "logOut").json() == {"ok": True, "result": True}
    assert post(double, "getMe").json()["description"] == "Logged out"


# Text and its limits


def test_html_becomes_text_and_entities(double: TelegramDouble, ana: User) -> None:
    """The bot gets entities in UTF-16 units; the person sees text without markup."""
    source = 'Hi 👋 <b>Ana &amp; <i>Bo</i></b>, <a href="https://x.org/?a=1&amp;b">read</a>\n'
    sent = with_bot(double, lambda bot: bot.send_message(ana.chat_id, source, parse_mode="HTML"))
    [seen] = ana.messages
    assert (seen.text, seen.html) == ("Hi 👋 Ana & Bo, read", source.strip())
    assert [(each.type, sent.parse_entity(each)) for each in sent.entities] == [
        ("bold", "Ana & Bo"),
        ("italic", "Bo"),
        ("text_link", "read"),
    ]
    assert sent.entities[2].url == "https://x.org/?a=1&b"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("é <3 and > 2", 'Unsupported start tag "3" at byte offset 3'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("R&D", "Character '&' must be escaped at byte offset 1"),
        ("a&nbsp;b", "Character '&' must be escaped at byte offset 1"),
    ],
)
def test_broken_html_is_refused(source: str, reason: str) -> None:
    """Each with the reason and the place."""
    with pytest.raises(RefusedError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    """Whatever a person typed, once escaped, breaks nothing and changes nothing."""
    source = f"<b>{html.escape(text)}</b>"
    assert parse_html(source)[0] == text


def test_all_supported_tags_are_read() -> None:
    """Nesting, capital letters, attributes in either quotes, references by number."""
    text, entities = parse_html(
        "<STRONG>a</strong><ins>b</ins><del>c</del><code>d</code><pre>e</pre>"
        "<span class='tg-spoiler'>f</span><blockquote expandable>g</blockquote>"
        "&lt;&gt;&quot;&#39;&#x1F600;<a>h</a><u></u>"
    )
    assert text == "abcdefg<>\"'😀h"
    assert [each["type"] for each in entities] == [
        "bold", "underline", "strikethrough", "code", "pre", "spoiler", "blockquote",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "x" * 4096}, None),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2048}, None),
        ({"text": "😀" * 2048 + "x"}, "message is too long"),
        ({"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"}, None),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": 404}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        (
            {"text": "x", "reply_parameters": '{"message_id": 999}'},
            "message to be replied not found",
        ),
    ],
)
def test_a_text_beyond_the_limits_is_refused(
    double: TelegramDouble, ana: User, fields: Json, reason: str | None
) -> None:
    """Length is counted after parsing, in UTF-16 units; nothing refused is ever seen."""
    answer = post(double, "sendMessage", data={"chat_id": ana.chat_id, **fields}).json()
    assert answer.get("description") == (f"Bad Request: {reason}" if reason else None)
    assert len(ana.messages) == (0 if reason else 1)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "x" * 64}, None),
        ({"text": "a", "callback_data": "é" * 32 + "x"}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "url": "https://x.org"}, None),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "a", "callback_data": ""}, "Text buttons are not allowed"),
        ({"text": "a"}, "Text buttons are not allowed"),
        ({"callback_data": "x"}, 'Can\'t find field "text"'),
        ("a", "InlineKeyboardButton must be an Object"),
    ],
)
def test_a_button_beyond_the_limits_is_refused(
    double: TelegramDouble, ana: User, button: Any, reason: str | None
) -> None:
    """Data is 1-64 bytes, the title is not blank, and a button must do something."""
    markup = {"inline_keyboard": [[button]]}
    call = {"chat_id": ana.chat_id, "text": "?", "reply_markup": markup}
    answer = post(double, "sendMessage", json=call).json()
    assert answer["ok"] is (reason is None)
    assert reason is None or reason in answer["description"]


def test_photos_must_be_pictures(double: TelegramDouble, ana: User) -> None:
    """PNG and JPEG pass, whole and of sane shape; captions end at 1024 units."""

    async def work(bot: Bot) -> list[str]:
        await bot.send_photo(ana.chat_id, picture(), caption="<i>Week 1</i>", parse_mode="HTML")
        sent = await bot.send_photo(ana.chat_id, picture(kind="JPEG"), caption="x" * 1024)
        await bot.send_photo(ana.chat_id, sent.photo[-1].file_id)
        refusals = []
        for content, caption in (
            (b"not a picture", ""),
            (picture()[:-30], ""),
            (picture(kind="GIF"), ""),
            (picture(600, 10), ""),
            (picture(), "x" * 1025),
        ):
            with pytest.raises(BadRequest) as refused:
                await bot.send_photo(ana.chat_id, content, caption=caption)
            refusals.append(refused.value.message)
        return refusals

    refusals = with_bot(double, work)
    assert refusals == [
        *["Image_process_failed"] * 3,
        "Photo_invalid_dimensions",
        "Message caption is too long",
    ]
    first, second, third = ana.messages
    assert (first.photo, first.caption, first.html) == (picture(), "Week 1", "<i>Week 1</i>")
    assert second.photo == third.photo == picture(kind="JPEG")


# Buttons and edits


def test_a_press_reaches_the_bot_with_its_message(double: TelegramDouble, ana: User) -> None:
    """Named by title or data, it carries text, entities and keyboard; its answer is shown."""

    async def work(bot: Bot) -> tuple[Update, ...]:
        await bot.send_message(
            ana.chat_id, "<b>Ready?</b>", parse_mode="HTML", reply_markup=one_button("go:1")
        )
        [message] = ana.messages
        assert message.buttons == [[("Yes", "go:1")]]
        ana.press(message, "Yes")
        ana.press(message.message_id, "go:1")
        *_, first, second = await bot.get_updates()
        assert first.callback_query is not None
        await first.callback_query.answer("Noted")
        return first, second

    first, second = with_bot(double, work)
    query = first.callback_query
    assert query is not None and second.callback_query is not None
    assert (query.data, query.from_user.id) == ("go:1", ana.id)
    assert isinstance(query.message, Message)
    assert (query.message.text, query.message.reply_markup) == ("Ready?", one_button("go:1"))
    assert [each.type for each in query.message.entities] == ["bold"]
    assert ana.toasts == ["Noted"]
    assert double.unanswered == [second.callback_query.id]


def test_only_a_button_on_the_screen_can_be_pressed(double: TelegramDouble, ana: User) -> None:
    """Links are not; but a lagging screen still shows a button or message taken away since."""

    async def work(bot: Bot) -> Update:
        link = Button("Read", url="https://x.org")
        keyboard = Keyboard([[Button("Yes", callback_data="yes"), link]])
        sent = await bot.send_message(ana.chat_id, "Ready?", reply_markup=keyboard)
        [seen] = ana.messages
        assert seen.buttons == [[("Yes", "yes"), ("Read", "https://x.org")]]
        for other in ("Maybe", "Read"):
            with pytest.raises(LookupError, match=other):
                ana.press(seen, other)
        await bot.edit_message_reply_markup(ana.chat_id, sent.message_id)
        with pytest.raises(LookupError):
            ana.press(seen.message_id, "Yes")
        await bot.delete_message(ana.chat_id, sent.message_id)
        assert ana.messages == []
        ana.press(seen, "Yes")
        return (await bot.get_updates())[-1]

    query = with_bot(double, work).callback_query
    assert query is not None and query.message is not None
    assert (query.data, query.message.is_accessible) == ("yes", False)


def test_a_press_must_be_known_and_recent_to_be_answered(ana: User) -> None:
    """Too old and unknown are the same to Telegram."""
    with TelegramDouble() as double:
        bo = double.user()
        bo.send("hello")

        async def work(bot: Bot) -> None:
            await bot.send_message(bo.chat_id, "Ready?", reply_markup=one_button())
            query = bo.press(bo.messages[0], "Yes")
            await bot.answer_callback_query(query)
            double.state.callback_age = 0.0
            for each in (query, "123"):
                with pytest.raises(BadRequest, match="Query is too old"):
                    await bot.answer_callback_query(each)

        with_bot(double, work)


def test_an_edit_changes_what_the_person_sees(double: TelegramDouble, ana: User) -> None:
    """The keyboard goes unless it is given again; the bot's own record of old updates stays."""

    async def work(bot: Bot) -> None:
        sent = await bot.send_message(ana.chat_id, "One", reply_markup=one_button())
        ana.press(ana.messages[0], "Yes")
        edited = await sent.edit_text("<b>Two</b>", parse_mode="HTML")
        assert isinstance(edited, Message) and edited.edit_date is not None

    with_bot(double, work)
    [seen] = ana.messages
    assert (seen.text, seen.html, seen.buttons, seen.edited) == ("Two", "<b>Two</b>", [], True)
    assert double.updates[-1]["callback_query"]["message"]["text"] == "One"


def test_an_edit_that_cannot_be_is_refused(double: TelegramDouble, ana: User) -> None:
    """Nothing there, nothing changed, no text to change, or not the bot's to change."""

    async def work(bot: Bot) -> list[str]:
        text = await bot.send_message(ana.chat_id, "One", reply_markup=one_button())
        photo = await bot.send_photo(ana.chat_id, picture())
        tries = [
            bot.edit_message_text("Two", ana.chat_id, 999),
            bot.edit_message_text("One", ana.chat_id, text.id, reply_markup=one_button()),
            bot.edit_message_reply_markup(ana.chat_id, text.id, reply_markup=one_button()),
            bot.edit_message_text("Two", ana.chat_id, photo.id),
            bot.edit_message_text("Two", ana.chat_id, ana.send("mine")),
            bot.edit_message_text("", ana.chat_id, text.id),
            bot.delete_message(ana.chat_id, 999),
        ]
        results = await asyncio.gather(*tries, return_exceptions=True)
        return [str(each) for each in results]

    unchanged = "Message is not modified: specified new message content and reply markup are"
    refusals = with_bot(double, work)
    assert refusals[1].startswith(unchanged) and refusals[2].startswith(unchanged)
    assert [refusals[0], *refusals[3:]] == [
        "Message to edit not found",
        "There is no text in the message to edit",
        "Message can't be edited",
        "Message text is empty",
        "Message to delete not found",
    ]
    assert not any(each.edited for each in ana.messages)


def test_a_reply_keyboard_stays_until_it_is_removed(double: TelegramDouble, ana: User) -> None:
    """It belongs to the chat, not to the message that brought it."""
    keyboard = {"keyboard": [["Yes", {"text": "No"}], []]}
    call = {"chat_id": ana.chat_id, "text": "?"}
    post(double, "sendMessage", json={**call, "reply_markup": keyboard})
    post(double, "sendMessage", json=call)
    assert ana.keyboard == [["Yes", "No"]]
    post(double, "sendMessage", json={**call, "reply_markup": {"remove_keyboard": True}})
    assert ana.keyboard == []


# Who may be written to


def test_a_bot_cannot_write_first_nor_to_who_blocked_it(double: TelegramDouble) -> None:
    """Both are 403, and blocking and unblocking are told to the bot."""
    bo = double.user(first_name="Bo")

    async def work(bot: Bot) -> list[Update]:
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(bo.chat_id, "Hello")
        bo.command("/start")
        await bot.send_message(bo.chat_id, "Hello")
        bo.blocks_bot()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(bo.chat_id, "Still there?")
        with pytest.raises(RuntimeError):
            bo.send("hello?")
        bo.unblocks_bot()
        await bot.send_message(bo.chat_id, "Welcome back")
        return list(await bot.get_updates())

    _, blocked, unblocked = with_bot(double, work)
    changes = [each.my_chat_member for each in (blocked, unblocked)]
    assert [each and each.new_chat_member.status for each in changes] == ["kicked", "member"]
    assert [each.text for each in bo.messages] == ["Hello", "Welcome back"]


def test_a_group_is_joined_written_to_and_left(double: TelegramDouble, ana: User) -> None:
    """The bot learns of its coming and going, and cannot write to a group it is not in."""
    team = ana.in_group(-1001)

    async def work(bot: Bot) -> list[Update]:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(-1001, "Hello")
        await bot.get_updates(offset=double.updates[-1]["update_id"] + 1)
        team.send("hello, bot")
        await bot.send_message(-1001, "Hello, team")
        await bot.leave_chat(-1001)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(-1001, "Bye")
        return list(await bot.get_updates())

    added, joined, written, left = with_bot(double, work)
    assert added.my_chat_member and added.my_chat_member.new_chat_member.status == "member"
    assert joined.message and joined.message.new_chat_members[0].is_bot
    assert written.message and written.message.chat.type == "supergroup"
    assert written.effective_user and written.effective_user.id == ana.id
    assert left.my_chat_member and left.my_chat_member.new_chat_member.status == "left"
    assert [each.text for each in team.messages] == ["Hello, team"]
    assert ana.messages == []


def test_a_bot_put_out_of_a_group_cannot_write_there(double: TelegramDouble, ana: User) -> None:
    """Nor does it hear any more of what is said."""
    team = ana.in_group(-5)
    team.adds_bot()
    team.removes_bot()
    answer = post(double, "sendMessage", data={"chat_id": -5, "text": "x"}).json()
    assert answer["description"] == "Forbidden: bot was kicked from the group chat"
    with pytest.raises(RuntimeError):
        team.send("is it gone?")
    with pytest.raises(ValueError, match="negative"):
        ana.in_group(5)


def test_a_reply_shows_what_it_replies_to(double: TelegramDouble, ana: User) -> None:
    """One level deep; a message that is gone may be passed over."""

    async def work(bot: Bot) -> list[Message]:
        first = await bot.send_message(ana.chat_id, "One", reply_to_message_id=ana.send("hi"))
        second = await bot.send_message(ana.chat_id, "Two", reply_to_message_id=first.id)
        gone = ReplyParameters(999, allow_sending_without_reply=True)
        third = await bot.send_message(ana.chat_id, "Three", reply_parameters=gone)
        return [first, second, third]

    replied = [each.reply_to_message for each in with_bot(double, work)]
    assert [each and each.text for each in replied] == ["hi", "One", None]
    assert replied[1] and replied[1].reply_to_message is None


# What people send


@pytest.mark.parametrize("kind", [*FILES, *THINGS])
def test_every_kind_of_media_is_read_by_the_bot(
    double: TelegramDouble, ana: User, kind: str
) -> None:
    """Each kind has the fields that python-telegram-bot asks for."""
    ana.send_media(kind)
    update = Update.de_json(double.updates[-1])
    assert update.message is not None and getattr(update.message, kind)


def test_a_file_can_be_downloaded(double: TelegramDouble, ana: User) -> None:
    """By getFile and the path it gives."""
    ana.send_media("document", content=b"\x00who,when\r\n", name="people.csv", caption="Here")

    async def work(bot: Bot) -> bytes:
        message = (await bot.get_updates())[-1].message
        assert message and message.document and message.document.file_name == "people.csv"
        return bytes(await (await message.document.get_file()).download_as_bytearray())

    assert with_bot(double, work) == b"\x00who,when\r\n"


def test_commands_and_edits_are_marked(double: TelegramDouble, ana: User) -> None:
    """A command has its entity at its place in UTF-16 units; an edit has its date."""
    message_id = ana.command("/start cohort-1_x")
    ana.edit(message_id, "😀 /stop@leo_double_bot now")
    start, edit = (Update.de_json(each) for each in double.updates[-2:])
    assert start.message and edit.edited_message
    assert start.message.parse_entities() == {start.message.entities[0]: "/start"}
    assert list(edit.edited_message.parse_entities().values()) == ["/stop@leo_double_bot"]
    assert edit.edited_message.edit_date is not None
    with pytest.raises(ValueError, match="not a command"):
        ana.command("start")


def test_a_changed_profile_counts_from_now_on(double: TelegramDouble, ana: User) -> None:
    """In the private chat and in groups; earlier updates keep the old name."""
    team = ana.in_group(-5)
    ana.rename(first_name="Anaïs", last_name="B.")
    ana.send("me again")
    team.send("and here")
    names = [
        update.effective_user.first_name
        for update in map(Update.de_json, double.updates)
        if update.message and update.message.text and update.effective_user
    ]
    assert names == ["Ana", "Anaïs", "Anaïs"]
    assert double.updates[1]["message"]["chat"]["last_name"] == "B."
    assert double.user(ana.id, first_name="ignored") is ana


def test_people_may_write_from_many_threads(double: TelegramDouble) -> None:
    """No update is lost, and their ids only grow."""
    people = [double.user() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda person: [person.send(str(n)) for n in range(25)], people))
    ids = [each["update_id"] for each in double.updates]
    assert len(ids) == 200
    assert ids == sorted(set(ids))


# Polling and webhook


def test_an_offset_confirms_what_came_before(double: TelegramDouble, ana: User) -> None:
    """Unconfirmed updates come again; a negative offset keeps only the last."""
    for text in ("a", "b", "c"):
        ana.send(text)
    everything = post(double, "getUpdates", data={"limit": 2}).json()["result"]
    assert [each["message"]["text"] for each in everything] == ["hello", "a"]
    after = {"offset": everything[-1]["update_id"] + 1}
    assert len(post(double, "getUpdates", data=after).json()["result"]) == 2
    assert double.pending == 2
    last = post(double, "getUpdates", data={"offset": -1}).json()["result"]
    assert [each["message"]["text"] for each in last] == ["c"]
    assert double.pending == 1


def test_the_same_update_can_come_again(double: TelegramDouble, ana: User) -> None:
    """Once more, unchanged, even after it was confirmed."""
    [first] = post(double, "getUpdates").json()["result"]
    after = {"offset": first["update_id"] + 1}
    assert post(double, "getUpdates", data=after).json()["result"] == []
    double.redeliver(first["update_id"])
    assert post(double, "getUpdates", data=after).json()["result"] == [first]
    assert post(double, "getUpdates", data=after).json()["result"] == []


def test_any_update_can_be_pushed(double: TelegramDouble, ana: User) -> None:
    """Malformed ones too; later ids go on from theirs."""
    pushed = double.push({"message": {"chat": "nonsense"}})
    double.push({"update_id": pushed + 50, "later_invention": {}})
    ana.send("after")
    *_, odd, odder, usual = post(double, "getUpdates").json()["result"]
    assert odd == {"update_id": pushed, "message": {"chat": "nonsense"}}
    assert [odder["update_id"], usual["update_id"]] == [pushed + 50, pushed + 51]


def test_only_the_kinds_asked_for_come(double: TelegramDouble, ana: User) -> None:
    """`allowed_updates` holds until it is changed, and for updates to come."""
    post(double, "getUpdates", data={"allowed_updates": '["callback_query"]'})
    ana.send("not wanted")
    assert double.pending == 1
    post(double, "getUpdates", data={"allowed_updates": "[]"})
    ana.send("wanted")
    assert double.pending == 2


def test_a_long_poll_answers_as_soon_as_there_is_something(
    double: TelegramDouble, ana: User
) -> None:
    """Or, with nothing, when its time is up."""

    async def work(bot: Bot) -> None:
        offset = (await bot.get_updates())[-1].update_id + 1
        assert await bot.get_updates(offset, timeout=0) == ()
        waiting = asyncio.create_task(bot.get_updates(offset, timeout=5))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        sent = time.monotonic()
        ana.send("now")
        [update] = await waiting
        assert update.message and update.message.text == "now"
        assert time.monotonic() - sent < 1

    with_bot(double, work)


def test_of_two_pollers_the_earlier_is_refused(double: TelegramDouble) -> None:
    """With 409, as Telegram does; the later goes on to get the updates."""

    async def run() -> None:
        async with connected(double) as one, connected(double) as other:
            first = asyncio.create_task(one.get_updates(timeout=5))
            await asyncio.sleep(0.05)
            second = asyncio.create_task(other.get_updates(timeout=5))
            with pytest.raises(Conflict, match="terminated by other getUpdates request"):
                await first
            double.user().send("hello")
            assert len(await second) == 1

    asyncio.run(run())


def test_a_poller_that_left_is_no_rival(double: TelegramDouble) -> None:
    """Nor does it swallow updates."""

    async def work(bot: Bot) -> None:
        with pytest.raises(TimedOut):
            await bot.get_updates(timeout=5, read_timeout=-4.95)
        double.user().send("hello")
        assert len(await bot.get_updates(timeout=5)) == 1

    with_bot(double, work)
    assert 409 not in [call.status for call in double.calls]


class Receiver:
    """A webhook's end: answers with the statuses given, then 200; a status of 0 is no answer."""

    def __init__(self, *statuses: int) -> None:
        self.received: list[tuple[str | None, Json]] = []
        self._statuses = list(statuses)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token")
                receiver.received.append((secret, json.loads(body)))
                status = receiver._statuses.pop(0) if receiver._statuses else 200
                if status == 0:
                    time.sleep(0.2)
                    return
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.received]


def test_a_webhook_gets_updates_in_order_with_the_secret(double: TelegramDouble, ana: User) -> None:
    """What had waited comes first, polling is refused, and the info tells all."""

    async def work(bot: Bot) -> None:
        await bot.set_webhook(receiver.url, secret_token="s3cret_-", max_connections=3)
        for text in ("a", "b"):
            ana.send(text)
        await asyncio.to_thread(double.wait_until, lambda: len(receiver.received) == 3)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        info = await bot.get_webhook_info()
        assert (info.url, info.max_connections) == (receiver.url, 3)
        await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""

    with Receiver() as receiver:
        with_bot(double, work)
    assert receiver.texts == ["hello", "a", "b"]
    assert {secret for secret, _ in receiver.received} == {"s3cret_-"}


def test_a_webhook_that_fails_gets_the_update_again() -> None:
    """After an error, and after silence; the rest of the chat waits behind it."""
    with TelegramDouble(webhook_timeout=0.05) as double, Receiver(500, 0) as receiver:
        ana = double.user()
        ana.send("a")
        ana.send("b")
        post(double, "setWebhook", data={"url": receiver.url})
        double.wait_until(lambda: double.pending == 0)
        assert receiver.texts == ["a", "a", "a", "b"]
        info = post(double, "getWebhookInfo").json()["result"]
        assert info["last_error_message"] == "Read timeout expired"
        double.redeliver(double.updates[0]["update_id"])
        double.wait_until(lambda: len(receiver.received) == 5)
        assert receiver.texts[-1] == "a"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "http://example.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"secret_token": "é"}, "secret token contains unallowed characters"),
        ({"secret_token": "x" * 257}, "secret token is too long"),
    ],
)
def test_a_webhook_must_be_safe(double: TelegramDouble, fields: Json, reason: str) -> None:
    """HTTPS, but on the machine itself, and a plain secret."""
    answer = post(double, "setWebhook", data={"url": "https://x.org", **fields}).json()
    assert answer["description"] == f"Bad Request: {reason}"


def test_a_webhook_can_start_afresh(double: TelegramDouble, ana: User) -> None:
    """`drop_pending_updates` forgets what had waited; setting a webhook ends a long poll."""

    async def work(bot: Bot) -> None:
        await bot.delete_webhook(drop_pending_updates=True)
        waiting = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        await bot.set_webhook("https://127.0.0.1:9")
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await waiting

    with_bot(double, work)
    assert double.pending == 0


# Things that go wrong


def test_beyond_the_rate_comes_a_429() -> None:
    """Per chat and overall, with the seconds to wait; off unless asked for."""
    with TelegramDouble(rate=(3, 1)) as double:
        people = [double.user() for _ in range(4)]
        for person in people:
            person.send("hello")

        def send(person: User) -> int:
            call = {"chat_id": person.chat_id, "text": "x"}
            return post(double, "sendMessage", data=call).status_code

        assert [send(people[n]) for n in (0, 0, 1, 2, 3)] == [200, 429, 200, 200, 429]
        assert double.too_many_requests == 2

        async def work(bot: Bot) -> None:
            with pytest.raises(RetryAfter) as refused:
                await bot.send_message(people[0].chat_id, "x")
            assert refused.value.retry_after == timedelta(seconds=1)

        with_bot(double, work)
        assert [len(person.messages) for person in people] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest),
        (403, Forbidden),
        (429, RetryAfter),
        (500, NetworkError),
        (502, NetworkError),
    ],
)
def test_a_call_fails_on_demand(
    double: TelegramDouble, ana: User, status: int, error: type[TelegramError]
) -> None:
    """So many times, for this method and this chat only, and then no more."""
    bo = double.user()
    bo.send("hello")
    double.fail("sendMessage", status=status, retry_after=7, times=2, chat=ana.chat_id)

    async def work(bot: Bot) -> None:
        await bot.send_message(bo.chat_id, "x")
        for _ in range(2):
            with pytest.raises(error):
                await bot.send_message(ana.chat_id, "x")
        await bot.send_message(ana.chat_id, "x")

    with_bot(double, work)
    assert (len(ana.messages), len(bo.messages)) == (1, 1)
    assert [call.status for call in double.calls_of("sendMessage")] == [200, status, status, 200]


def test_an_error_may_hide_that_the_call_was_accepted(double: TelegramDouble, ana: User) -> None:
    """Faults can be taken back, too."""
    double.fail("*", status=502, accepted=True, times=9)
    assert post(double, "sendMessage", data={"chat_id": ana.chat_id, "text": "x"}).is_error
    double.heal()
    assert post(double, "sendMessage", data={"chat_id": ana.chat_id, "text": "y"}).is_success
    assert [each.text for each in ana.messages] == ["x", "y"]


def test_a_hanging_call_was_accepted_all_the_same(double: TelegramDouble, ana: User) -> None:
    """The bot sees a timeout, the person sees the message; or not, if it was not accepted."""

    async def work(bot: Bot) -> None:
        double.hang("sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(ana.chat_id, "once")
        double.hang("sendMessage", accepted=False)
        with pytest.raises(TimedOut):
            await bot.send_message(ana.chat_id, "never")
        double.hang("sendMessage", seconds=0.01)
        await bot.send_message(ana.chat_id, "late")

    with_bot(double, work, read_timeout=0.15)
    assert [each.text for each in ana.messages] == ["once", "late"]
    assert [call.status for call in double.calls_of("sendMessage")] == [None, None, 200]


def test_a_dropped_call_has_no_answer(double: TelegramDouble, ana: User) -> None:
    """Accepted or not, the connection is closed; the next call goes through."""

    async def work(bot: Bot) -> None:
        for accepted in (False, True):
            double.drop("sendMessage", accepted=accepted)
            with pytest.raises(NetworkError) as error:
                await bot.send_message(ana.chat_id, f"accepted: {accepted}")
            assert not isinstance(error.value, TimedOut)
        await bot.send_message(ana.chat_id, "after")

    with_bot(double, work)
    assert [each.text for each in ana.messages] == ["accepted: True", "after"]


def test_the_server_can_go_and_come_back(double: TelegramDouble, ana: User) -> None:
    """Connections are cut, long polls too, and refused till it is back on the same port."""

    async def work(bot: Bot) -> None:
        offset = (await bot.get_updates())[-1].update_id + 1
        waiting = asyncio.create_task(bot.get_updates(offset, timeout=5))
        await asyncio.sleep(0.05)
        url = double.url
        double.gone()
        with pytest.raises(NetworkError):
            await waiting
        with pytest.raises(NetworkError, match="ConnectError"):
            await bot.send_message(ana.chat_id, "x")
        double.back()
        assert double.url == url
        await bot.send_message(ana.chat_id, "y")

    with_bot(double, work)
    assert [each.text for each in ana.messages] == ["y"]


# What the bot says of itself


def test_commands_are_kept_per_scope_and_language(double: TelegramDouble) -> None:
    """None set is an empty list, not those of another language."""
    scope = BotCommandScopeAllPrivateChats()

    async def work(bot: Bot) -> None:
        await bot.set_my_commands([BotCommand("help", "Help")])
        await bot.set_my_commands([BotCommand("help", "Aide")], language_code="fr")
        await bot.set_my_commands([BotCommand("stop", "Stop")], scope=scope)
        kept = [
            await bot.get_my_commands(),
            await bot.get_my_commands(language_code="fr"),
            await bot.get_my_commands(scope=scope),
            await bot.get_my_commands(language_code="de"),
        ]
        assert [[each.description for each in some] for some in kept] == [
            ["Help"], ["Aide"], ["Stop"], [],
        ]  # fmt: skip
        await bot.set_my_description("Un coach", language_code="fr")
        await bot.set_my_short_description("A coach")
        with pytest.raises(BadRequest):
            await bot.set_my_short_description("x" * 121)

    with_bot(double, work)
    assert double.state.descriptions == {"fr": "Un coach"}
    assert double.state.short_descriptions == {"": "A coach"}


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("a_1" + "x" * 29, "d" * 256, None),
        ("x" * 33, "d", "BOT_COMMAND_INVALID"),
        ("Aide", "d", "BOT_COMMAND_INVALID"),
        ("/help", "d", "BOT_COMMAND_INVALID"),
        ("été", "d", "BOT_COMMAND_INVALID"),
        ("help", "", "command description must be non-empty"),
        ("help", "d" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
def test_a_command_beyond_the_limits_is_refused(
    double: TelegramDouble, command: str, description: str, reason: str | None
) -> None:
    """Names are 1-32 of a-z, 0-9 and _; descriptions 1-256."""
    commands = [{"command": command, "description": description}]
    answer = post(double, "setMyCommands", json={"commands": commands}).json()
    assert answer.get("description") == (f"Bad Request: {reason}" if reason else None)


# Waiting


def test_waiting_counts_from_the_last_deed(double: TelegramDouble, ana: User) -> None:
    """Each message is returned once, in order; what came before a new deed is skipped."""

    def say(*texts: str) -> None:
        for text in texts:
            post(double, "sendMessage", data={"chat_id": ana.chat_id, "text": text})

    say("a", "b", "c")
    assert [each.text for each in ana.wait_for()] == ["a"]
    assert [each.text for each in ana.wait_for(2)] == ["b", "c"]
    say("d")
    ana.send("again")
    with pytest.raises(TimeoutError, match="0 of 1 messages came"):
        ana.wait_for(timeout=0.02)
    with pytest.raises(TimeoutError, match="not true"):
        double.wait_until(lambda: False, timeout=0.01)


# All together


def test_a_whole_bot_runs_against_it(double: TelegramDouble) -> None:
    """An Application polls, answers a command with buttons, and edits when one is pressed."""

    async def start(update: Update, _: object) -> None:
        assert update.message and update.message.text
        payload = update.message.text.partition(" ")[2]
        await update.message.reply_text(f"Welcome, {payload}", reply_markup=one_button())

    async def pressed(update: Update, _: object) -> None:
        assert update.callback_query
        await update.callback_query.answer()
        await update.callback_query.edit_message_text(f"You said {update.callback_query.data}")

    async def run() -> None:
        application = (
            Application.builder().token(double.token).base_url(f"{double.url}/bot").build()
        )
        application.add_handler(CommandHandler("start", start))
        application.add_handler(CallbackQueryHandler(pressed))
        async with application:
            await application.start()
            assert application.updater
            await application.updater.start_polling()
            await asyncio.to_thread(talk)
            await application.updater.stop()
            await application.stop()

    def talk() -> None:
        ana = double.user(first_name="Ana")
        ana.command("/start team-7")
        [welcome] = ana.wait_for()
        assert welcome.text == "Welcome, team-7"
        ana.press(welcome, "Yes")
        double.wait_until(lambda: ana.messages[0].edited)
        assert ana.messages[0].text == "You said yes"

    asyncio.run(run())
    assert double.unanswered == []
    assert double.pending == 0


def test_it_runs_in_its_own_process() -> None:
    """It prints its address first and is driven over HTTP."""
    command = [sys.executable, "-m", "tests.telegram.double", "--token", "1:abc", "--rate", "9,9"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
            with httpx.Client(base_url=url, **LOCAL) as client:
                drive(client)
        finally:
            process.terminate()
        assert process.wait(60) == 0


def drive(client: httpx.Client) -> None:
    """Does once what the bench does many times."""
    user = {"id": 7, "first_name": "Bo", "language_code": "en"}

    def order(deed: str, **body: Any) -> Json:
        answer: Json = client.post(f"/control/{deed}", json=body).json()
        return answer

    assert order("send", user=user, text="/start")["at"] <= time.monotonic()
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    call = {"chat_id": 7, "text": "Hello", "reply_markup": markup}
    order("fail", method="sendMessage", status=429)
    statuses = [client.post("/bot1:abc/sendMessage", json=call).status_code for _ in range(2)]
    assert statuses == [429, 200]
    [message] = client.get("/control/messages", params={"user": 7}).json()
    assert (message["text"], message["buttons"]) == ("Hello", [[["Yes", "y"]]])
    order("press", user=user, message_id=message["message_id"], button="Yes")
    assert "LookupError" in order("press", user=user, message_id=1, button="No")["error"]
    order("media", user=user, kind="voice")
    order("block", user=user)
    assert client.post("/bot1:abc/sendMessage", json=call).status_code == 403
    stats = client.get("/control/stats").json()
    assert (stats["too_many_requests"], stats["pending"], stats["unanswered"]) == (1, 4, 1)
    assert stats["by_status"] == {"429": 1, "200": 1, "403": 1}
    calls = client.get("/control/calls", params={"method": "sendMessage", "after": 1}).json()
    assert [each["status"] for each in calls] == [200, 403]
