"""Talking with a running Leo through the double: every deed waits until Leo has nothing to do."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library
from tests.stack import ROOT, Leo, wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.people import Seat, Seen, User

TEXTS = Catalogue()
LIBRARY = load_library(ROOT / "data")
BEST_TEST = LIBRARY["best-test"]
PATIENCE_S = 20.0


class Stage:
    """One running Leo, the Telegram it talks to, and its database."""

    def __init__(self, telegram: TelegramDouble, leo: Leo) -> None:
        self.telegram, self.leo = telegram, leo

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds in Leo's database now; `values` are its parameters by name."""
        path = self.leo.folder / "var" / "leo.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def count(self, query: str, **values: Any) -> int:
        """How many rows a query finds."""
        return len(self.rows(query, **values))

    def rest(self, chat_id: int) -> None:
        """Wait until every update of a chat is worked on and every message to it is sent."""
        wait_until(lambda: self._at_rest(str(chat_id)), PATIENCE_S, "Leo to finish")

    def _at_rest(self, address: str) -> bool:
        # An update is confirmed once it is stored: what is not pending there is in the inbox.
        return not self.telegram.pending and not self.count(
            "select 1 from inbox where address = :address and state = 'pending' union all"
            " select 1 from outbox where address = :address and state in ('pending', 'sending')",
            address=address,
        )

    def meet(self, language: str | None = "en", name: str = "Kim") -> "Talk":
        """Somebody who has not yet written to Leo."""
        return Talk(self, self.telegram.user(first_name=name, language_code=language))

    def befriend(self, language: str = "en", name: str = "Kim") -> "Talk":
        """Somebody who has consented."""
        talk = self.meet(language, name)
        *_, question = talk.say("/start")
        talk.press(question, label("consent", "agree", "yes", language))
        return talk

    def begin(self, language: str = "en", name: str = "Kim", about: str | None = None) -> "Talk":
        """Somebody whom Leo has just asked the test's first question, or its second one."""
        talk = self.befriend(language, name)
        talk.say("/test")
        if about is not None:
            talk.say(about)
        return talk


class Talk:
    """One person's chat with Leo. Each deed returns all that Leo said to it, oldest first."""

    def __init__(self, stage: Stage, user: User) -> None:
        self.stage, self.user = stage, user
        self.said = 0

    def say(self, text: str, **fields: Any) -> list[Seen]:
        """Write a text or a command; its message id is `said` from then on."""
        return self._do(lambda: self._remember(self.user.send(text, **fields)))

    def send_media(self, kind: str, **fields: Any) -> list[Seen]:
        """Send a voice, a photo, a place and so on."""
        return self._do(lambda: self._remember(self.user.send_media(kind, **fields)))

    def press(self, message: Seen, button: str) -> list[Seen]:
        """Press a button of a message as it was seen."""
        return self._do(lambda: self.user.press(message, button))

    def edit(self, message_id: int, text: str) -> list[Seen]:
        """Change an earlier message."""
        return self._do(lambda: self.user.edit(message_id, text))

    def redeliver(self, update_id: int) -> list[Seen]:
        """Have Telegram deliver an update once more."""
        return self._do(lambda: self.stage.telegram.redeliver(update_id))

    def now(self, message: Seen) -> Seen:
        """A message as it stands now."""
        return next(m for m in self.user.messages if m.message_id == message.message_id)

    @property
    def last(self) -> Seen:
        """What Leo said last."""
        return self.user.messages[-1]

    @property
    def last_update(self) -> int:
        """The number of the latest update of all."""
        return int(self.stage.telegram.updates[-1]["update_id"])

    @property
    def person_id(self) -> int:
        """The person's number in Leo's database."""
        query = "select id from person where address = :address"
        [(number,)] = self.stage.rows(query, address=str(self.user.id))
        return int(number)

    def answers(self) -> list[tuple[str, int | None, str | None]]:
        """Step, number and choice of the exercise's answers, in order; the words are sealed."""
        return self.stage.rows(
            "select a.step, a.number, a.choice from answer a join run r on r.id = a.run_id"
            " where r.person_id = :person and r.practice = 'best-test' order by a.id",
            person=self.person_id,
        )

    def _remember(self, message_id: int) -> None:
        self.said = message_id

    def _do(self, deed: Callable[[], Any]) -> list[Seen]:
        before = seen_ids(self.user)
        deed()
        self.stage.rest(self.user.chat_id)
        return [m for m in self.user.messages if m.message_id not in before]


def seen_ids(seat: Seat) -> set[int]:
    """The ids of the messages that Leo has sent so far."""
    return {message.message_id for message in seat.messages}


def says(message: Seen, key: str, language: str, **values: Any) -> bool:
    """Tell whether a message holds one of the wordings of a template."""
    wordings = range(TEXTS.wordings(language, key))
    return any(TEXTS.say(language, key, n, **values) in message.html for n in wordings)


def asks(message: Seen, step_id: str, language: str, about: str = "", **said: Any) -> bool:
    """Tell whether a message asks a question of the best test, in either of its wordings."""
    return asks_of("best-test", message, step_id, language, about, **said)


def asks_of(
    practice: str, message: Seen, step_id: str, language: str, about: str = "", **said: Any
) -> bool:
    """Tell whether a message asks a question of any practice or dialogue."""
    step = LIBRARY[practice].step(step_id)
    assert step is not None
    answers = {key.replace("_", "-"): value for key, value in said.items()}
    sources = (step.ask[language], step.again[language])
    return any(TEXTS.fill(text, about=about, said=answers) in message.html for text in sources)


def explains(message: Seen, step_id: str, language: str, about: str = "") -> bool:
    """Tell whether a message gives one of the reasons for a question of the best test."""
    step = BEST_TEST.step(step_id)
    assert step is not None
    reasons = step.why[language]
    return any(TEXTS.fill(reason, about=about, said={}) in message.html for reason in reasons)


def label(practice: str, step_id: str, choice_id: str, language: str) -> str:
    """The title of a choice's button."""
    step = LIBRARY[practice].step(step_id)
    choice = step.choice(choice_id) if step else None
    assert choice is not None
    return choice.label[language]


def titles(message: Seen) -> list[list[str]]:
    """The buttons under a message, row by row."""
    return [[title for title, _ in row] for row in message.buttons]
