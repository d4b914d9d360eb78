"""Which reflection comes next: none too soon again, the themes in turn, the lowest mark more."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from random import Random

from bot.coaching.practice import Practice

# None comes back before that many days have passed.
REST = timedelta(days=60)
# How many times as often a prompt comes that feeds the mark rated lowest lately.
LOWEST_WEIGHT = 3

type Shown = Sequence[tuple[str, date]]


def choose(
    prompts: Collection[Practice],
    shown: Shown,
    today: date,
    seed: str,
    *,
    themes: Collection[str] = (),
    lowest: Collection[str] = (),
) -> Practice | None:
    """Return the next prompt, or None when all were shown within `REST`.

    `shown` holds the ids of the prompts shown with their days, oldest first. Of `themes` (those
    of a programme's week), or else of all, the one not shown for longest is in turn. `lowest`
    holds the marks rated lowest lately. The same seed makes the same choice.
    """
    resting = {id_ for id_, day in shown if today - day < REST}
    fresh = sorted((p for p in prompts if p.id not in resting), key=lambda prompt: prompt.id)
    fresh = [prompt for prompt in fresh if theme_of(prompt) in themes] or fresh
    if not fresh:
        return None
    turns = _turns(prompts, shown)
    first = min(turns.get(theme_of(prompt), -1) for prompt in fresh)
    due = [prompt for prompt in fresh if turns.get(theme_of(prompt), -1) == first]
    weights = [LOWEST_WEIGHT if prompt.mark in lowest else 1 for prompt in due]
    return Random(seed).choices(due, weights)[0]  # noqa: S311  # variety, not secrecy


def theme_of(prompt: Practice) -> str:
    """Return the theme of a prompt: its first tag."""
    return prompt.tags[0]


def _turns(prompts: Collection[Practice], shown: Shown) -> dict[str, int]:
    """Return, for each theme, the place in `shown` where it came last."""
    themes = {prompt.id: theme_of(prompt) for prompt in prompts}
    return {themes[id_]: place for place, (id_, _) in enumerate(shown) if id_ in themes}
