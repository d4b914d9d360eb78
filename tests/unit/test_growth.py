"""What the figures say: one observation with its basis, and none where there is too little."""

from datetime import date, timedelta

import pytest

from bot.coaching.growth import Look, Observation, Sight, observe

MONDAY = date(2027, 3, 1)
TODAY = date(2027, 4, 12)
NO_DAYS: list[date] = []


def weeks(**ratings: str) -> list[Look]:
    """Return looks, one a week: a digit for each week's rating, a dot for none."""
    count = max(len(row) for row in ratings.values())
    return [
        Look(
            MONDAY + timedelta(weeks=week),
            {mark: int(row[week]) for mark, row in ratings.items() if row[week] != "."},
        )
        for week in range(count)
    ]


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


@pytest.mark.parametrize(
    ("looks", "mark", "count", "day"),
    [
        # Alone at the bottom for three looks; the basis is the lowest of them.
        (weeks(grown="444", autonomous="213"), "autonomous", 3, week(1)),
        # The first of two equally low ones is the basis, and earlier looks may be otherwise.
        (weeks(grown="1444", autonomous="3222"), "autonomous", 3, week(1)),
        (weeks(grown="55555", freer="32323"), "freer", 5, week(1)),
    ],
)
def test_a_mark_is_lowest_for_weeks(looks: list[Look], mark: str, count: int, day: date) -> None:
    """A mark that is alone at the bottom of the last looks is named, with how long and since."""
    seen = observe(looks, [], NO_DAYS, TODAY)
    assert seen == Observation(Sight.LOWEST, count, mark=mark, day=day)


@pytest.mark.parametrize(
    "looks",
    [
        [],
        weeks(grown="44", freer="22"),
        # Shared, interrupted, or not rated last time.
        weeks(grown="222", freer="222"),
        weeks(grown="4242", freer="2424"),
        weeks(grown="4444", freer="222."),
        # A single mark is lowest of nothing.
        weeks(grown="222"),
    ],
)
def test_where_no_mark_is_lowest_nothing_is_said(looks: list[Look]) -> None:
    """Chance, ties and gaps are no observation."""
    assert observe(looks, [], NO_DAYS, TODAY) is None


def test_a_mark_has_risen() -> None:
    """The mark that rose most is named, with what it was and what it is."""
    looks = weeks(grown="1124", freer="2233", wiser="3333")
    seen = observe(looks, [], NO_DAYS, TODAY)
    assert seen == Observation(Sight.RISEN, 4, mark="grown", day=week(0), before=1.0, now=3.0)


@pytest.mark.parametrize("row", ["123", "1221", "3323", "4311"])
def test_a_small_or_short_rise_is_none(row: str) -> None:
    """Three looks, half a point, or a fall are not called a rise."""
    assert observe(weeks(grown=row, freer=row), [], NO_DAYS, TODAY) is None


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ([True, False], None),
        ([True, False, True], Observation(Sight.PLANS, 2, 3)),
        ([False] * 4, Observation(Sight.PLANS, 0, 4)),
    ],
)
def test_plans_kept(kept: list[bool], seen: Observation | None) -> None:
    """From three plans looked back at, the share that was kept is told."""
    assert observe([], kept, NO_DAYS, TODAY) == seen


@pytest.mark.parametrize(
    ("ago", "count"),
    [([1, 2, 3], None), ([1, 1, 2, 3], None), ([0, 5, 9, 29], 4), ([1, 2, 3, 30], None)],
)
def test_rhythm(ago: list[int], count: int | None) -> None:
    """From four days of reflection within the last thirty, their number is told."""
    days = [TODAY - timedelta(days=number) for number in ago]
    seen = observe([], [], days, TODAY)
    assert (seen.count if seen else None) == count


def test_the_marks_come_before_plans_and_rhythm() -> None:
    """Of several things to be seen, what concerns the people served is said."""
    days = [TODAY - timedelta(days=number) for number in range(9)]
    looks = weeks(grown="444", freer="222")
    seen = observe(looks, [True] * 5, days, TODAY)
    assert seen is not None and seen.sight is Sight.LOWEST
    later = observe([], [True] * 5, days, TODAY)
    assert later is not None and later.sight is Sight.PLANS
