"""People who walk Greenleaf's test by typing, and what must then stand in the answer table."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from bot.usecases.records import Answer
from bot.usecases.turn import Deps
from tests.stack import wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.people import User

PATIENCE_S = 60.0
# All words are many: from fourteen on a text is an answer, whatever the language model makes of
# it. Here the faults are on trial, not the understanding.
WHO = {
    "en": "she who sits by the door on the left of us in the hall",
    "fr": "celle qui est là le soir et qui dit oui à tout et à tous",
}
SEEN = {
    "en": (
        "Last week {who} ran the planning meeting alone and everybody listened.",
        "{who} came back from the holidays rested and laughs with the others again.",
        "When the order went wrong, {who} first asked the customer what had happened.",
        "On Monday {who} told me in front of the team that my plan was too tight.",
        "{who} bought the new printer without waiting for my signature.",
        "Yesterday {who} spent an hour with the apprentice at the big machine.",
    ),
    "fr": (
        "La semaine dernière, {who} a mené seule la réunion de planning et tous écoutaient.",
        "{who} est revenue reposée de ses congés et rit de nouveau avec les autres.",
        "Quand la commande a mal tourné, {who} a d’abord appelé le client.",
        "Lundi, {who} m’a dit devant l’équipe que mon plan était trop serré.",
        "{who} a acheté la nouvelle imprimante sans attendre ma signature.",
        "Hier, {who} a passé une heure avec l’apprenti devant la grande machine.",
    ),
}
LEAST = {
    "en": "The cleaners who come at night; since June their lockers are on the floor below ours.",
    "fr": "Les agents de nettoyage du soir ; depuis juin, leurs casiers sont à notre étage à nous.",
}
PLAN = {
    "en": "When we meet on Tuesday, I will let {who} choose what we talk about.",
    "fr": "Quand nous nous verrons mardi, je laisserai {who} choisir le sujet.",
}
type Kept = tuple[str, int | str | None, int]

AGREED = {"en": "Yes, I agree", "fr": "Oui, d’accord"}
MARKS = ("grown", "healthier", "wiser", "freer", "autonomous", "serving")


@dataclass(frozen=True)
class Line:
    """What a person types at a step, and what is kept of it: a number, a choice or the words."""

    step: str
    text: str
    kept: int | str


def lines_in(language: str) -> list[Line]:
    """Every line of one walk through the test."""
    who = WHO[language]
    lines = [Line("person", who, who)]
    for number, (mark, seen) in enumerate(zip(MARKS, SEEN[language], strict=True)):
        rating, words = 1 + number % 5, seen.format(who=who)
        lines += [Line(mark, str(rating), rating), Line(f"{mark}-seen", words, words)]
    choices = {"en": ("better", "nobody"), "fr": ("mieux", "personne")}[language]
    plan = PLAN[language].format(who=who)
    return [
        *lines,
        Line("least", choices[0], "better"),
        Line("least-who", LEAST[language], LEAST[language]),
        Line("hurt", choices[1], "nobody"),
        Line("plan", plan, plan),
    ]


PERSON, RATING, WORDS, *_ = lines_in("en")


@dataclass(frozen=True)
class Said:
    """A line that was sent, and the chat message that carried it."""

    line: Line
    message_id: int


class Walker:
    """Somebody who walks the test over and over, sending `at_once` lines before each wait."""

    def __init__(self, user: User, language: str, at_once: int = 1) -> None:
        self.user, self._language, self._at_once = user, language, at_once
        # What was said, run by run.
        self.runs: list[list[Said]] = []
        self.waits = False

    def walk(self, enough: threading.Event) -> None:
        """Walk until it is enough, and until what was said last is answered."""
        lines = self._lines()
        while not enough.is_set():
            answered = len(self.user.messages) + self._at_once
            for line in itertools.islice(lines, self._at_once):
                self.say(line)
            self.waits = True
            self._wait_for(answered, enough)
            self.waits = False

    def _wait_for(self, messages: int, enough: threading.Event) -> None:
        def heard() -> bool:
            return len(self.user.messages) >= messages

        # While Leo is killed over and over, an answer takes as long as it takes.
        while not heard() and not enough.wait(0.02):
            pass
        wait_until(heard, PATIENCE_S, "an answer")

    def say(self, line: Line | None) -> int:
        """Say a line, or begin the test anew where it is None; return the message's id."""
        if line is None:
            self.runs.append([])
            return self.user.command("/test")
        said = Said(line, self.user.send(line.text))
        self.runs[-1].append(said)
        return said.message_id

    def _lines(self) -> Iterator[Line | None]:
        """Line after line; None stands for the command that begins the test."""
        while True:
            yield None
            yield from lines_in(self._language)


def updates_of(telegram: TelegramDouble) -> dict[int, int]:
    """The number of the update that brought each chat message."""
    return {
        update["message"]["message_id"]: update["update_id"]
        for update in telegram.updates
        if "message" in update
    }


def expected(walker: Walker, telegram: TelegramDouble) -> list[list[Kept]]:
    """What must be kept of what somebody said: each message once, in order, run by run."""
    updates = updates_of(telegram)
    return [
        [(said.line.step, said.line.kept, updates[said.message_id]) for said in run]
        for run in walker.runs
    ]


def kept(deps: Deps, user: User) -> list[list[Kept]]:
    """What the answer table holds of somebody, run by run in the order of the answers."""
    with deps.open() as uow:
        person = uow.person("telegram", str(user.id))
        assert person is not None and person.id is not None
        return [
            [(answer.step, _given(answer), answer.update_id) for answer in uow.answers(run.id or 0)]
            for run in uow.runs(person.id)
        ]


def _given(answer: Answer) -> int | str | None:
    return answer.number or answer.choice or answer.words
