"""The report for a sponsor: a page to read, and the same as PDF in either language."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.coaching.practice import LANGUAGES
from bot.console.site import Visit
from bot.usecases.cohorts import report, shown
from bot.usecases.cohorts.report import Report
from bot.usecases.cohorts.shown import Words


def show_report(visit: Visit) -> Response:
    """The page."""
    made = _made(visit, visit.language)
    return visit.page(
        "report",
        report=made,
        cohort_id=visit.number("cohort_id"),
        languages=LANGUAGES,
        told=partial(shown.told, word=visit.word),
        held=shown.is_held,
    )


def give_drawing(name: str, visit: Visit) -> Response:
    """A picture of the page: only the weeks that the report is about."""
    made = _made(visit, visit.language)
    drawings = {section.name: section.drawing for column in made.columns for section in column}
    drawing = {shown.FUNNEL: made.funnel, **drawings}.get(name)
    if drawing is None:
        raise HTTPException(404)
    return Response(visit.site.draw(drawing), media_type="image/svg+xml")


def give_pdf(language: str, visit: Visit) -> Response:
    """The PDF in a language."""
    return Response(
        visit.site.paper(_made(visit, language).description()),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="leo-report-{language}.pdf"'},
    )


def _made(visit: Visit, language: str) -> Report:
    pages, deps = visit.site.pages, visit.site.deps
    words = Words(partial(pages.word, language), language, deps.titles)
    day = partial(pages.day, language)
    return report.report(deps, visit.who, visit.number("cohort_id"), words, day, visit.now)
