"""HR writes to all in a cohort: looked at, tried out, confirmed; and the end of a programme."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from bot.privacy.groups import Count, count
from bot.usecases.cohorts.care import step
from bot.usecases.hr import Actor, HrDeps, Refused, Word, cohort_for, note
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.ports.letters import LetterTexts
from bot.usecases.records import Cohort, CohortState, Letter, LetterKind, LetterTest
from bot.usecases.tokens import digest, new_token

MOST = 2000
EVERY = timedelta(days=14)
TEST_LASTS = timedelta(hours=1)
# What a farewell counts; each reader gets their own.
EXAMPLE = {"exercises": 7, "check_ins": 6, "days": 19, "steps": 4}

# HR's words by language, as they were typed.
type Typed = Mapping[str, str]


class Columns(TypedDict):
    """The same as a row keeps it."""

    en: str | None
    fr: str | None


@dataclass(frozen=True)
class Sent:
    """A letter and, once it is planned for all, how many it goes to and how many still wait.

    Those who wait are counted in steps of the minimum, rounded down.
    """

    kind: LetterKind
    made_at: datetime
    people: Count | None
    waiting: Count | None


@dataclass(frozen=True)
class Desk:
    """What HR needs to write to a cohort.

    `needed` are the languages read in it; `not_before` is the day of the next message, if later.
    """

    cohort: Cohort
    needed: Collection[str]
    not_before: date | None
    sent: Sequence[Sent]


@dataclass(frozen=True)
class Preview:
    """What members would read, as HTML by language, with one name filled in."""

    name: str = field(repr=False)
    pages: Mapping[str, str] = field(repr=False)


def desk(deps: HrDeps, actor: Actor, cohort_id: int, now: datetime) -> Desk:
    """Return what HR needs to write to a cohort. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        letters = unit.letters.all_of(cohort_id)
        return Desk(
            cohort,
            _needed(unit, cohort),
            next_day(cohort, letters, now),
            [_sent(unit, letter, deps.minimum) for letter in letters],
        )


def next_day(cohort: Cohort, letters: Sequence[Letter], now: datetime) -> date | None:
    """Return the day from which a message is possible again, in the cohort's zone; None for now."""
    zone = ZoneInfo(cohort.zone)
    messages = [letter.made_at for letter in letters if letter.kind is LetterKind.MESSAGE]
    if not messages:
        return None
    day = max(messages).astimezone(zone).date() + EVERY
    return day if now.astimezone(zone).date() < day else None


def _needed(unit: ConsoleUnit, cohort: Cohort) -> set[str]:
    assert cohort.id is not None
    return unit.letters.languages(cohort.id) | {cohort.language}


def _sent(unit: ConsoleUnit, letter: Letter, minimum: int) -> Sent:
    if letter.spread_at is None or letter.id is None:
        return Sent(letter.kind, letter.made_at, None, None)
    people = count(letter.people, letter.joined, [], minimum)
    shown = [people.people] if people.people is not None else []
    left = unit.letters.waiting(letter.id)
    waiting = count(left, letter.joined, shown, minimum)
    if waiting.people is not None:
        # It changes by the minute: in steps, so that nobody is seen by looking twice.
        waiting = Count(left - left % minimum)
    return Sent(letter.kind, letter.made_at, people, waiting)


# --- a message ------------------------------------------------------------------------------


def preview(
    deps: HrDeps, actor: Actor, cohort_id: int, typed: Typed, texts: LetterTexts
) -> Preview:
    """Return what members would read of a message. Raises Refused, naming what is wrong."""
    with deps.open(Mode.READ) as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        return _preview(unit, cohort, _checked(unit, cohort, typed, texts), texts)


def _preview(unit: ConsoleUnit, cohort: Cohort, words: Typed, texts: LetterTexts) -> Preview:
    assert cohort.id is not None
    name = unit.letters.a_name(cohort.id) or texts.word(cohort.language, "letter_a_name")
    pages = {
        language: texts.say(
            language, "letter", 0, text=texts.letter(source, name=name, cohort=cohort.name)
        )
        for language, source in words.items()
    }
    return Preview(name, pages)


def _checked(unit: ConsoleUnit, cohort: Cohort, typed: Typed, texts: LetterTexts) -> Typed:
    """Return the words of a message. Raises Refused where a language that is read has none."""
    words = _read(cohort, typed, texts)
    for language in sorted(_needed(unit, cohort) - words.keys()):
        raise Refused("letter_empty", text=_field(language))
    return words


def _read(cohort: Cohort, typed: Typed, texts: LetterTexts) -> Typed:
    """Return what was typed, without the empty. Raises Refused for what cannot be filled in."""
    words = {language: _tidy(source) for language, source in typed.items() if source.strip()}
    for language, source in words.items():
        if len(source) > MOST:
            raise Refused("letter_long", text=_field(language), most=MOST)
        try:
            filled = texts.letter(source, name=cohort.name, cohort=cohort.name)
        except Refused as refused:
            raise Refused(refused.key, text=_field(language), **refused.values) from None
        if not filled:
            raise Refused("letter_empty", text=_field(language))
    return words


def _tidy(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _columns(words: Typed) -> Columns:
    return {"en": words.get("en"), "fr": words.get("fr")}


def _field(language: str) -> Word:
    return Word(f"letter_field_{language}")


def try_out(
    deps: HrDeps, actor: Actor, cohort_id: int, typed: Typed, texts: LetterTexts, now: datetime
) -> str:
    """Return the token of a link by which HR sees a message in their own chat, once.

    Raises Refused.
    """
    token = new_token()
    with deps.open() as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        words = _checked(unit, cohort, typed, texts)
        unit.letters.forget_tests(now)
        unit.add(LetterTest(cohort_id, digest(token), now + TEST_LASTS, **_columns(words)))
        note(unit, actor, "cohort.letter_test", cohort.name, now)
    return token


def send(
    deps: HrDeps, actor: Actor, cohort_id: int, typed: Typed, texts: LetterTexts, now: datetime
) -> None:
    """Confirm a message: from now on it is on its way. Raises Refused, and nothing is sent."""
    with deps.open() as unit:
        unit.letters.hold(cohort_id)
        cohort = cohort_for(unit, actor, cohort_id)
        if cohort.state is not CohortState.ACTIVE:
            paused = cohort.state is CohortState.PAUSED
            raise Refused("letter_cohort_paused" if paused else "cohort_closed", name=cohort.name)
        if day := next_day(cohort, unit.letters.all_of(cohort_id), now):
            raise Refused("letter_next", day=day)
        words = _checked(unit, cohort, typed, texts)
        joined = unit.enrolment.headcount(cohort_id).joined
        if not joined:
            raise Refused("letter_nobody")
        unit.add(Letter(cohort_id, LetterKind.MESSAGE, now, joined, **_columns(words)))
        note(unit, actor, "cohort.letter", cohort.name, now)


# --- the end of a programme -----------------------------------------------------------------


def preview_farewell(
    deps: HrDeps, actor: Actor, cohort_id: int, typed: Typed, texts: LetterTexts
) -> tuple[Mapping[str, str], Preview]:
    """Return what Leo would say at the end, by language, and HR's words behind it.

    Raises Refused, naming what is wrong.
    """
    with deps.open(Mode.READ) as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        own = _preview(unit, cohort, _read(cohort, typed, texts), texts)
        languages = sorted(_needed(unit, cohort) | own.pages.keys())
    said = {
        language: texts.say(language, "farewell", 0, cohort=cohort.name, **EXAMPLE)
        for language in languages
    }
    return said, own


def close(
    deps: HrDeps,
    actor: Actor,
    cohort_id: int,
    typed: Typed,
    texts: LetterTexts,
    now: datetime,
    *,
    farewell: bool,
) -> None:
    """Close a cohort for good and, if wanted, have Leo say farewell to each. Raises Refused."""
    with deps.open() as unit:
        unit.letters.hold(cohort_id)
        cohort = cohort_for(unit, actor, cohort_id)
        if cohort.state is CohortState.CLOSED:
            raise Refused("cohort_closed", name=cohort.name)
        if farewell:
            words = _read(cohort, typed, texts)
            joined = unit.enrolment.headcount(cohort_id).joined
            unit.add(Letter(cohort_id, LetterKind.FAREWELL, now, joined, **_columns(words)))
            note(unit, actor, "cohort.farewell", cohort.name, now)
        step(unit, actor, cohort, CohortState.CLOSED, now)
