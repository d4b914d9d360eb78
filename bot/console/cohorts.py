"""The pages about cohorts: list, creation, figures, import and invitations."""

from dataclasses import asdict
from typing import Any

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot import sheets
from bot.console import figures
from bot.console.site import Visit, csv_file
from bot.usecases.cohorts import care, create, invitations, mails, roster
from bot.usecases.cohorts.invitations import MOST_SHOWN, Invited
from bot.usecases.hr import Refused, only_administrators
from bot.usecases.records import Cohort, CohortState

FIELDS = ("name", "programme", "start", "zone", "language", "daily", "weekly", "practice")


def show_cohorts(visit: Visit) -> Response:
    """The list."""
    return visit.page("cohorts", cohorts=care.cohorts(visit.site.deps, visit.who))


# --- a new one ------------------------------------------------------------------------------


def show_new(visit: Visit) -> Response:
    """The form for a new cohort."""
    only_administrators(visit.who)
    empty = dict.fromkeys(FIELDS, "")
    return _new(visit, {**empty, "zone": visit.site.zone, "language": visit.language})


def _new(visit: Visit, given: dict[str, str], status: int = 200, **values: Any) -> Response:
    values = {"calendar": None, "calendar_problem": None, **values}
    programmes = visit.site.deps.programmes.values()
    return visit.page("new", status, given=given, programmes=programmes, **values)


def _wanted(visit: Visit) -> create.Wanted:
    return create.Wanted(**{name: visit.field(name) for name in FIELDS})


def show_calendar(visit: Visit) -> Response:
    """The calendar that the form leads to; nothing is kept."""
    only_administrators(visit.who)
    wanted = _wanted(visit)
    try:
        cohort = create.check(visit.site.deps, wanted, visit.now)
    except Refused as refused:
        if visit.by_htmx:
            return visit.page("calendar", calendar_problem=visit.refusal(refused))
        return _new(visit, asdict(wanted), 400, problem=visit.refusal(refused))
    weeks = create.calendar(visit.site.deps, cohort)
    if visit.by_htmx:
        return visit.page("calendar", calendar=weeks, calendar_problem=None)
    return _new(visit, asdict(wanted), calendar=weeks)


def do_create(visit: Visit) -> Response:
    """Keep the new cohort."""
    wanted = _wanted(visit)
    try:
        cohort_id = create.create(visit.site.deps, visit.who, wanted, visit.now)
    except Refused as refused:
        if refused.key == "not_yours":
            raise
        return _new(visit, asdict(wanted), 400, problem=visit.refusal(refused))
    return visit.go(f"/cohorts/{cohort_id}/import")


# --- one cohort -----------------------------------------------------------------------------


def show_cohort(visit: Visit) -> Response:
    """A cohort with its figures."""
    deps, cohort_id = visit.site.deps, visit.number("cohort_id")
    picture = figures.picture_of(visit)
    programme = deps.programmes.get(picture.cohort.programme)
    return visit.page(
        "cohort",
        programme=programme.title[visit.language] if programme else picture.cohort.programme,
        waiting=invitations.waiting(deps, visit.who, cohort_id),
        most_shown=MOST_SHOWN,
        minimum=deps.minimum,
        **figures.values(picture, figures.words(visit)),
    )


def do_state(visit: Visit) -> Response:
    """Pause or resume."""
    cohort_id, wanted = visit.number("cohort_id"), visit.field("state")
    if wanted not in (CohortState.ACTIVE, CohortState.PAUSED):
        raise Refused("error_400")
    care.become(visit.site.deps, visit.who, cohort_id, CohortState(wanted), visit.now)
    return visit.go(f"/cohorts/{cohort_id}")


# --- people from a list ---------------------------------------------------------------------


def show_import(visit: Visit) -> Response:
    """The page to drop a list on."""
    cohort, _ = care.find(visit.site.deps, visit.who, visit.number("cohort_id"))
    return visit.page("import", cohort=cohort, preview=None)


def do_import(visit: Visit) -> Response:
    """Say what a list would do or, once confirmed, do it."""
    deps, cohort_id = visit.site.deps, visit.number("cohort_id")
    cohort, _ = care.find(deps, visit.who, cohort_id)
    done = visit.field("confirm") == "yes"
    values: dict[str, Any] = {"cohort": cohort, "done": done, "partial": visit.by_htmx}
    values |= {"most_shown": MOST_SHOWN, "preview_problem": None}
    try:
        lines = _lines(visit)
        if done:
            preview = roster.enrol(deps, visit.who, cohort_id, lines, visit.now)
        else:
            preview = roster.preview(deps, visit.who, cohort_id, lines)
    except Refused as refused:
        values["preview_problem"] = visit.refusal(refused)
        # htmx shows what came with success only.
        status = 200 if visit.by_htmx else 400
        return _imported(visit, status, preview=None, **values)
    return _imported(visit, 200, preview=preview, **values)


def _imported(visit: Visit, status: int, **values: Any) -> Response:
    if visit.by_htmx:
        return visit.page("preview", status, **values)
    return visit.page("import", status, problem=values["preview_problem"], **values)


def _lines(visit: Visit) -> list[roster.Line]:
    upload = visit.file("list")
    if upload is None:
        raise Refused("file_missing")
    return sheets.read(upload.filename or "", upload.file.read(sheets.MAX_BYTES + 1))


# --- invitations ----------------------------------------------------------------------------


def show_invitations(visit: Visit) -> Response:
    """The page to make links on."""
    cohort, count = care.find(visit.site.deps, visit.who, visit.number("cohort_id"))
    post = mails.look(visit.site.deps, visit.who, visit.number("cohort_id"), visit.now)
    return visit.page(
        "invitations",
        cohort=cohort,
        waiting=count.enrolled - count.joined,
        post=post,
        most_shown=MOST_SHOWN,
        can_mail=visit.site.can_mail,
    )


def do_invite_all(visit: Visit) -> Response:
    """Make a link for each who has not joined, as a file or a sheet to print."""
    deps, cohort_id = visit.site.deps, visit.number("cohort_id")
    cohort, _ = care.find(deps, visit.who, cohort_id)
    invited = invitations.invite_all(deps, visit.who, cohort_id, visit.now)
    if visit.field("as") == "csv":
        rows = (
            [one.name, visit.site.link(one.token), one.expires_at.date().isoformat()]
            for one in invited
        )
        return csv_file("leo-invitations.csv", sheets.write(("name", "link", "expires"), rows))
    return _sheet(visit, cohort, invited)


def do_renew(visit: Visit) -> Response:
    """Make a fresh link for one person."""
    deps = visit.site.deps
    invited, cohort_id = invitations.renew(deps, visit.who, visit.number("member_id"), visit.now)
    cohort, _ = care.find(deps, visit.who, cohort_id)
    return _sheet(visit, cohort, [invited])


def _sheet(visit: Visit, cohort: Cohort, invited: list[Invited]) -> Response:
    cards = [
        {
            "name": one.name,
            "expires_at": one.expires_at,
            "link": (link := visit.site.link(one.token)),
            "qr": qr(link),
        }
        for one in invited
    ]
    return visit.page("sheet", cohort=cohort, invited=cards)


def qr(link: str) -> Markup | None:
    """Return a link as a code to be photographed; None of a line for the terminal."""
    if not link.startswith("https:"):
        return None
    svg = segno.make(link, error="m").svg_inline(omitsize=True)
    return Markup(svg)  # noqa: S704  # Made by a library of a link of ours.
