"""The pages on which HR writes to all in a cohort, and ends a programme."""

from starlette.responses import Response

from bot.coaching.practice import LANGUAGES
from bot.console.cohorts import qr
from bot.console.site import Visit
from bot.usecases.cohorts import letters
from bot.usecases.cohorts.letters import MOST, Typed
from bot.usecases.hr import Refused


def show_letters(visit: Visit) -> Response:
    """The form, and what was sent so far."""
    return _letters(visit, _nothing())


def do_letter(visit: Visit) -> Response:
    """Show what a text leads to, offer it as a test, or send it."""
    deps, cohort_id, typed = visit.site.deps, visit.number("cohort_id"), _typed(visit)
    letters.desk(deps, visit.who, cohort_id, visit.now)
    texts, wanted = visit.site.pages, visit.field("as")
    try:
        if wanted == "send":
            letters.send(deps, visit.who, cohort_id, typed, texts, visit.now)
            return visit.go(f"/cohorts/{cohort_id}/letters")
        preview = letters.preview(deps, visit.who, cohort_id, typed, texts)
        if wanted == "test":
            token = letters.try_out(deps, visit.who, cohort_id, typed, texts, visit.now)
            link = visit.site.link(token)
            return _letters(visit, typed, preview=preview, link=link, code=qr(link))
    except Refused as refused:
        return _letters(visit, typed, 400, problem=visit.refusal(refused))
    return _letters(visit, typed, preview=preview)


def _letters(visit: Visit, typed: Typed, status: int = 200, **values: object) -> Response:
    desk = letters.desk(visit.site.deps, visit.who, visit.number("cohort_id"), visit.now)
    values = {"preview": None, "link": None, "code": None, **values}
    return visit.page(
        "letters",
        status,
        desk=desk,
        typed=typed,
        most=MOST,
        minimum=visit.site.deps.minimum,
        languages=LANGUAGES,
        **values,
    )


def show_close(visit: Visit) -> Response:
    """What closing a cohort means."""
    return _close(visit, _nothing())


def do_close(visit: Visit) -> Response:
    """Show what would be said at the end, or close the cohort."""
    deps, cohort_id, typed = visit.site.deps, visit.number("cohort_id"), _typed(visit)
    letters.desk(deps, visit.who, cohort_id, visit.now)
    texts, farewell = visit.site.pages, visit.field("farewell") == "yes"
    try:
        if visit.field("as") == "close":
            letters.close(deps, visit.who, cohort_id, typed, texts, visit.now, farewell=farewell)
            return visit.go(f"/cohorts/{cohort_id}")
        said, own = letters.preview_farewell(deps, visit.who, cohort_id, typed, texts)
    except Refused as refused:
        problem = visit.refusal(refused)
        return _close(visit, typed, 400, farewell=farewell, problem=problem)
    return _close(visit, typed, farewell=farewell, said=said, own=own)


def _close(visit: Visit, typed: Typed, status: int = 200, **values: object) -> Response:
    desk = letters.desk(visit.site.deps, visit.who, visit.number("cohort_id"), visit.now)
    values = {"farewell": True, "said": None, "own": None, **values}
    return visit.page(
        "close", status, desk=desk, typed=typed, most=MOST, languages=LANGUAGES, **values
    )


def _typed(visit: Visit) -> Typed:
    return {language: visit.field(f"text_{language}") for language in LANGUAGES}


def _nothing() -> Typed:
    return dict.fromkeys(LANGUAGES, "")
