"""Updates of every kind, well formed and not: what Leo reads in them, and that it stands them."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.chat.commands import COMMANDS, for_rasa
from bot.chat.updates import MAX_BIGINT, Malformed, read_update, update_id
from bot.coaching.practice import Step
from bot.usecases.answer import pressed
from bot.usecases.messages import Incoming, Told
from bot.usecases.questions import buttons
from bot.usecases.records import Run
from tests.telegram.entities import parse_html
from tests.telegram.limits import CALLBACK_DATA_BYTES
from tests.telegram.people import FILES, THINGS
from tests.telegram.talk import LIBRARY, TEXTS, Stage, Talk, asks, says

type Json = dict[str, Any]

PERSON: Json = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "fr"}
PRIVATE: Json = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP: Json = {"id": -4007, "type": "group", "title": "Team"}
SUPERGROUP: Json = {"id": -1004007, "type": "supergroup", "title": "Team"}
CHANNEL: Json = {"id": -1004008, "type": "channel", "title": "News"}
BOT: Json = {"id": 1, "is_bot": True, "first_name": "Leo"}


def message(chat: Json = PRIVATE, **content: Any) -> Json:
    """A message of Ana's."""
    return {"message_id": 11, "from": PERSON, "chat": chat, "date": 1, **content}


def press(**fields: Any) -> Json:
    """A press on a button under one of Leo's messages."""
    asked = {"message_id": 12, "from": BOT, "chat": PRIVATE, "date": 1, "text": "Do you agree?"}
    query = {
        "id": "99",
        "from": PERSON,
        "message": asked,
        "chat_instance": "1",
        "data": "5.grown.4",
    }
    return {"callback_query": query | fields}


def member(chat: Json, status: str) -> Json:
    """A change of Leo's standing in a chat."""
    changed = {"chat": chat, "from": PERSON, "date": 1}
    old, new = {"user": BOT, "status": "left"}, {"user": BOT, "status": status}
    return {"my_chat_member": {**changed, "old_chat_member": old, "new_chat_member": new}}


# --- which kind of update tells what ----------------------------------------------------

MEDIA: dict[str, Any] = {
    **FILES,
    **THINGS,
    "photo": [FILES["photo"]],
    "live_photo": {"photo": [FILES["photo"]]},
    "paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]},
    "story": {"chat": CHANNEL, "id": 3},
    "game": {"title": "Chess", "description": "…", "photo": [FILES["photo"]]},
    "checklist": {"title": "To do", "tasks": [{"id": 1, "text": "Listen"}]},
    "invoice": {"title": "Tea", "currency": "EUR", "total_amount": 100},
    "giveaway": {"chats": [CHANNEL], "winner_count": 1},
    "giveaway_winners": {"chat": CHANNEL, "winner_count": 1, "winners": [PERSON]},
    "rich_message": {"blocks": [{"type": "paragraph", "text": "Hello"}]},
}
SERVICE: dict[str, Any] = {
    "pinned_message": message(text="hello"),
    "new_chat_title": "Team",
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400},
    "write_access_allowed": {"from_request": True},
    "chat_background_set": {"type": {}},
    "connected_website": "example.org",
    "boost_added": {"boost_count": 1},
}
# Kinds of update that Leo does not ask Telegram for, and answers to none of.
OTHERS: dict[str, Any] = {
    "channel_post": message(CHANNEL, text="News"),
    "edited_channel_post": message(CHANNEL, text="News", edit_date=2),
    "business_connection": {"id": "b", "user": PERSON, "user_chat_id": 7, "is_enabled": True},
    "business_message": message(text="hello", business_connection_id="b"),
    "edited_business_message": message(text="hello", business_connection_id="b"),
    "deleted_business_messages": {"business_connection_id": "b", "chat": PRIVATE},
    "guest_message": message(text="hello", guest_query_id="g"),
    "message_reaction": {"chat": PRIVATE, "message_id": 11, "user": PERSON, "new_reaction": []},
    "message_reaction_count": {"chat": CHANNEL, "message_id": 11, "reactions": []},
    "inline_query": {"id": "1", "from": PERSON, "query": "leo", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": PERSON, "query": "leo"},
    "shipping_query": {"id": "1", "from": PERSON, "invoice_payload": "x"},
    "pre_checkout_query": {"id": "1", "from": PERSON, "currency": "EUR", "total_amount": 1},
    "purchased_paid_media": {"from": PERSON, "paid_media_payload": "x"},
    "poll": THINGS["poll"],
    "poll_answer": {"poll_id": "1", "user": PERSON, "option_ids": [0]},
    "chat_member": member(GROUP, "member")["my_chat_member"],
    "chat_join_request": {"chat": GROUP, "from": PERSON, "user_chat_id": 7, "date": 1},
    "chat_boost": {"chat": CHANNEL, "boost": {"boost_id": "1"}},
    "removed_chat_boost": {"chat": CHANNEL, "boost_id": "1"},
    "managed_bot": {"user": PERSON, "bot": BOT},
    "something_new": {"chat": PRIVATE, "from": PERSON},
}


def read(update: Json) -> Incoming | None:
    """Read an update that Telegram has numbered."""
    return read_update({"update_id": 1000, **update})


@pytest.mark.parametrize("kind", MEDIA)
def test_whatever_is_not_text_is_media(kind: str) -> None:
    """A message that holds anything but text is told as such, with the message it was."""
    told = read({"message": message(**{kind: MEDIA[kind]}, caption="4")})
    assert told is not None
    assert (told.told, told.message_ref, told.text) == (Told.MEDIA, 11, "")


@pytest.mark.parametrize("kind", SERVICE)
def test_service_messages_need_no_answer(kind: str) -> None:
    """What Telegram itself writes into a private chat is passed over."""
    assert read({"message": message(**{kind: SERVICE[kind]})}) is None


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_need_no_answer(kind: str) -> None:
    """Kinds of update that Leo never asked for, or does not know, are passed over."""
    assert read({kind: OTHERS[kind]}) is None


@pytest.mark.parametrize("forwarded", [{}, {"forward_origin": {"type": "hidden_user"}}])
@pytest.mark.parametrize(
    "text", ["4", "hello", "/", "//", "/4", "/ start", "a /start", "/nonsense and more", "\0", "👍"]
)
def test_a_text_is_text(text: str, forwarded: Json) -> None:
    """Typed and forwarded words arrive as they are, with who said them and in which message."""
    told = read({"message": message(text=text, **forwarded)})
    assert told is not None
    assert (told.told, told.text) == (Told.TEXT, text.replace("\0", ""))
    assert (told.channel, told.address, told.name) == ("telegram", "7", "Ana")
    assert (told.language, told.message_ref, told.update_id) == ("fr", 11, 1000)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *((f"/{name}", intent) for name, intent in COMMANDS.items()),
        ("/start Z2lmdA-_", "arrive"),
        ("/START", "arrive"),
        ("/stop@leo_double_bot", "stop"),
        ("/stop\nplease", "stop"),
        ("/nonsense", "nlu_fallback"),
        ("/adjust@leo_double_bot ", "nlu_fallback"),
    ],
)
def test_a_command_is_its_intent(text: str, intent: str) -> None:
    """Commands are read with payload, with the bot's name, in capitals; unknown ones as such."""
    told = read({"message": message(text=text)})
    assert told is not None
    assert (told.told, told.text) == (Told.COMMAND, intent)
    assert for_rasa(told) == f"/{intent}"


GONE: Json = {"message_id": 12, "chat": PRIVATE, "date": 0}
NEW_TYPE: Json = {"id": 7, "type": "something_new"}
TOLD: list[tuple[str, Json, Told | None]] = [
    ("an edited text", {"edited_message": message(text="5", edit_date=2)}, Told.EDIT),
    ("an edited caption", {"edited_message": message(caption="5", photo=[{}])}, None),
    ("an edit in a group", {"edited_message": message(GROUP, text="5")}, None),
    ("a press", press(), Told.PRESS),
    ("a press on a message gone", press(message=GONE), Told.PRESS),
    ("a press in a group", press(message=GONE | {"chat": GROUP}), None),
    ("a press on an inline message", press(message=None, inline_message_id="3"), None),
    ("a press on a game", press(data=None, game_short_name="chess"), None),
    ("a block", member(PRIVATE, "kicked"), Told.BLOCKED),
    ("an unblock", member(PRIVATE, "member"), Told.UNBLOCKED),
    ("joining a group", member(GROUP, "member"), Told.GROUP),
    ("joining a supergroup", member(SUPERGROUP, "administrator"), Told.GROUP),
    ("being muted in a group", member(SUPERGROUP, "restricted"), Told.GROUP),
    ("having left a group", member(GROUP, "left"), None),
    ("being thrown out of a group", member(GROUP, "kicked"), None),
    ("joining a channel", member(CHANNEL, "administrator"), None),
    ("a text in a group", {"message": message(GROUP, text="hello")}, Told.GROUP),
    ("a sticker in a supergroup", {"message": message(SUPERGROUP, sticker={})}, Told.GROUP),
    ("a new member in a group", {"message": message(GROUP, new_chat_members=[BOT])}, Told.GROUP),
    ("a message without a sender", {"message": GONE | {"text": "a"}}, Told.TEXT),
    ("a message in a chat of a new type", {"message": message(NEW_TYPE, text="a")}, None),
]  # fmt: skip


@pytest.mark.parametrize(("update", "told"), [row[1:] for row in TOLD], ids=[r[0] for r in TOLD])
def test_what_an_update_tells(update: Json, told: Told | None) -> None:
    """Each kind of update that Leo asks for tells one thing, or nothing."""
    incoming = read(update)
    assert (incoming.told if incoming else None) == told


MALFORMED: list[Any] = [
    None, 5, "message", [], ["message"], {"message": None}, {"message": {"text": "a"}},
    {"update_id": 1, "message": message(PRIVATE | {"id": 2**63}, text="a")},
    {"update_id": 1, "message": message(PRIVATE | {"id": "7"}, text="a")},
    {"update_id": 1, "message": message(PRIVATE | {"id": 7.0}, text="a")},
    {"update_id": 1, "message": message(PRIVATE | {"id": True}, text="a")},
    {"update_id": 1, "message": message(text="a") | {"message_id": 10**30}},
    {"update_id": 2**64, "message": message(text="a")},
    {"message": message(text="a")},
    {"update_id": 1, "callback_query": {"id": "9", "data": "x", "message": {"chat": PRIVATE}}},
    {"update_id": 1, "my_chat_member": {"chat": PRIVATE, "from": PERSON}},
]  # fmt: skip


@pytest.mark.parametrize("update", MALFORMED)
def test_what_telegram_never_sends_is_malformed(update: Any) -> None:
    """What is no object, or holds a kind that Leo reads but not as documented, is refused."""
    with pytest.raises(Malformed):
        read_update(update)


def test_a_press_brings_its_message_as_html() -> None:
    """The question comes with its markup and escaped, so that the choice can be shown in it."""
    bold = {"type": "bold", "offset": 0, "length": 3}
    asked = {"message_id": 12, "chat": PRIVATE, "date": 1, "text": "A<b 🦁 & c", "entities": [bold]}
    told = read(press(message=asked))
    assert told is not None
    assert told.pressed_html == "<b>A&lt;b</b> 🦁 &amp; c"
    assert (told.text, told.message_ref) == ("5.grown.4", 12)


# --- anything at all --------------------------------------------------------------------

# Words as people and machines write them, with all that no database takes.
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=[])),
    st.sampled_from(["", "\0", "\ud83e", "private", "group", "kicked", "/start", "4", "<b>", "‏"]),
)
SAFE_TEXT = st.one_of(
    st.text(), st.sampled_from(["", "\0", "private", "group", "kicked", "/start", "4", "<b>"])
)
ANY_NUMBER = st.one_of(
    st.integers(), st.sampled_from([0, -1, 7, 2**31, 2**63 - 1, -(2**63), 2**63, 2**64, 10**40])
)


def junk(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any value that JSON can hold, nested."""
    plain = st.one_of(st.none(), st.booleans(), ANY_NUMBER, st.floats(allow_nan=False), texts)
    finite = plain.filter(lambda value: value not in (float("inf"), float("-inf")))
    return st.recursive(
        finite,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )


ENTITY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["bold", "italic", "text_link", "blockquote", "pre", "custom_emoji"]
        ),
        "offset": st.integers(-3, 30),
        "length": st.integers(-3, 30),
    },
    optional={"url": st.just("http://x/?a&b"), "custom_emoji_id": st.just("5")},
)


def well_formed(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    """Updates of every kind as Telegram sends them, with any words in them."""
    spoken = st.builds(lambda text: {"message": message(text=text)}, texts)
    media = st.sampled_from(sorted(MEDIA)).map(lambda k: {"message": message(**{k: MEDIA[k]})})
    service = st.sampled_from(sorted(SERVICE)).map(
        lambda k: {"message": message(**{k: SERVICE[k]})}
    )
    edited = st.builds(lambda text: {"edited_message": message(text=text)}, texts)
    pressed = st.builds(
        lambda data, text, entities: press(
            data=data, message=message(text=text, entities=entities)
        ),
        texts,
        texts,
        st.lists(ENTITY, max_size=3),
    )
    chats = st.sampled_from([PRIVATE, GROUP, SUPERGROUP, CHANNEL])
    standing = ["member", "administrator", "creator", "restricted", "left", "kicked"]
    membership = st.builds(member, chats, st.sampled_from(standing))
    others = st.sampled_from(sorted(OTHERS)).map(lambda kind: {kind: OTHERS[kind]})
    updates = st.one_of(spoken, media, service, edited, pressed, membership, others)
    return st.builds(
        lambda number, update: {"update_id": number, **deepcopy(update)},
        st.integers(0, MAX_BIGINT),
        updates,
    )


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a nested value, as its holder and its key there."""
    keys = range(len(value)) if isinstance(value, list) else value
    if isinstance(value, dict | list):
        for key in list(keys):
            yield value, key
            yield from places(value[key])


@st.composite
def mangled(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Json:
    """An update with up to four places in it replaced, taken out, renamed or doubled."""
    update = draw(well_formed(texts))
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(update))
        if not found:
            break
        holder, key = found[draw(st.integers(0, len(found) - 1))]
        deed = draw(st.sampled_from(["replace", "take out", "rename", "wrap"]))
        if deed == "replace":
            holder[key] = draw(junk(texts))
        elif deed == "take out":
            del holder[key]
        elif deed == "rename" and isinstance(holder, dict):
            holder[draw(texts)] = holder.pop(key)
        else:
            holder[key] = [holder[key]]
    return update


def check_storable(incoming: Incoming) -> None:
    """What was read fits the store: ids in 64 bits, texts without NUL and lone surrogates."""
    for number in (incoming.update_id, incoming.message_ref or 0, int(incoming.address)):
        assert -(2**63) <= number < 2**63
    body = json.dumps(incoming.to_json(), ensure_ascii=False)
    assert "\\u0000" not in body and body.encode()
    assert Incoming.from_json(json.loads(body)) == incoming
    assert incoming.language in ("en", "fr") and len(incoming.address) <= 80


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(update=well_formed(ANY_TEXT))
def test_what_telegram_sends_is_always_read(update: Json) -> None:
    """No well-formed update is malformed to Leo, whatever its words; what it reads can be kept."""
    incoming = read_update(update)
    if incoming is None:
        return
    check_storable(incoming)
    if incoming.pressed_html:
        parse_html(incoming.pressed_html)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(update=st.one_of(mangled(ANY_TEXT), junk(ANY_TEXT)))
def test_anything_else_is_read_or_refused(update: Any) -> None:
    """Reading never raises anything but Malformed, and never lets through what cannot be stored."""
    number = update_id(update)
    assert number is None or -(2**63) <= number < 2**63
    try:
        incoming = read_update(update)
    except Malformed:
        return
    if incoming is not None:
        check_storable(incoming)
        assert incoming.update_id == number


def test_depth_is_no_danger() -> None:
    """An update nested deeper than Python goes is read or refused like any other."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    told = read(press(message=message(text="hello", entities=deep)))
    assert told is not None and told.pressed_html == "hello"
    assert read({"message": message(text="hello", reply_to_message=deep)}) is not None


@given(text=ANY_TEXT)
def test_no_words_pass_for_an_intent(text: str) -> None:
    """Rasa reads a leading slash as an intent: nobody's own words reach it with one."""
    told = read({"message": message(text=text or "-")})
    assert told is not None
    handed = for_rasa(told)
    if told.told is Told.TEXT:
        assert handed.strip() and (not handed.strip().startswith("/") or handed == "/nlu_fallback")
    else:
        assert re.fullmatch(r"/\w+", handed)


# --- buttons ----------------------------------------------------------------------------


def payloads(step: Step, run_id: int, served_id: int) -> list[str]:
    """What the buttons under a question carry."""
    turn: Any = SimpleNamespace(
        practice=None,
        language="en",
        today=datetime(2030, 12, 31, tzinfo=UTC).date(),
        served=[SimpleNamespace(id=served_id, nickname="Ana")],
        word=lambda key: TEXTS.word("en", key),
    )
    now = datetime(2030, 12, 31, tzinfo=UTC)
    run = Run(1, "any", step.id, now, now, id=run_id)
    return [button.payload for row in buttons(turn, run, step) for button in row]


@pytest.mark.parametrize("practice", LIBRARY)
def test_payloads_of_all_practices_fit(practice: str) -> None:
    """Every button of every practice and dialogue carries at most Telegram's 64 bytes."""
    for step in LIBRARY[practice].steps:
        for payload in payloads(step, MAX_BIGINT, MAX_BIGINT):
            assert 1 <= len(payload.encode()) <= CALLBACK_DATA_BYTES, payload


# --- through the running Leo ------------------------------------------------------------


# The same updates each time, and none pushed again to make a failure smaller.
PUSHING = settings(
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_leo_stands_odd_updates(stage: Stage) -> None:
    """After eighty odd updates nobody else has noticed, and their sender is still answered."""
    calm = stage.begin("fr", about="Bruno")
    target = stage.begin("en", about="Ana")

    @settings(PUSHING, max_examples=80)
    @given(update=mangled(SAFE_TEXT))
    def push(update: Json) -> None:
        stage.telegram.push(addressed(update, target.user.id))

    push()
    assert len(stage.telegram.updates) >= 80
    stage.rest(target.user.id)
    [again] = target.say("/why")
    assert again.text
    [question] = calm.say("/why")
    assert asks(question, "grown", "fr", "Bruno")
    for language in ("en", "fr"):
        assert asks(stage.begin(language, about="Zoé").last, "grown", language, "Zoé")
    assert all(process.poll() is None for process in stage.leo.processes.values())
    assert not stage.count("select 1 from inbox where state != 'done'")
    assert "lane.failed" not in stage.leo.log() and "poll.failed" not in stage.leo.log()


def addressed(update: Json, chat_id: int) -> Json:
    """The update as if it came from another chat, to be numbered by Telegram."""
    update.pop("update_id", None)
    for holder, key in list(places(update)):
        if key == "id" and holder[key] == 7:
            holder[key] = chat_id
    return update


ODD_TEXTS = [
    "/", "//", "/ ", "/ /xyzzy", "\r/xyzzy", "\u00a0/xyzzy", "/xyzzy plugh", "{}",
    '/press{"a": "b"}', "\0", "\u200b", "…", "-", "[x](y)", "@leo", "🦁", "x" * 4096, "ة" * 300,
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_odd_texts_are_answered(stage: Stage, language: str) -> None:
    """Whatever is typed at a rating, one answer comes; the question stays open or rests."""
    talk = stage.begin(language, about="Ana")
    for text in ODD_TEXTS:
        [answer] = talk.say(text)
        assert not says(answer, "trouble", language), text
    [resumed] = talk.say("/resume")
    assert asks(resumed, "grown", language, "Ana")
    assert talk.answers() == [("person", None, None)]


@pytest.fixture(scope="module")
def dated(stage: Stage) -> Talk:
    """Somebody whom Leo has just asked for a day."""
    talk = stage.begin("en", about="Ana")
    while not asks(talk.last, "plan", "en", "Ana"):
        talk.say("/skip")
    talk.say("I will walk to the station with Ana and listen to her.")
    assert asks(talk.last, "plan-date", "en")
    return talk


FORGED = [
    "",
    ".",
    "..",
    "0",
    "0.agree.yes",
    "{run}.grown.4",
    "{run}.plan-date.4",
    "{run}.plan-date.",
]
FORGED += ["{run}.plan-date.p1", "99999.plan-date.d2030-01-01", "{run}.plan-date.d2030-01-01.x"]


def forge(talk: Talk, data: str) -> None:
    """Press a button that Leo has never shown, as a modified client can."""
    [(run,)] = talk.stage.rows("select max(id) from run where person_id = :id", id=talk.person_id)
    chat = {"id": talk.user.id, "type": "private", "first_name": "Kim"}
    shown = {"message_id": talk.last.message_id, "chat": chat, "date": 0}
    person = {"id": talk.user.id, "is_bot": False, "first_name": "Kim"}
    forged = press(message=shown, data=data.format(run=run))
    forged["callback_query"]["from"] = person
    talk.stage.telegram.push(forged)
    talk.stage.rest(talk.user.id)


@pytest.mark.parametrize("data", FORGED)
def test_a_forged_press_changes_nothing(dated: Talk, data: str) -> None:
    """A press that no button of the open question carries is told to be late."""
    kept, before = dated.answers(), len(dated.user.messages)
    forge(dated, data)
    assert [says(m, "late_press", "en") for m in dated.user.messages[before:]] == [True]
    assert dated.answers() == kept


@pytest.mark.parametrize("choice", ["d", "dsoon", "d2030-02-30", "d2030-01-01T00:00"])
def test_a_forged_day_is_none(choice: str) -> None:
    """A press whose day is none stands for nothing, like any other forged one."""
    step = LIBRARY["best-test"].step("plan-date")
    assert step is not None
    nobody: Any = SimpleNamespace(practice=None, served=[], today=date(2026, 11, 22))
    assert pressed(nobody, step, choice) is None


def test_leo_leaves_a_group_where_it_may_not_speak(stage: Stage) -> None:
    """A group that lets nobody write is left all the same."""
    group = stage.meet("en").user.in_group(-1004999)
    stage.telegram.fail("sendMessage", status=400, times=5, chat=group.chat_id)
    group.adds_bot()
    stage.rest(group.chat_id)
    left = [call.params["chat_id"] for call in stage.telegram.calls_of("leaveChat")]
    assert group.chat_id in left


def test_typing_is_shown_only_where_somebody_wrote(stage: Stage) -> None:
    """Neither a group nor somebody who has just blocked Leo is shown "typing"."""
    talk = stage.befriend("en")
    group = talk.user.in_group(-1004998)
    group.adds_bot()
    stage.rest(group.chat_id)
    before = len(stage.telegram.calls)
    talk.user.blocks_bot()
    stage.rest(talk.user.id)
    shown = [c.params.get("chat_id") for c in stage.telegram.calls_of("sendChatAction")]
    assert group.chat_id not in shown
    later = [c for c in stage.telegram.calls[before:] if c.method == "sendChatAction"]
    assert talk.user.id not in [call.params.get("chat_id") for call in later]


def test_consent_needs_a_text_seen(stage: Stage) -> None:
    """A forged yes from somebody who has never been asked is no consent."""
    talk = stage.meet("en")
    talk.user.send("hi")
    stage.rest(talk.user.id)
    fresh = stage.meet("en")
    chat = {"id": fresh.user.id, "type": "private", "first_name": "Kim"}
    shown = {"message_id": 1, "chat": chat, "date": 0}
    person = {"id": fresh.user.id, "is_bot": False, "first_name": "Kim"}
    forged = press(message=shown, data="0.agree.yes")
    forged["callback_query"]["from"] = person
    stage.telegram.push(forged)
    stage.rest(fresh.user.id)
    assert not stage.count(
        "select 1 from person where id = :id and consented_at", id=fresh.person_id
    )
