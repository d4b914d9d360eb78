"""A report about a cohort for its sponsor, of the same figures as its page and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.usecases.cohorts import shown
from bot.usecases.cohorts.figures import Picture, picture
from bot.usecases.cohorts.shown import Drawing, Section, Words
from bot.usecases.hr import Actor, HrDeps

# So many of the last weeks fit on the page.
MOST_WEEKS = 18
# The sections on it, in two columns; the funnel stands above the first.
COLUMNS = ((shown.SPREADS,), (shown.PARTICIPATION, shown.PRACTICES, shown.PLANS))
NOTES = ("report_too_few", "report_weeks", "report_no_words")

type Day = Callable[[date], str]


@dataclass(frozen=True)
class Report:
    """One page: its words, and the figures with their pictures in two columns."""

    title: str
    facts: Sequence[str]
    notes: Sequence[str]
    funnel: Drawing
    stages: dict[str, shown.Cell]
    columns: Sequence[Sequence[Section]]

    def description(self) -> dict[str, Any]:
        """Return the plain description that the page is drawn from."""
        first, *others = [[section.drawing for section in column] for column in self.columns]
        words = {"title": self.title, "facts": self.facts, "notes": self.notes}
        return {**words, "columns": [[self.funnel, *first], *others]}


def report(
    deps: HrDeps, actor: Actor, cohort_id: int, words: Words, day: Day, now: datetime
) -> Report:
    """Return the report of a cohort up to the last week that has ended. Raises Refused.

    `day` says a date in words.
    """
    whole = picture(deps, actor, cohort_id, now)
    part = replace(whole, weeks=whole.weeks[-MOST_WEEKS:])
    # Each practice has a week of its own, however long ago that was.
    practices = shown.sections(whole, words)[shown.PRACTICES]
    sections = {**shown.sections(part, words), shown.PRACTICES: practices}
    columns = [[sections[name] for name in column] for column in COLUMNS] if part.weeks else [[]]
    programme = deps.programmes.get(part.cohort.programme)
    title = programme.title[words.language] if programme else part.cohort.programme
    return Report(
        words.word("report_title", cohort=part.cohort.name),
        [words.word("report_programme", programme=title), _dates(part, words, day)],
        [words.word(note, minimum=deps.minimum) for note in NOTES],
        shown.funnel(part, words),
        shown.stages(part),
        columns,
    )


def _dates(part: Picture, words: Words, day: Day) -> str:
    start = part.cohort.starts_on
    if not part.weeks:
        return words.word("report_not_yet", start=day(start))
    first, last = part.weeks[0].week, part.weeks[-1].week
    monday = start - timedelta(days=start.weekday())
    until = monday + timedelta(days=7 * last + 6)
    key = "report_dates" if first < last else "report_one_week"
    return words.word(key, start=day(start), end=day(until), first=first + 1, last=last + 1)
