"""The picture of Greenleaf's marks: how somebody was rated, beside last time."""

from typing import Any

from bot.coaching.practice import Kind, Practice
from bot.usecases.records import Run
from bot.usecases.turn import Turn


def marks_of(turn: Turn, run: Run | None) -> dict[str, int | None]:
    """Return the ratings of a run by step id."""
    if run is None or run.id is None:
        return {}
    return {answer.step: answer.number for answer in turn.uow.answers(run.id)}


def picture_of(
    turn: Turn,
    practice: Practice,
    run: Run,
    earlier: Run | None,
    now: dict[str, int | None],
    before: dict[str, int | None],
) -> tuple[dict[str, Any], str]:
    """Return the description of the picture, which the charts draw, and its caption as HTML."""
    language, about = turn.language, turn.about(run)
    ratings = [step for step in practice.steps if step.kind is Kind.RATING]
    rows = [
        {
            "label": step.label[language] if step.label else step.id,
            "now": now.get(step.id),
            "before": before.get(step.id),
        }
        for step in ratings
    ]
    picture = {
        "marks": {
            "title": turn.word("picture_title").format(about=about),
            "rows": rows,
            "low": turn.word("scale_low"),
            "high": turn.word("scale_high"),
            "now_legend": turn.word("now_legend"),
            "before_legend": turn.word("before_legend"),
        },
        "alt": turn.deps.texts.say(
            language,
            "alt_marks",
            0,
            about=about,
            rows=[(row["label"], row["now"], row["before"]) for row in rows],
        ),
    }
    day = turn.deps.texts.day
    caption = turn.deps.texts.say(
        language,
        "picture_caption",
        0,
        about=about,
        date=day(language, turn.local(run.updated_at).date()),
        earlier=day(language, turn.local(earlier.started_at).date()) if earlier else "",
    )
    return picture, caption
