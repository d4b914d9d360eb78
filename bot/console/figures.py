"""A cohort's figures: what its page shows of them, each picture, and each table as a file."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from starlette.responses import Response

from bot import sheets
from bot.console.site import Visit, csv_file
from bot.usecases.cohorts import figures, shown
from bot.usecases.cohorts.figures import Picture
from bot.usecases.cohorts.shown import Section, Words


def picture_of(visit: Visit) -> Picture:
    """Return what may be seen of the cohort in the path."""
    return figures.picture(visit.site.deps, visit.who, visit.number("cohort_id"), visit.now)


def words(visit: Visit) -> Words:
    """Return the words of the visitor's language."""
    return Words(visit.word, visit.language, visit.site.deps.titles)


def values(picture: Picture, of: Words) -> dict[str, Any]:
    """Return what a page needs to show the figures."""
    return {
        "picture": picture,
        "stages": shown.stages(picture),
        "sections": shown.sections(picture, of) if picture.weeks else {},
        "told": partial(shown.told, word=of.word),
        "held": shown.is_held,
    }


def give_drawing(name: str, visit: Visit) -> Response:
    """A section's picture, or the funnel."""
    picture, of = picture_of(visit), words(visit)
    if name == shown.FUNNEL:
        drawing = shown.funnel(picture, of)
    else:
        drawing = shown.sections(picture, of)[name].drawing
    return Response(visit.site.draw(drawing), media_type="image/svg+xml")


def give_table(name: str, visit: Visit) -> Response:
    """A section's table, or the funnel's, as a file."""
    picture, of = picture_of(visit), words(visit)
    if name == shown.FUNNEL:
        stages = shown.stages(picture).items()
        rows = ([stage, *shown.values(cell)] for stage, cell in stages)
        return csv_file(f"leo-{name}.csv", sheets.write(("stage", "people"), rows))
    return _file(name, [shown.sections(picture, of)[name]])


def give_all(visit: Visit) -> Response:
    """All tables of the weeks in one file: what the page shows, and no more."""
    return _file("figures", shown.sections(picture_of(visit), words(visit)).values())


def _file(name: str, sections: Iterable[Section]) -> Response:
    return csv_file(f"leo-{name}.csv", sheets.write(*shown.table(sections)))
