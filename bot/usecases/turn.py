"""A turn: one update worked on, once, in one transaction; and the talk that it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.places import Places
from bot.coaching.practice import LANGUAGES, Practice, Step
from bot.coaching.programme import Programme
from bot.coaching.run import Given, RunState
from bot.privacy.groups import DEFAULT_MINIMUM
from bot.usecases import join, letters, questions
from bot.usecases.messages import Button, Document, Incoming, Outgoing, Settle
from bot.usecases.ports import Library, Nobody, OpenUnitOfWork, Support, Texts, UnitOfWork
from bot.usecases.records import (
    Answer,
    InboxItem,
    InboxState,
    OutboxItem,
    Person,
    Plan,
    Run,
    Served,
)
from bot.usecases.splitting import split

CONSENT = "consent"
# Kept with every decision, so that it is known which text somebody agreed to.
CONSENT_TEXT = "1"


@dataclass(frozen=True)
class Deps:
    """What every use case works with.

    `zone` is the IANA zone of those who named none; `check_in` the id of the weekly check-in.
    """

    open: OpenUnitOfWork
    texts: Texts
    library: Library
    zone: str
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    support: Support = field(default_factory=Nobody)
    check_in: str = "weekly"
    # The programme of those whom nobody enrolled; None for none.
    default_programme: str | None = None
    # Tells whether a day is a public holiday in a country ("FR").
    is_holiday: Callable[[str, date], bool] = field(default=lambda _country, _day: False)
    # The places that Leo knows, read when they are first needed.
    places: Callable[[], Places] = field(default=lambda: Places((), {}))
    # Whether people without an invitation may begin.
    open_to_all: bool = True
    # Of fewer people no figure is shown.
    minimum: int = DEFAULT_MINIMUM


def consent_version(deps: Deps, language: str) -> str:
    """Return the version of the consent text, which names the least group that HR sees."""
    return f"{CONSENT_TEXT}.{deps.minimum}-{language}"


class Talk:
    """A person, their open question, and what Leo says to them; `write` makes it outbox rows.

    A turn answers an update; a nudge begins of Leo's own accord.
    """

    # Rows of buttons that come below those of the question.
    below: questions.Rows = ()

    def __init__(self, deps: Deps, uow: UnitOfWork, person: Person, now: datetime) -> None:
        """Find out what is open. `now` is aware."""
        self.deps, self.uow, self.person, self.now = deps, uow, person, now
        self.run = self._active_run()
        self._answers: dict[int, dict[str, Answer]] = {}
        self._paragraphs: list[str] = []
        self._outgoing: list[Outgoing] = []
        self._question: Outgoing | None = None
        self._settles: list[Settle] = []

    # --- who and what -------------------------------------------------------------------

    def _active_run(self) -> Run | None:
        if self.person.consented:
            return self.uow.active_run(self.person_id)
        return Run(self.person_id, CONSENT, "agree", self.now, self.now, id=0, asks=1)

    @property
    def person_id(self) -> int:
        """Return the id of the person."""
        assert self.person.id is not None
        return self.person.id

    @property
    def language(self) -> str:
        """Return `en` or `fr`: the person's own, or that of the consent text they were shown."""
        if self.person.language:
            return self.person.language
        return (self.person.consent_version or "").rpartition("-")[2] or LANGUAGES[0]

    @property
    def today(self) -> date:
        """Return the date where the person is."""
        return self.local(self.now).date()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the person's clocks."""
        return ZoneInfo(self.person.zone or self.deps.zone)

    def local(self, instant: datetime) -> datetime:
        """Return an instant in the person's zone."""
        return instant.astimezone(self.zone)

    @property
    def practice(self) -> Practice | None:
        """Return the practice of the open run, or None."""
        return self.deps.library.get(self.run.practice) if self.run else None

    @property
    def step(self) -> Step | None:
        """Return the open question, or None."""
        return self.practice.step(self.run.step) if self.run and self.practice else None

    @property
    def answers(self) -> dict[str, Answer]:
        """Return the answers of the open run, by step; a new one has to be put in, too."""
        if not self.run or not self.run.id:
            return {}
        if self.run.id not in self._answers:
            answers = self.uow.answers(self.run.id)
            self._answers[self.run.id] = {answer.step: answer for answer in answers}
        return self._answers[self.run.id]

    @property
    def given(self) -> dict[str, Given]:
        """Return what was answered in the open run, by step."""
        return {step: answer.given for step, answer in self.answers.items()}

    @property
    def deepening(self) -> bool:
        """Tell whether the open question is the one that follows a thin answer."""
        answer = self.answers.get(self.run.step) if self.run else None
        return answer is not None and answer.deepened

    @property
    def reviewed(self) -> Plan | None:
        """Return the plan that the open run looks back at, or None."""
        review = self.run.review_id if self.run else None
        return self.uow.plan(review) if review is not None else None

    @cached_property
    def served(self) -> list[Served]:
        """Return all whom the person has named."""
        return self.uow.served(self.person_id)

    def about(self, run: Run | None) -> str:
        """Return the nickname of whom a run is about, or "this person"."""
        nickname = next((s.nickname for s in self.served if run and s.id == run.about_id), None)
        return nickname or self.word("someone")

    # --- what Leo says ------------------------------------------------------------------

    def say(self, key: str, **values: Any) -> None:
        """Add a paragraph from the template `key`."""
        self.say_in(self.language, key, **values)

    def say_in(self, language: str, key: str, /, **values: Any) -> None:
        """The same in a language that need not be the person's."""
        self._paragraphs.append(self.deps.texts.say(language, key, self.person.turns, **values))

    def told(self, key: str, **values: Any) -> str:
        """Return the template `key` in its first wording: a caption, or what a picture shows."""
        return self.deps.texts.say(self.language, key, 0, **values)

    def say_content(self, source: Mapping[str, str]) -> None:
        """Add a paragraph from a content file, which needs no values."""
        self._paragraphs.append(self.deps.texts.fill(source[self.language]))

    def word(self, key: str) -> str:
        """Return a small word in the person's language."""
        return self.deps.texts.word(self.language, key)

    def say_filled(self, source: str) -> None:
        """Add a paragraph from the practice of the open run."""
        unnamed_dialogue = (
            self.practice and self.practice.dialogue and self.run and not self.run.about_id
        )
        about = "" if unnamed_dialogue else self.about(self.run)
        # A message to forward may have nothing to say: what it needs was skipped.
        if said := self.deps.texts.fill(source, **self.values(about)):
            self._paragraphs.append(said)

    def values(self, about: str) -> dict[str, Any]:
        """Return what the texts of the open run's practice may use."""
        assert self.practice is not None
        plan = self.reviewed.words if self.reviewed else ""
        return questions.values(self.practice, self.given, self.language, about, plan)

    def ask(self) -> None:
        """Add the open question with its buttons; nothing when none is open."""
        run, step = self.run, self.step
        if run is None or step is None:
            return
        source = step.again if run.asks % 2 else step.ask
        if not self.deepening:
            self.say_filled(source[self.language])
        elif step.deepen:
            self.say_filled(step.deepen[self.language])
        else:
            self.say("deepen")
        if step.low and step.high:
            self.say("scale", low=step.low[self.language], high=step.high[self.language])
        run.asks += 1
        self.offer((*questions.buttons(self, run, step), *self.below))

    def offer(self, buttons: tuple[tuple[Button, ...], ...]) -> None:
        """End the message begun with live buttons: those of an earlier message go."""
        self.close_message(buttons)
        self._question = self._outgoing[-1]

    def close_message(
        self, buttons: tuple[tuple[Button, ...], ...] = (), *, erased: bool = False
    ) -> None:
        """End the message begun: what is said next comes in another one."""
        if not self._paragraphs:
            return
        *first, last = split("\n\n".join(self._paragraphs))
        self._outgoing += [Outgoing(part) for part in first]
        self._outgoing.append(Outgoing(last, buttons, erased=erased))
        self._paragraphs = []

    def show(self, picture: dict[str, Any], caption: str) -> None:
        """Send a picture, given as its plain description."""
        self.close_message()
        self._outgoing.append(Outgoing(caption, picture=picture))

    def hand_over(self, document: Document) -> None:
        """Send a file."""
        self.close_message()
        self._outgoing.append(Outgoing(document=document))

    # --- the open run -------------------------------------------------------------------

    def open_run(self, practice_id: str, about_id: int | None = None) -> Run:
        """Open a practice or a dialogue at its first step."""
        first = self.deps.library[practice_id].steps[0]
        run = Run(self.person_id, practice_id, first.id, self.now, self.now, about_id=about_id)
        self.uow.add(run)
        self.uow.flush()
        self.run = run
        return run

    def open_dialogue(self, dialogue_id: str, about_id: int | None = None) -> None:
        """Open a small dialogue over what is open, and ask; one that is open already goes on."""
        if self.run is None or self.run.practice != dialogue_id:
            self.drop_dialogues()
            self.open_run(dialogue_id, about_id)
        self.ask()

    def end_run(self, state: RunState) -> None:
        """Close the open run; the one beneath it, if any, is open again."""
        if self.run is not None:
            self.run.become(state, self.now)
            self.uow.flush()
            self.run = self.uow.active_run(self.person_id)
            if self.run is None:
                self.uow.nudges.hasten(self.person_id, self.now)

    def drop_dialogues(self) -> None:
        """Close the small dialogues (a confirmation, a choice) that lie over a practice."""
        while self.practice and self.practice.dialogue and self.run and self.run.id:
            self.end_run(RunState.DROPPED)

    def move_to(self, step: Step) -> None:
        """Make another question the open one."""
        assert self.run is not None
        self.run.step, self.run.asks, self.run.updated_at = step.id, 0, self.now

    def forget(self) -> None:
        """Remove every row of the person; what is said to them leaves none either."""
        self.uow.erase_person(self.person)
        self.run, self.person.id = None, None

    # --- the end ------------------------------------------------------------------------

    def write(self, key: str) -> list[OutboxItem]:
        """Write what was said to the outbox, under `key` and a number; return the rows."""
        self.close_message()
        erased = self.person.id is None
        if not erased and (self._question is not None or self.step is None):
            self.settle_live_question()
        question = self._question
        outgoing = [Outgoing(settle=settle) for settle in self._settles] + self._outgoing
        rows = [self._row(f"{key}:{n}", out) for n, out in enumerate(outgoing)]
        for row in rows:
            self.uow.add(row)
        self.uow.flush()
        if not erased:
            self.person.turns += 1
        if question is not None:
            shown = next(row for row, out in zip(rows, outgoing, strict=True) if out is question)
            self.person.question_id = shown.id
        return rows

    def _row(self, key: str, outgoing: Outgoing) -> OutboxItem:
        return OutboxItem(
            key=key,
            channel=self.person.channel,
            address=self.person.address,
            due_at=self.now,
            person_id=self.person.id,
            body=outgoing.to_json(),
            keep=self.person.id is not None
            and (self.person.consented or outgoing is self._question),
        )

    @property
    def said(self) -> bool:
        """Tell whether there is anything to send."""
        return bool(self._paragraphs or self._outgoing)

    def settle_live_question(self) -> None:
        """Take the buttons off the question asked last."""
        live, self.person.question_id = self.person.question_id, None
        row = self.uow.outbox(live) if live is not None else None
        if row is None:
            return
        pressed = {settle.message_ref for settle in self._settles}
        if row.message_ref is None:
            self._settles.append(Settle(outbox_id=row.id))
        elif row.message_ref not in pressed:
            self._settles.append(Settle(message_ref=row.message_ref))
        if not self.person.consented and row.body is None:
            self.uow.delete(row)
            self.uow.flush()


class Turn(Talk):
    """What one update leads to: a use case reads and changes it, `end` closes the update."""

    def __init__(self, deps: Deps, uow: UnitOfWork, incoming: Incoming, now: datetime) -> None:
        """Find out who speaks and what is open. `now` is aware."""
        self.incoming = incoming
        known = uow.person(incoming.channel, incoming.address)
        super().__init__(deps, uow, known or _newcomer(uow, incoming), now)

    @property
    def language(self) -> str:
        """Return `en` or `fr`: as `Talk`; of somebody new, that of the app they write with."""
        if self.person.language or self.person.consent_version:
            return super().language
        return self.incoming.language

    def introduce(self) -> None:
        """Say what Leo is, and ask for consent."""
        assert self.run is not None
        self.person.consent_version = consent_version(self.deps, self.language)
        self.run.asks = 0
        self.say("welcome", name=self.incoming.name)
        self.close_message()
        self.ask()

    def settle_pressed(self, chosen: str | None = None) -> None:
        """Take the buttons off the message whose button was pressed, showing the choice in it."""
        html = self.incoming.pressed_html
        shown = (
            f"{html}\n\n{self.word('chosen')} <b>{escape(chosen)}</b>" if chosen and html else None
        )
        self._settles.append(Settle(message_ref=self.incoming.message_ref, html=shown))

    def end(self, item: InboxItem) -> None:
        """Write the replies to the outbox and close the update."""
        self.write(f"{item.channel}:{item.update_id}")
        close(item, self.now)


def _newcomer(uow: UnitOfWork, incoming: Incoming) -> Person:
    person = Person(incoming.channel, incoming.address)
    uow.add(person)
    uow.flush()
    return person


def close(item: InboxItem, now: datetime) -> None:
    """Mark an update as worked on; from now on only its number is kept."""
    item.state, item.done_at = InboxState.DONE, now
    item.address, item.payload = None, None


type Verb = Callable[[Turn], None]


def take(
    deps: Deps, channel: str, update_id: int, verb: Verb, now: datetime, *, always: bool = False
) -> bool:
    """Do `verb` for one update in one transaction; return whether the update is worked on.

    An update already worked on changes nothing. Before consent only what is marked
    `always` is done; for the rest Leo asks for consent. `now` is aware.
    """
    with deps.open() as uow:
        item = uow.inbox(channel, update_id)
        if item is None or item.payload is None:
            return item is not None
        turn = Turn(deps, uow, Incoming.from_json(item.payload), now)
        hear(turn.person, now)
        _act(turn, verb, always)
        turn.end(item)
        return True


def hear(person: Person, now: datetime) -> None:
    """Whoever writes can be reached again, and gets the whole rhythm again."""
    if person.blocked_at is not None or person.unanswered:
        person.blocked_at, person.unanswered, person.slowed_at = None, 0, None
        person.look_again(now)


def _act(turn: Turn, verb: Verb, always: bool) -> None:
    if turn.incoming.token:
        if letters.show_test(turn):
            return
        join.follow(turn)
    if turn.incoming.deed and turn.incoming.deed.run_id is None:
        turn.settle_pressed()
    if turn.person.consented:
        _answer(turn, verb)
    elif not turn.deps.open_to_all and turn.person.invitation_id is None:
        turn.say("invitation_needed")
    elif turn.person.consent_version is None:
        # Nobody agrees to a text they have not seen: whatever comes first, Leo introduces itself.
        turn.introduce()
    elif always:
        verb(turn)
    else:
        turn.say("consent_needed")
        turn.ask()


def _answer(turn: Turn, verb: Verb) -> None:
    replies = letters.may_reply(turn)
    verb(turn)
    if replies:
        letters.note_reply(turn)
