"""Minimum group size and suppression, attacked by subtraction."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.groups import Held, TooSmall, checked, count, parts, spread
from bot.privacy.weeks import PRACTICE, Tallied, Week, publish
from bot.usecases import tally
from bot.usecases.cohorts.figures import ended_weeks
from bot.usecases.records import Cohort

# What each did: the kinds, the hour of the first, and what became of a plan.
type Deeds = dict[str, str | set[str]]

MINIMUM = 3
KINDS = ("daily", "weekly", PRACTICE)
HOURS = ("morning", "midday", "afternoon", "evening")
PLANS = ("done", "partly", "not")


@pytest.mark.parametrize("size", [-1, 0, 1, 2])
def test_a_minimum_below_three_is_refused(size: int) -> None:
    """No setting makes groups so small that people are recognised."""
    with pytest.raises(TooSmall):
        checked(size)
    assert checked(3) == 3


@given(st.data(), st.integers(3, 9))
def test_a_count_and_what_is_left_are_never_too_small(data: st.DataObject, minimum: int) -> None:
    """A shown count, and each shown group around it less the count, are of at least the minimum."""
    people = data.draw(st.integers(0, 60))
    named = data.draw(st.integers(people, 80))
    around = data.draw(st.lists(st.integers(people, named), max_size=3))
    shown = count(people, named, around, minimum)
    if shown.people is not None:
        assert shown.people == people >= minimum
        assert named - people >= minimum
        assert all(group == people or group - people >= minimum for group in around)
    else:
        assert shown.held is not None


@given(st.integers(3, 9), st.integers(1, 60))
def test_why_a_count_is_held_does_not_tell_it(minimum: int, whole: int) -> None:
    """Whatever is said in place of a count fits at least as many counts as the minimum."""
    by_reason: dict[Held, set[int]] = {}
    for people in range(whole + 1):
        shown = count(people, whole, [], minimum)
        if shown.held:
            by_reason.setdefault(shown.held, set()).add(people)
    for fitting in by_reason.values():
        assert len(fitting) >= min(minimum, whole + 1)


def ways(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    yield from (way for way in product(range(total + 1), repeat=cells) if sum(way) == total)


@pytest.mark.parametrize("total", range(3, 13))
def test_a_part_held_back_cannot_be_worked_out(total: int) -> None:
    """Of all that would look the same, each part held back could have had several sizes."""
    looks: dict[tuple[int | None, ...], list[tuple[int, ...]]] = {}
    for way in ways(total, 4):
        shown = parts(dict(zip(HOURS, way, strict=True)), total + MINIMUM, [], MINIMUM)
        looks.setdefault(tuple(shown[hour].people for hour in HOURS), []).append(way)
    for look, same in looks.items():
        for cell, shown in enumerate(look):
            possible = {way[cell] for way in same}
            assert len(possible) > 1 if shown is None else possible == {shown}
            if shown is not None:
                assert shown >= MINIMUM


def test_the_next_smallest_goes_with_one_too_small() -> None:
    """One part too small takes the next smallest with it, and those of the same size."""
    shown = parts({"a": 2, "b": 7, "c": 7, "d": 9}, 40, [], 5)
    assert [shown[name].people for name in "abcd"] == [None, None, None, 9]


@given(st.dictionaries(st.integers(1, 5), st.integers(0, 6)), st.integers(3, 9))
def test_a_rating_of_too_few_is_never_shown(people: dict[int, int], minimum: int) -> None:
    """A rating needs the minimum of people, who did not all give the same."""
    shown = spread(people, minimum)
    if sum(people.values()) < minimum or sum(1 for n in people.values() if n) < 2:
        assert (shown.mean, shown.low, shown.high) == (None, None, None)
    else:
        assert shown.mean is not None and shown.low is not None and shown.high is not None
        assert 1 <= shown.low <= shown.high <= 5 and 1 <= shown.mean <= 5


# --- people who do things, and somebody who subtracts ---------------------------------------


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Deeds], Week]:
    """Draw what each of some people did in a week, and what is shown of it."""
    people: list[Deeds] = []
    for _ in range(draw(st.integers(0, 26))):
        kinds = draw(st.sets(st.sampled_from(KINDS)))
        hour = draw(st.sampled_from(HOURS)) if kinds else ""
        plan = draw(st.sampled_from(("", *PLANS))) if kinds else ""
        # Only who did a practice can have done that of the week.
        practised = "practice" in kinds and draw(st.booleans())
        done = {*kinds, "practised"} if practised else kinds
        people.append({"kinds": done, "hour": hour, "plan": plan})

    def number(of: str, values: tuple[str, ...]) -> dict[str, int]:
        return {value: sum(person[of] == value for person in people) for value in values}

    tallied = Tallied(
        week=0,
        joined=len(people),
        active=sum(bool(person["kinds"]) for person in people),
        kinds={kind: sum(kind in person["kinds"] for person in people) for kind in KINDS},
        practised=sum("practised" in person["kinds"] for person in people),
        hours=number("hour", HOURS),
        plans=number("plan", PLANS),
        marks={},
    )
    return people, publish(tallied, MINIMUM)


def groups(people: list[Deeds], week: Week) -> list[frozenset[int]]:
    """Return the people of each group whose size is shown, or follows from others."""
    everybody = range(len(people))

    def those(fits: object) -> frozenset[int]:
        return frozenset(i for i in everybody if fits(people[i]))  # type: ignore[operator]

    shown = [frozenset(everybody)]
    if week.active.people is not None:
        shown.append(those(lambda one: one["kinds"]))
    if week.silent.people is not None:
        shown.append(those(lambda one: not one["kinds"]))
    shown += [
        those(lambda one, kind=kind: kind in one["kinds"])
        for kind, shown_as in {**week.kinds, "practised": week.practised}.items()
        if shown_as.people is not None
    ]
    for of, cells in (("hour", week.hours), ("plan", week.plans)):
        names = [name for name, cell in cells.items() if cell.people is not None]
        for size in range(1, len(names) + 1):
            for some in combinations(names, size):
                shown.append(those(lambda one, of=of, some=some: one[of] in some))
    return shown


@given(weeks())
def test_no_difference_of_shown_groups_is_too_small(
    drawn: tuple[list[Deeds], Week],
) -> None:
    """Whoever subtracts a shown group from one that it is by its nature part of gets no few."""
    people, week = drawn
    shown = groups(people, week)
    everybody = shown[0]
    for group in shown[1:]:
        assert len(group) >= MINIMUM
        assert len(everybody) - len(group) >= MINIMUM or len(group) == 0
    if week.active.people is not None:
        active = frozenset(i for i, one in enumerate(people) if one["kinds"])
        for kind in KINDS:
            if (part := week.kinds[kind].people) is not None:
                assert len(active) - part >= MINIMUM or len(active) == part
    whole, part = week.kinds[PRACTICE].people, week.practised.people
    if whole is not None and part is not None:
        assert whole - part >= MINIMUM or whole == part


@given(weeks())
def test_a_group_below_the_minimum_shows_nothing(
    drawn: tuple[list[Deeds], Week],
) -> None:
    """Of a cohort with fewer people than the minimum only how many joined is shown."""
    people, week = drawn
    assert week.joined == len(people)
    if len(people) < MINIMUM:
        held = [week.active, week.silent, week.practised]
        held += [*week.kinds.values(), *week.hours.values(), *week.plans.values()]
        assert all(one.people is None for one in held)


@given(st.lists(st.integers(MINIMUM, 8), min_size=3, max_size=3), st.integers(0, 6))
def test_who_looked_back_at_plans_cannot_be_held_against_who_practised(
    plans: list[int], others: int
) -> None:
    """Where few more did the practice of the week than looked back, neither tells of those few."""
    practised = sum(plans) + others
    shown = publish(
        Tallied(
            week=0,
            joined=practised + 60,
            active=practised + 40,
            kinds={PRACTICE: practised + 20},
            practised=practised,
            hours=dict.fromkeys(HOURS, 0),
            plans=dict(zip(PLANS, plans, strict=True)),
            marks={},
        ),
        MINIMUM,
    )
    assert shown.practised.people == practised
    held = all(shown.plans[name].people is None for name in PLANS)
    assert held == (0 < others < MINIMUM)


# --- one week and the next, with people who leave between -----------------------------------

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
COHORT = Cohort("Lyon", "first-eight-weeks", MONDAY.date(), "UTC", "en", MONDAY)
FIGURES = (tally.ACTIVE, tally.PRACTISED, *KINDS, *HOURS, *PLANS)


@st.composite
def counted(draw: st.DrawFn) -> list[tuple[int, str]]:
    """Draw what is counted over six weeks, in the order in which it happens."""
    what = st.sampled_from((tally.JOINED, tally.LEFT, *FIGURES))
    events = draw(st.lists(st.tuples(st.integers(0, 5), what), max_size=120))
    joined = [(0, tally.JOINED)] * draw(st.integers(0, 30))
    return sorted([*joined, *events], key=lambda event: event[0])


@given(counted())
def test_a_week_that_has_ended_never_changes(events: list[tuple[int, str]]) -> None:
    """Whoever comes, leaves or does things later, what is shown of a week stays as it was.

    So there are no two states of a figure that somebody could subtract.
    """
    rows: Counter[tuple[int, str, int]] = Counter()
    before: list[Week] = []
    for week in range(7):
        shown = ended_weeks(COHORT, rows, MINIMUM, MONDAY + timedelta(weeks=week))
        assert shown[: len(before)] == before
        before = shown
        rows.update((at, figure, 0) for at, figure in events if at == week)
