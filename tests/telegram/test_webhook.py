"""Leo behind a webhook: Telegram posts updates to it, and nobody else may."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.stack import Leo, RasaServer, free_port, running_leo
from tests.telegram.double import TelegramDouble
from tests.telegram.talk import Stage, Talk, asks, label, says

type Json = dict[str, Any]

SECRET = "s3cret_of-this-test"
PORT = free_port()
URL = f"http://127.0.0.1:{PORT}/telegram"
MAX_BYTES = 1_000_000


@pytest.fixture(scope="module")
def leo(
    rasa: RasaServer, telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leo]:
    """A running Leo to which Telegram posts."""
    settings = {
        "LEO_CONSOLE_PORT": str(PORT),
        "LEO_TELEGRAM_WEBHOOK_URL": URL,
        "LEO_TELEGRAM_WEBHOOK_SECRET": SECRET,
    }
    folder = tmp_path_factory.mktemp("leo")
    with running_leo(rasa, folder, telegram.url, **settings) as leo:
        telegram.wait_until(lambda: telegram.state.webhook)
        yield leo


def post(body: bytes | Iterator[bytes], secret: str | None = SECRET) -> httpx.Response:
    """Post a body to Leo as Telegram, or somebody else, would."""
    given = [] if secret is None else [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())]
    headers = httpx.Headers(given)
    return httpx.post(URL, content=body, headers=headers, timeout=10, trust_env=False)


def update_for(talk: Talk, number: int, text: str) -> Json:
    """An update with a text of somebody's."""
    chat = {"id": talk.user.id, "type": "private", "first_name": "Kim"}
    person = {"id": talk.user.id, "is_bot": False, "first_name": "Kim", "language_code": "en"}
    content = {"message_id": number, "from": person, "chat": chat, "date": 1, "text": text}
    return {"update_id": number, "message": content}


def posted(update: Any, secret: str | None = SECRET) -> int:
    """Post an update and return the status. JSON escapes what UTF-8 cannot hold."""
    return post(json.dumps(update).encode(), secret).status_code


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_conversation_by_webhook(stage: Stage, language: str) -> None:
    """Texts, presses and edits work as by polling, and Leo does not poll."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    assert asks(question, "grown", language, "Ana")
    talk.press(question, "4")
    assert "✓ 4" in talk.now(question).text
    talk.say("She asked to chair the Monday meeting herself, and did it calmly.")
    [amended] = talk.edit(talk.said, "She chaired the Monday meeting, and did it calmly.")
    assert says(amended, "amended", language)
    assert [answer[:2] for answer in talk.answers()] == [
        ("person", None),
        ("grown", 4),
        ("grown-seen", None),
    ]
    stage.telegram.wait_until(lambda: not stage.telegram.unanswered)
    assert not stage.telegram.calls_of("getUpdates")


def test_telegram_is_told_the_secret_and_the_kinds(stage: Stage) -> None:
    """Leo registers its address once, with the secret and the kinds of update that it reads."""
    [call] = stage.telegram.calls_of("setWebhook")
    assert call.params["url"] == URL and call.params["secret_token"] == SECRET
    kinds = {"message", "edited_message", "callback_query", "my_chat_member"}
    assert set(call.params["allowed_updates"]) == kinds
    assert SECRET not in stage.leo.log()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper(), "é"])
def test_without_the_secret_nobody_is_believed(stage: Stage, secret: str | None) -> None:
    """A post with no secret or a wrong one gets 401, and nothing of it is stored."""
    talk = stage.befriend("en")
    stored = stage.count("select 1 from inbox")
    body = json.dumps(update_for(talk, 500_000_001, "/test")).encode()
    assert post(body, secret).status_code == 401
    assert stage.count("select 1 from inbox") == stored
    assert talk.answers() == []


def test_an_update_posted_again_is_worked_on_once(stage: Stage) -> None:
    """Telegram's repetitions, one after the other or at the same time, change nothing."""
    talk = stage.begin("en")
    talk.say("Ana")
    assert talk.redeliver(talk.last_update) == []
    update = update_for(talk, talk.last_update + 1000, "4")
    before = len(talk.user.messages)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(posted, [update] * 8)) == [200] * 8
    stage.rest(talk.user.id)
    [answer] = talk.user.messages[before:]
    assert asks(answer, "grown-seen", "en", "Ana", grown=4)
    assert [answer[:2] for answer in talk.answers()] == [("person", None), ("grown", 4)]


def test_a_body_too_large_is_refused(stage: Stage) -> None:
    """More than a megabyte gets 413, told beforehand or not, and nothing of it is stored."""
    stored = stage.count("select 1 from inbox")
    assert post(b" " * (MAX_BYTES + 1)).status_code == 413
    assert post(iter([b" " * 1000] * (MAX_BYTES // 1000 + 1))).status_code == 413
    assert stage.count("select 1 from inbox") == stored


NOT_JSON = [b"", b"hello", b"{", b"\xff\xfe", b'{"update_id": 1', b"[" * 500_000, b"1" * 5000]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: f"{body[:12]!r}")
def test_what_is_no_json_is_refused(stage: Stage, body: bytes) -> None:
    """A body that cannot be read gets 400."""
    assert stage and post(body).status_code == 400


@pytest.mark.parametrize("update", [None, 5, "x", [], {}, {"update_id": 7, "message": {}}])
def test_a_malformed_update_is_taken_and_dropped(stage: Stage, update: Any) -> None:
    """What is JSON but no update gets 200, so that Telegram does not send it for ever."""
    stored = stage.count("select 1 from inbox")
    assert posted(update) == 200
    assert stage.count("select 1 from inbox") == stored


def test_odd_characters_are_answered(stage: Stage) -> None:
    """A text with NUL and half an emoji, which no database takes, is answered like any other."""
    talk = stage.begin("en", about="Ana")
    before = len(talk.user.messages)
    assert posted(update_for(talk, talk.last_update + 1000, "\0 \ud83e …")) == 200
    stage.rest(talk.user.id)
    [answer] = talk.user.messages[before:]
    assert asks(answer, "grown", "en", "Ana")


def test_only_posts_are_taken(stage: Stage) -> None:
    """The address answers nothing to those who look at it."""
    assert stage and httpx.get(URL, timeout=10, trust_env=False).status_code == 405


def test_after_all_that_somebody_new_is_welcome(stage: Stage) -> None:
    """Leo still answers, and has set no update aside."""
    talk = stage.meet("fr", name="Noé")
    welcome, question = talk.say("/start")
    assert says(welcome, "welcome", "fr", name="Noé")
    [answer] = talk.press(question, label("consent", "agree", "yes", "fr"))
    assert says(answer, "consented", "fr")
    assert not stage.count("select 1 from inbox where state != 'done'")
