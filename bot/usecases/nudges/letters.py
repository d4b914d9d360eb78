"""HR's letters on their way: planned for all who are to read them, and opened like any nudge."""

from datetime import datetime, timedelta

from bot.coaching.occurrence import NudgeKind
from bot.coaching.schedule import Slot
from bot.usecases.letters import in_language, say_letter
from bot.usecases.nudges.schedules import schedule_of
from bot.usecases.ports import Mode
from bot.usecases.progress import so_far
from bot.usecases.records import LetterKind, Standing
from bot.usecases.turn import Deps, Talk

# In one transaction: a reply must not wait long behind it.
BATCH = 1000
# A letter that could not come for so long is of no use any more.
LIFE = timedelta(days=7)
KINDS = {LetterKind.MESSAGE: NudgeKind.LETTER, LetterKind.FAREWELL: NudgeKind.FAREWELL}


def spread_letters(deps: Deps, now: datetime) -> None:
    """Plan each confirmed letter for all who are to read it: consenting, and without a pause."""
    with deps.open(Mode.READ) as uow:
        letter_ids = uow.letters.to_spread()
    for letter_id in letter_ids:
        while _spread(deps, letter_id, now):
            pass


def _spread(deps: Deps, letter_id: int, now: datetime) -> bool:
    """Plan a letter for the next people; tell whether there are more.

    How far it got is noted with them: whatever happens in between, nobody is planned for twice.
    """
    with deps.open() as uow:
        letter = uow.letters.locked(letter_id)
        if letter is None or letter.spread_at is not None:
            return False
        standings = uow.letters.readers(letter, BATCH)
        mine = [one for one in standings if one.cohort and one.cohort.id == letter.cohort_id]
        found = [(one.person_id, _slot(deps, one, KINDS[letter.kind], now)) for one in mine]
        slots = [(person_id, slot) for person_id, slot in found if slot]
        letter.people += uow.nudges.plan(slots, now, letter.id)
        if len(standings) < BATCH:
            letter.spread_at = now
            return False
        letter.reached = standings[-1].person_id
        return True


def _slot(deps: Deps, standing: Standing, kind: NudgeKind, now: datetime) -> Slot | None:
    """Return the slot of a letter for somebody: at once; None where Leo may not write to them."""
    schedule = schedule_of(standing, deps)
    if schedule is None:
        return None
    local = now.astimezone(schedule.zone)
    if schedule.silent_on(local.date()):
        return None
    at = local.time().replace(microsecond=0)
    return Slot(kind, local.date(), at, now, now + LIFE)


def open_letter(talk: Talk, letter_id: int | None) -> None:
    """Say a letter; nothing to who has left the cohort meanwhile."""
    letter = talk.uow.letters.get(letter_id) if letter_id is not None else None
    membership = talk.uow.cohorts.membership(talk.person_id)
    if letter is None or membership is None or membership[1].id != letter.cohort_id:
        return
    member, cohort = membership
    if letter.kind is LetterKind.FAREWELL:
        talk.say("farewell", cohort=cohort.name, **so_far(talk))
    source = in_language(letter.texts, talk.language, cohort.language)
    if source is not None:
        say_letter(talk, talk.language, source, member.name, cohort.name)
        talk.person.letter_at = talk.now
