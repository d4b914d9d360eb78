"""Pictures: plain descriptions that the charts draw, and what is said of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.coaching.growth import Look
from bot.coaching.practice import Kind, Picture, PictureKind, Practice, Step
from bot.coaching.run import Given, RunState
from bot.usecases import questions
from bot.usecases.records import PlanState, Run
from bot.usecases.turn import Turn

# So many weeks stand side by side and can still be read on a phone.
MAX_WEEKS = 12
# How the dots of the plans are drawn.
FILLS = {
    PlanState.DONE: "full",
    PlanState.PARTLY: "half",
    PlanState.NOT: "empty",
    PlanState.OPEN: "dotted",
}

type Shown = tuple[dict[str, Any], str]


def picture_of(turn: Turn, practice: Practice, run: Run) -> Shown | None:
    """Return the picture that a practice's closing brings, and its caption as HTML.

    None where it brings none, or where nothing was said that could be drawn.
    """
    picture = practice.closing.picture if practice.closing else None
    match picture:
        case None:
            return None
        case Picture(PictureKind.BOXES):
            return _boxes(turn, practice, picture, run)
        case _:
            return _ratings(turn, practice, picture, run)


def earlier_run(turn: Turn, practice: Practice, run: Run) -> Run | None:
    """Return the run of the same practice finished last before this one, or None.

    Where the practice is about somebody, only a run about the same person counts.
    """
    about_somebody = any(step.kind is Kind.PERSON for step in practice.steps)
    if about_somebody and run.about_id is None:
        return None
    same = [
        other
        for other in turn.uow.runs(turn.person_id)
        if other.practice == practice.id
        and other.state is RunState.FINISHED
        and other.about_id == run.about_id
        and (other.id or 0) < (run.id or 0)
    ]
    return same[-1] if same else None


def _given(turn: Turn, run: Run | None) -> dict[str, Given]:
    if run is None or run.id is None:
        return {}
    return {answer.step: answer.given for answer in turn.uow.answers(run.id)}


# --- ratings ----------------------------------------------------------------------------


def _ratings(turn: Turn, practice: Practice, picture: Picture, run: Run) -> Shown | None:
    language = turn.language
    earlier = earlier_run(turn, practice, run)
    now, before = _given(turn, run), _given(turn, earlier)
    rows = [
        {
            "label": step.label[language] if step.label else step.id,
            "now": now[step.id].number if step.id in now else None,
            "before": before[step.id].number if step.id in before else None,
        }
        for step in practice.steps
        if step.kind is Kind.RATING
    ]
    if all(row["now"] is None for row in rows):
        return None
    title = _title(turn, picture, run)
    drawn = {
        "title": title,
        "rows": rows,
        "low": turn.word("scale_low"),
        "high": turn.word("scale_high"),
        "now_legend": turn.word("now_legend"),
        "before_legend": turn.word("before_legend"),
    }
    alt = turn.told("alt_marks", title=title, rows=[tuple(row.values()) for row in rows])
    dates = {"date": _day(turn, run), "earlier": _day(turn, earlier) if earlier else ""}
    return {"marks": drawn, "alt": alt}, turn.told("picture_caption", title=title, **dates)


def _title(turn: Turn, picture: Picture, run: Run) -> str:
    if picture.title is not None:
        return picture.title[turn.language]
    return turn.word("picture_title").format(about=turn.about(run))


def _day(turn: Turn, run: Run) -> str:
    return turn.deps.texts.day(turn.language, turn.local(run.started_at).date())


# --- boxes ------------------------------------------------------------------------------


def _boxes(turn: Turn, practice: Practice, picture: Picture, run: Run) -> Shown | None:
    given = _given(turn, run)
    boxes = [
        {"title": box.title[turn.language], "lines": _lines(turn, practice.step(box.step), given)}
        for box in picture.boxes
    ]
    if not any(box["lines"] for box in boxes):
        return None
    title = _title(turn, picture, run)
    drawn = {"title": title, "layout": str(picture.layout), "boxes": boxes}
    alt = turn.told("alt_boxes", title=title, boxes=boxes)
    return {"boxes": drawn, "alt": alt}, turn.told("boxes_caption", title=title)


def _lines(turn: Turn, step: Step | None, given: dict[str, Given]) -> list[str]:
    if step is None or step.id not in given or given[step.id].skipped:
        return []
    answer = given[step.id]
    if step.kind is Kind.LIST and answer.words:
        return answer.words.split("\n")
    return [questions.title(turn, step, answer)]


# --- weeks ------------------------------------------------------------------------------


def weeks_of(turn: Turn, looks: list[Look]) -> Shown | None:
    """Return the picture of the weekly check-ins so far, or None before the first.

    `looks` are those of the check-in, oldest first; of a week with several the last one counts.
    """
    by_week = {_monday(look.day): look for look in looks}
    if not by_week:
        return None
    last = max(by_week)
    count = min(MAX_WEEKS, (last - min(by_week)).days // 7 + 1)
    mondays = [last - timedelta(weeks=back) for back in reversed(range(count))]
    weeks = [turn.deps.texts.short_day(turn.language, monday) for monday in mondays]
    rows = [
        {
            "label": step.label[turn.language],
            "ratings": [_rating(by_week.get(monday), step.id) for monday in mondays],
        }
        for step in turn.deps.library[turn.deps.check_in].steps
        if step.label
    ]
    drawn = {"title": turn.word("weeks_title"), "weeks": weeks, "rows": rows}
    alt = turn.told("alt_weeks", weeks=weeks, rows=[tuple(row.values()) for row in rows])
    caption = turn.told("weeks_caption", first=weeks[0], last=weeks[-1])
    return {"weeks": drawn, "alt": alt}, caption


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _rating(look: Look | None, step: str) -> int | None:
    return look.ratings.get(step) if look else None


# --- what was done ----------------------------------------------------------------------


def tally_of(turn: Turn, done: Mapping[str, int], plans: Mapping[PlanState, int]) -> Shown | None:
    """Return the picture of the practices done, by title, and of what became of the plans."""
    practices = [(title, count, "full") for title, count in done.items()]
    kept = [
        (turn.word(f"plan_{state}"), plans[state], fill)
        for state, fill in FILLS.items()
        if plans.get(state)
    ]
    sections = [
        {"title": turn.word(title), "rows": [_counted(*row) for row in rows]}
        for title, rows in (("tally_practices", practices), ("tally_plans", kept))
        if rows
    ]
    if not sections:
        return None
    drawn = {"title": turn.word("tally_title"), "sections": sections}
    alt = turn.told("alt_tally", practices=practices, plans=kept)
    return {"tally": drawn, "alt": alt}, turn.told("tally_caption")


def _counted(label: str, count: int, fill: str) -> dict[str, str | int]:
    return {"label": label, "count": count, "fill": fill}
