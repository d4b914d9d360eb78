"""Which reflection comes next: none too soon, themes in turn, the lowest mark more often."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.growth import Look, lowest_lately
from bot.coaching.practice import LANGUAGES, MARKS, Form, Practice, Spears
from bot.coaching.reflections import REST, choose, theme_of
from bot.texts.practices import load_library

DATA = Path(__file__).parents[2] / "data"
START = date(2027, 1, 4)
THEMES = [f"theme-{number}" for number in range(10)]
PROMPTS = [
    Practice(
        f"{theme}-{number}",
        title={},
        purpose={},
        steps=(),
        tags=(theme,),
        mark=MARKS[number % len(MARKS)],
        form=Form.REFLECTION,
    )
    for theme in THEMES
    for number in range(9)
]
type Shown = list[tuple[str, date]]


def walk(days: int, seed: str = "7", **wishes: tuple[str, ...]) -> Shown:
    """Return what is shown, one a day."""
    shown: Shown = []
    for number in range(days):
        today = START + timedelta(days=number)
        chosen = choose(PROMPTS, shown, today, f"{seed}:{number}", **wishes)
        assert chosen is not None
        shown.append((chosen.id, today))
    return shown


def theme(prompt_id: str) -> str:
    return prompt_id.rpartition("-")[0]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=120), st.text(max_size=5))
def test_none_comes_back_within_sixty_days(gaps: list[int], seed: str) -> None:
    """However many are asked for a day, each rests for sixty days; then, rather none than one."""
    shown: Shown = []
    last: dict[str, date] = {}
    today = START
    for number, gap in enumerate(gaps):
        today += timedelta(days=gap)
        chosen = choose(PROMPTS, shown, today, f"{seed}{number}")
        if chosen is None:
            resting = [id_ for id_, day in last.items() if today - day < REST]
            assert len(resting) == len(PROMPTS)
            continue
        assert today - last.get(chosen.id, date.min) >= REST
        shown.append((chosen.id, today))
        last[chosen.id] = today


@given(st.text(max_size=5))
def test_the_themes_take_turns(seed: str) -> None:
    """In ten days each theme has its day; no theme comes twice in a row."""
    shown = [theme(id_) for id_, _ in walk(30, seed)]
    for start in (0, 10, 20):
        assert sorted(shown[start : start + 10]) == sorted(THEMES)
    assert all(one != other for one, other in pairwise(shown))


def test_the_themes_of_the_week_come_first() -> None:
    """While a programme's week names themes, only these come, in turn, as long as any is left."""
    shown = [theme(id_) for id_, _ in walk(18, themes=("theme-3", "theme-5"))]
    assert Counter(shown) == {"theme-3": 9, "theme-5": 9}
    assert all(one != other for one, other in pairwise(shown))
    assert theme(walk(19, themes=("theme-3", "theme-5"))[-1][0]) not in ("theme-3", "theme-5")


@pytest.mark.parametrize("mark", MARKS)
def test_the_lowest_mark_comes_more_often(mark: str) -> None:
    """What was rated lowest lately is asked about clearly more often than without it."""
    marks = {prompt.id: prompt.mark for prompt in PROMPTS}

    def share(**wishes: tuple[str, ...]) -> int:
        walks = [walk(30, f"{seed}", **wishes) for seed in range(20)]
        return sum(marks[id_] == mark for shown in walks for id_, _ in shown)

    assert share(lowest=(mark,)) > 1.4 * share()


def test_the_same_seed_makes_the_same_choice() -> None:
    """The choice depends on nothing but what is passed in, also not on the order of the files."""
    backwards = list(reversed(PROMPTS))
    assert choose(PROMPTS, [], START, "a") == choose(backwards, [], START, "a")
    assert len({choose(PROMPTS, [], START, str(n)).id for n in range(20)}) > 5  # type: ignore[union-attr]


def test_a_prompt_taken_away_is_no_trouble() -> None:
    """What was shown and is no file any more neither comes nor disturbs."""
    chosen = choose(PROMPTS, [("gone", START)], START, "a")
    assert chosen is not None and theme_of(chosen) in THEMES


def looks(*ratings: dict[str, int]) -> list[Look]:
    return [Look(START + timedelta(weeks=week), one) for week, one in enumerate(ratings)]


@pytest.mark.parametrize(
    ("ratings", "lowest"),
    [
        ([], set()),
        ([{"grown": 3, "freer": 3}], set()),
        ([{"grown": 3, "freer": 2}], {"freer"}),
        ([{"grown": 1, "freer": 2, "wiser": 1}], {"grown", "wiser"}),
        # The mean of the last three looks counts, not one bad week long ago.
        ([{"grown": 1, "freer": 4}, *[{"grown": 4, "freer": 3}] * 3], {"freer"}),
        # A mark that was skipped last time still counts by its other weeks.
        ([{"grown": 4, "freer": 1}, {"grown": 4}], {"freer"}),
    ],
)
def test_what_was_rated_lowest_lately(ratings: list[dict[str, int]], lowest: set[str]) -> None:
    """The marks with the lowest mean of the last three looks; none where all are equal."""
    assert lowest_lately(looks(*ratings)) == lowest


# --- the shipped ones -------------------------------------------------------------------

SHIPPED = [p for p in load_library(DATA).values() if p.form is Form.REFLECTION]


def test_every_theme_has_enough_reflections() -> None:
    """Each of Spears’ ten has nine or more, and feeds each of the six marks."""
    themes = Counter(theme_of(prompt) for prompt in SHIPPED)
    assert set(themes) == set(get_args(Spears.__value__))
    assert min(themes.values()) >= 9 and sum(themes.values()) >= 90
    for name in themes:
        assert {p.mark for p in SHIPPED if theme_of(p) == name} == set(MARKS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reflection_resembles_another(language: str) -> None:
    """No two begin alike, and each is short enough to be read between two meetings."""
    asked = [prompt.steps[0].ask[language] for prompt in SHIPPED]
    openings = Counter(" ".join(text.split()[:4]) for text in asked)
    assert [opening for opening, count in openings.items() if count > 1] == []
    assert max(len(text.split()) for text in asked) <= 45


def test_the_shipped_reflections_last_for_sixty_days() -> None:
    """One a day for four months, with a lowest mark: never one within sixty days of itself."""
    shown: Shown = []
    for number in range(120):
        today = START + timedelta(days=number)
        chosen = choose(SHIPPED, shown, today, str(number), lowest=("autonomous",))
        assert chosen is not None
        assert all(today - day >= REST for id_, day in shown if id_ == chosen.id)
        shown.append((chosen.id, today))
