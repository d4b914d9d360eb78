"""Every practice is walked from start to end in both languages, and each of its branches taken."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from bot.coaching.practice import LANGUAGES, Form, Kind, Practice, Step
from bot.usecases.messages import Outgoing, Told
from bot.usecases.splitting import LIMIT, units
from bot.usecases.start import begin
from bot.usecases.turn import take
from tests.practices.walks import Way, branches, ways
from tests.unit.talk import CHANNEL, SHIPPED, Chat, Stage

EXERCISES = [one for one in SHIPPED.values() if one.form is Form.EXERCISE]
WALKS = [
    pytest.param(practice, number, language, id=f"{practice.id}-{number}-{language}")
    for practice in EXERCISES
    for number in range(len(ways(practice)))
    for language in LANGUAGES
]
# Nobody's tags may reach Telegram; nor may a long word break a picture.
WORDS = "On Tuesday Zenobia asked <i>why</i> & nobody laughed, so she asked again"
ITEMS = "the Kaluza handover, Friday’s form, who opens the gate"
PLAN = "When we meet on Friday, I will let Zenobia decide about the gate"
MARKERS = ("Zenobia", "Kaluza", "Friday’s form")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("walks") / "leo.db")
    yield stage
    stage.engine.dispose()


class Walk:
    """One person's walk through one practice."""

    def __init__(self, chat: Chat, practice: Practice, language: str) -> None:
        chat.reads(SHIPPED)
        self.chat, self.practice, self.language = chat, practice, language
        self.messages: list[Outgoing] = []

    def begins(self) -> None:
        chat = self.chat
        chat.receive(incoming := chat.incoming(Told.TEXT, "begin", None))
        verb = lambda turn: begin(turn, self.practice.id)  # noqa: E731
        assert take(chat.deps, CHANNEL, incoming.update_id, verb, chat.now)
        self._hears(chat.deliver())

    @property
    def run(self) -> dict:
        runs = [row for row in self.chat.rows("run") if row["practice"] == self.practice.id]
        return max(runs, key=lambda row: row["id"])

    @property
    def step(self) -> Step | None:
        run = self.run
        return self.practice.step(run["step"]) if run["state"] == "open" else None

    def answers(self, step: Step, way: Way) -> None:
        match step.kind:
            case Kind.RATING:
                self._says("4")
            case Kind.CHOICE:
                self._presses(step, way[step.id])
            case Kind.PERSON:
                self._says("Zenobia")
            case Kind.LIST:
                self._says(ITEMS)
            case Kind.PLAN:
                self._says(PLAN)
            case Kind.DATE:
                self._says("demain" if self.language == "fr" else "tomorrow")
            case _:
                self._says(WORDS)

    def skips(self) -> None:
        self._hears(self.chat.does("skip"))

    def _says(self, words: str) -> None:
        self._hears(self.chat.says(words))

    def _presses(self, step: Step, choice: str) -> None:
        self._hears(self.chat.presses(f"{self.run['id']}.{step.id}.{choice}"))

    def _hears(self, messages: list[Outgoing]) -> None:
        assert messages
        self.messages = messages
        for message in messages:
            assert units(shown(message.html)) <= LIMIT
            assert well_formed(message.html), message.html


def shown(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def well_formed(html: str) -> bool:
    """Tell whether every tag is one of Telegram's, and is closed in its order."""
    open_tags: list[str] = []
    for closes, name in re.findall(r"<(/?)([^>]*)>", html):
        if not closes:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return not open_tags and set(re.findall(r"<(\w+)>", html)) <= {*"bius", "code", "blockquote"}


def given_back(messages: list[Outgoing]) -> str:
    """All that the end of a practice shows: words, and what stands in its pictures."""
    return "\n".join(
        [*(shown(one.html) for one in messages), *(str(one.picture) for one in messages)]
    )


@pytest.mark.parametrize(("practice", "number", "language"), WALKS)
def test_walked_to_its_end(stage: Stage, practice: Practice, number: int, language: str) -> None:
    """Each question comes in its turn, and the end gives the manager's own words back."""
    way = ways(practice)[number]
    walk = Walk(stage.friend(language), practice, language)
    walk.begins()
    walked = []
    while step := walk.step:
        walked.append(step.id)
        assert len(walked) <= len(practice.steps)
        walk.answers(step, way)
    assert walk.run["state"] == "finished"
    assert way.keys() <= set(walked)
    assert len(walked) >= 3
    assert any(marker in given_back(walk.messages) for marker in MARKERS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("practice", EXERCISES, ids=lambda practice: practice.id)
def test_walked_in_silence(stage: Stage, practice: Practice, language: str) -> None:
    """Who skips every question comes to an end all the same, and is told something."""
    walk = Walk(stage.friend(language), practice, language)
    walk.begins()
    for _ in practice.steps:
        if walk.step:
            walk.skips()
    assert walk.run["state"] == "finished"
    assert all(shown(message.html).strip() or message.picture for message in walk.messages)


@pytest.mark.parametrize("practice", EXERCISES, ids=lambda practice: practice.id)
def test_the_walks_take_every_branch(practice: Practice) -> None:
    """No choice of any step is left out of the walks above."""
    taken = {pair for way in ways(practice) for pair in way.items()}
    assert taken == branches(practice)


def test_every_idea_has_a_practice() -> None:
    """The library holds what it promises, each with its source, its tags and its time."""
    assert len(EXERCISES) >= 35
    for practice in EXERCISES:
        assert practice.source and practice.tags and practice.minutes and practice.closing
        assert len(practice.steps) >= 3 or practice.id == "best-test"
