"""HR's letters on their way: to whom, when, and once; on both databases."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.run import RunState
from bot.errors import DatabaseUnusable
from bot.store.figures import console_units
from bot.usecases.cohorts import care, letters
from bot.usecases.distress import meet_distress
from bot.usecases.hr import THE_SHELL, HrDeps, Refused
from bot.usecases.nudges.letters import BATCH, spread_letters
from bot.usecases.ports import Mode, OpenUnitOfWork, UnitOfWork
from bot.usecases.records import CohortState, Letter, LetterKind, Member, Person
from bot.usecases.start import begin
from bot.usecases.turn import Deps
from tests.console.conftest import PROGRAMMES, QuickPasswords
from tests.store import make
from tests.store.chat import TEXTS
from tests.store.nudging import WORDS, Life, deps_for, paris, scheduler

K, S = NudgeKind, NudgeState
TYPED = {"en": "Dear {{ name }} of {{ cohort }}.", "fr": "Bonjour {{ name }}."}


@pytest.fixture
def hr(engine: Engine) -> HrDeps:
    return HrDeps(console_units(engine), QuickPasswords(), PROGRAMMES, 5)


@pytest.fixture
def life(open_uow: OpenUnitOfWork) -> Life:
    """Somebody in the cohort Lyon who agreed on Monday the 1st of March 2027, at eight."""
    life = Life(deps_for(open_uow))
    life.consents_at(paris(1, 8))
    joins(life.person, open_uow)
    life.settles(daily="off", weekly="off", practice="off")
    return life


def joins(person: Person | None, open_uow: OpenUnitOfWork, cohort: str = "Lyon") -> Member:
    with open_uow() as uow:
        member = make.member(uow, person, cohort=cohort)
        found = uow.cohorts.cohort(member.cohort_id)
        assert found is not None
        found.starts_on = paris(1, 8).date()
        return member


def cohort_id(life: Life, name: str = "Lyon") -> int:
    found = make.ask(life.deps.open, lambda uow: uow.cohorts.named(name))
    return make.known(found.id)


def sends(hr: HrDeps, life: Life, now: datetime) -> None:
    letters.send(hr, THE_SHELL, cohort_id(life), TYPED, TEXTS, now)
    life.clock = now


def reads(life: Life, now: datetime) -> list[str]:
    """What somebody has got by a moment at which the scheduler works."""
    life.clock = now
    scheduler(life.deps, now)
    return [html for html in life.fetch() if html]


def test_a_letter_comes_at_once(life: Life, hr: HrDeps) -> None:
    """In the daytime a letter comes at once, marked, with HR's name for the reader; and once."""
    sends(hr, life, paris(2, 10))
    [said] = reads(life, paris(2, 10))
    assert "Dear Ana Ruiz of Lyon." in said and "from HR" in said
    assert life.states() == [(K.LETTER, 2, S.SENT)]
    assert reads(life, paris(3, 10)) == []
    assert life.person.unanswered == 0


@pytest.mark.parametrize(
    ("sent", "zone", "quiet", "comes"),
    [
        (paris(2, 12, 30), "Europe/Paris", ("12:00", "14:00"), paris(2, 14)),
        (paris(2, 22), "Europe/Paris", None, paris(3, 8)),
        (paris(2, 6), "Europe/Paris", None, paris(2, 8)),
        (paris(2, 6), "Europe/Paris", ("22:00", "09:30"), paris(2, 9, 30)),
        (paris(2, 10), "America/New_York", None, paris(2, 14)),
        (paris(2, 10), "Asia/Tokyo", ("16:00", "21:00"), paris(3, 0)),
    ],
)
def test_it_disturbs_nobody(
    life: Life,
    hr: HrDeps,
    sent: datetime,
    zone: str,
    quiet: tuple[str, str] | None,
    comes: datetime,
) -> None:
    """A letter waits for the end of quiet hours, and of the night where its reader is."""
    hours = [time.fromisoformat(at) for at in quiet or ()]
    life.settles(zone=zone, **dict(zip(("quiet_from", "quiet_until"), hours, strict=False)))
    sends(hr, life, sent)
    assert reads(life, sent) == []
    assert reads(life, comes - timedelta(seconds=1)) == []
    said = reads(life, comes)
    assert len(said) == 1 and "from HR" in said[0]


def test_it_waits_for_an_exercise(life: Life, hr: HrDeps) -> None:
    """A letter never comes in the middle of an exercise; what is said then is an answer of it."""
    life.clock = paris(2, 9, 50)
    life.acts(lambda turn: begin(turn, "second-week"))
    life.says(WORDS)
    sends(hr, life, paris(2, 10))
    assert reads(life, paris(2, 10)) == []
    life.says(WORDS)
    assert life.question() is None
    [said] = reads(life, life.clock)
    assert "from HR" in said


def test_it_waits_behind_what_leo_asks(life: Life, hr: HrDeps) -> None:
    """What is due at the same time goes first; no message of Leo's is mixed with HR's."""
    life.settles(daily="mon-fri 10:00")
    sends(hr, life, paris(2, 10))
    [asked] = reads(life, paris(2, 10))
    assert "reflect-" in asked and "from HR" not in asked
    life.says(WORDS)
    [said] = reads(life, paris(2, 11))
    assert "from HR" in said and "reflect-" not in said


def test_a_plan_is_not_mixed_with_it(life: Life, hr: HrDeps) -> None:
    """What somebody means to do that day comes by itself, and HR's words an hour later."""
    with life.deps.open() as uow:
        person = uow.person(*life.lane)
        assert person is not None
        run = make.run(uow, person, at=paris(1, 9), state=RunState.FINISHED)
        plan = make.plan(uow, person, run)
        plan.due, plan.at = paris(2, 12).date(), time(10)
        person.look_again(paris(1, 9))
    sends(hr, life, paris(2, 10))
    [said] = reads(life, paris(2, 10))
    assert "If it rains" in said and "from HR" not in said
    [letter] = reads(life, paris(2, 11))
    assert "from HR" in letter and "If it rains" not in letter


@pytest.mark.parametrize("changes", [{"paused": True}, {"paused_until": paris(9, 12).date()}])
def test_no_letter_in_a_pause(life: Life, hr: HrDeps, changes: dict[str, object]) -> None:
    """Who has paused gets no letter, also if they did so while it waited."""
    life.settles(**changes)
    sends(hr, life, paris(2, 10))
    assert reads(life, paris(2, 10)) == [] == life.nudges()
    life.settles(paused=False, paused_until=None)
    later = paris(17, 23)
    sends(hr, life, later)
    assert reads(life, later) == []
    life.settles(paused=True)
    assert reads(life, paris(18, 9)) == []
    assert [state for _, _, state in life.states()] == [S.SKIPPED]


def test_who_leaves_gets_nothing(life: Life, hr: HrDeps) -> None:
    """A letter that waits for somebody is left out once they are in another cohort."""
    sends(hr, life, paris(2, 23))
    assert reads(life, paris(2, 23)) == []
    with life.deps.open() as uow:
        membership = uow.cohorts.membership(make.known(life.person.id))
        assert membership is not None
        membership[0].left_at = paris(3, 7)
    joins(life.person, life.deps.open, "Paris")
    assert reads(life, paris(3, 9)) == []
    assert life.states() == [(K.LETTER, 2, S.SKIPPED)]


def test_a_letter_too_late_is_let_go(life: Life, hr: HrDeps) -> None:
    """After a week in which it could not come, a letter is of no use any more."""
    sends(hr, life, paris(2, 23))
    assert reads(life, paris(2, 23)) == []
    assert reads(life, paris(10, 9)) == []
    assert life.states() == [(K.LETTER, 2, S.EXPIRED)]


def test_distress_comes_before_all(life: Life, hr: HrDeps) -> None:
    """Who writes in distress after a letter hears nothing about who reads what."""
    sends(hr, life, paris(2, 10))
    reads(life, paris(2, 10))
    life.come_in("I cannot go on")
    life.acts(meet_distress)
    assert life.person.letter_at is None


def test_a_letter_reaches_all_once(open_uow: OpenUnitOfWork, hr: HrDeps) -> None:
    """A large cohort is planned for in parts; a part done is not done again, nor one left out."""
    count = BATCH + 7
    with open_uow() as uow:
        first = make.member(uow)
        for number in range(count):
            person = make.person(uow, address=str(number), language=None)
            uow.add(
                Member(first.cohort_id, "Ana", make.NOW, person_id=person.id, joined_at=make.NOW)
            )
        letter = make.keep(
            uow, Letter(first.cohort_id, LetterKind.MESSAGE, make.NOW, count, en="A")
        )
    deps = deps_for(open_uow)
    with pytest.raises(DatabaseUnusable):
        spread_letters(breaking(deps, after=2), make.NOW)
    half = make.ask(open_uow, lambda uow: uow.letters.get(make.known(letter.id)))
    assert (half.people, half.spread_at) == (BATCH, None)
    spread_letters(deps, make.NOW)
    spread_letters(deps, make.NOW)
    done = make.ask(open_uow, lambda uow: uow.letters.get(make.known(letter.id)))
    assert (done.people, done.spread_at) == (count, make.NOW)
    with hr.open() as unit:
        assert unit.letters.waiting(make.known(letter.id)) == count
    [sent] = letters.desk(hr, THE_SHELL, first.cohort_id, make.NOW).sent
    assert sent.waiting is not None and sent.waiting.held is not None


def breaking(deps: Deps, after: int) -> Deps:
    """The same, but of the transactions only so many succeed."""
    left = iter(range(after))

    def open_unit(mode: Mode = Mode.DURABLE) -> AbstractContextManager[UnitOfWork]:
        if next(left, None) is None:
            raise DatabaseUnusable
        return deps.open(mode)

    return replace(deps, open=open_unit)


def test_two_who_send_at_once(life: Life, hr: HrDeps) -> None:
    """Of two who confirm a message at the same time one is refused: there is one a fortnight."""

    def send() -> None:
        letters.send(hr, THE_SHELL, cohort_id(life), TYPED, TEXTS, paris(2, 10))

    done = make.at_once(send, send)
    [refused] = [one for one in done if one is not None]
    assert isinstance(refused, Refused) and refused.key == "letter_next"
    assert len(reads(life, paris(2, 10))) == 1


def test_closing_ends_the_programme(life: Life, hr: HrDeps) -> None:
    """What the programme had planned already does not come after its end; the farewell does."""
    life.settles(daily=None, weekly=None, practice=None)
    life.clock = paris(1, 11)
    scheduler(life.deps, life.clock)
    assert len([html for html in life.fetch() if html]) == 1  # The practice, and its reminder.
    letters.close(hr, THE_SHELL, cohort_id(life), TYPED, TEXTS, paris(2, 8, 30), farewell=True)
    said = [html for day in range(2, 20) for html in reads(life, paris(day, 13))]
    assert len(said) == 2
    assert "ends here" in said[0] and "from HR" in said[1]
    assert (K.REMINDER, 2, S.SKIPPED) in life.states()


def test_ones_own_rhythm_goes_on(life: Life, hr: HrDeps) -> None:
    """A rhythm that somebody chose themselves goes on when the programme is closed."""
    life.settles(daily="mon-fri 10:00", weekly=None, practice=None)
    letters.close(hr, THE_SHELL, cohort_id(life), {}, TEXTS, paris(2, 8), farewell=False)
    [asked] = reads(life, paris(2, 10))
    assert "reflect-" in asked


def test_a_rhythm_may_be_chosen_afterwards(life: Life, hr: HrDeps) -> None:
    """Who goes on alone can have Leo write to them again."""
    life.settles(daily=None, weekly=None, practice=None)
    letters.close(hr, THE_SHELL, cohort_id(life), {}, TEXTS, paris(2, 8), farewell=False)
    assert reads(life, paris(3, 10)) == []
    life.settles(daily="mon-fri 10:00")
    assert len(reads(life, paris(4, 10))) == 1


def test_closed_while_paused(life: Life, hr: HrDeps) -> None:
    """A paused cohort can be closed with a farewell, too."""
    care.become(hr, THE_SHELL, cohort_id(life), CohortState.PAUSED, paris(2, 8))
    with pytest.raises(Refused, match="letter_cohort_paused"):
        sends(hr, life, paris(2, 9))
    letters.close(hr, THE_SHELL, cohort_id(life), {}, TEXTS, paris(2, 9), farewell=True)
    [said] = reads(life, paris(2, 9))
    assert "ends here" in said
