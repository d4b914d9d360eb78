"""The pages to sign in and out, and those about who may."""

from datetime import UTC
from typing import Any

from starlette.responses import Response

from bot import sheets
from bot.console.site import LANGUAGE, SESSION, Visit, csv_file
from bot.usecases.accounts import audit, invite, sign_in
from bot.usecases.cohorts import care
from bot.usecases.hr import Refused
from bot.usecases.records import HrRole

PER_PAGE = 100


def show_sign_in(visit: Visit) -> Response:
    """The page to sign in on."""
    if visit.actor is not None:
        return visit.go("/cohorts")
    return _sign_in(visit, 200)


def _sign_in(visit: Visit, status: int, **values: Any) -> Response:
    site = visit.site
    values = {"given": {"email": ""}, **values}
    return visit.page(
        "sign_in", status, sign_on=site.provider is not None, passwords=site.passwords, **values
    )


def _only_with_passwords(visit: Visit) -> None:
    if not visit.site.passwords:
        raise Refused("passwords_off")


def do_sign_in(visit: Visit) -> Response:
    """Sign in."""
    _only_with_passwords(visit)
    email = visit.field("email")
    try:
        return _enter(visit, email, visit.field("password"))
    except Refused as refused:
        status = 429 if refused.key == "sign_in_too_often" else 400
        given = {"email": email[:254]}
        return _sign_in(visit, status, given=given, problem=visit.refusal(refused))


def _enter(visit: Visit, email: str, password: str) -> Response:
    token = sign_in.sign_in(visit.site.deps, email, password, visit.address, visit.now)
    return visit.let_in(token)


def do_sign_out(visit: Visit) -> Response:
    """Sign out."""
    sign_in.sign_out(visit.site.deps, visit.who, visit.session, visit.now)
    response = visit.go("/sign-in")
    response.delete_cookie(SESSION)
    return response


def show_welcome(visit: Visit) -> Response:
    """The page a one-time link leads to."""
    _only_with_passwords(visit)
    email = invite.invited(visit.site.deps, visit.request.path_params["token"], visit.now)
    return visit.page("welcome", email=email)


def do_welcome(visit: Visit) -> Response:
    """Choose a password."""
    _only_with_passwords(visit)
    token, password = visit.request.path_params["token"], visit.field("password")
    email = invite.invited(visit.site.deps, token, visit.now)
    try:
        invite.choose_password(visit.site.deps, token, password, visit.now)
    except Refused as refused:
        return visit.page("welcome", 400, email=email, problem=visit.refusal(refused))
    return _enter(visit, email, password)


def do_language(visit: Visit) -> Response:
    """Read the console in the other language."""
    language = "fr" if visit.field("language") == "fr" else "en"
    if visit.actor is not None:
        sign_in.speak(visit.site.deps, visit.actor, language)
    back = visit.field("back")
    # Only a page that can be opened again, and of ours.
    ours = back.startswith("/") and back[1:2] not in ("/", "\\") and back.isprintable()
    response = visit.go(back if ours else "/cohorts")
    visit.remember(response, LANGUAGE, language)
    return response


def show_people(visit: Visit) -> Response:
    """Who may sign in."""
    return _people(visit)


def _people(
    visit: Visit, status: int = 200, *, link: str = "", by_mail: bool = False, problem: str = ""
) -> Response:
    return visit.page(
        "people",
        status,
        users=invite.users(visit.site.deps, visit.who),
        cohorts=care.cohorts(visit.site.deps, visit.who),
        given={"email": visit.field("email"), "role": visit.field("role")},
        link=link,
        by_mail=by_mail,
        mails=invite.mails(visit.site.deps, visit.who),
        can_mail=visit.site.can_mail and visit.site.passwords,
        passwords=visit.site.passwords,
        problem=problem,
    )


def do_invite(visit: Visit) -> Response:
    """Make a link for somebody of HR."""
    facilitator = visit.field("role") == HrRole.FACILITATOR
    role = HrRole.FACILITATOR if facilitator else HrRole.ADMINISTRATOR
    cohort_ids = visit.numbers("cohort") if facilitator else []
    site = visit.site
    by_mail = visit.field("by") == "mail" and site.can_mail and site.passwords
    try:
        token = invite.invite(
            site.deps,
            visit.who,
            visit.field("email"),
            role,
            visit.now,
            cohort_ids,
            site.welcome if by_mail else None,
        )
    except Refused as refused:
        if refused.key != "not_an_email":
            raise
        return _people(visit, 400, problem=visit.refusal(refused))
    link = site.welcome(token) if site.passwords else f"{site.root}/sign-in"
    return _people(visit, link=link, by_mail=by_mail)


def do_remove(visit: Visit) -> Response:
    """Let somebody in no more."""
    invite.remove(visit.site.deps, visit.who, visit.field("email"), visit.now)
    return visit.go("/people")


def show_audit(visit: Visit) -> Response:
    """The log."""
    text = visit.request.query_params.get("before", "")
    before = int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None
    entries = audit.entries(visit.site.deps, visit.who, before, PER_PAGE)
    older = entries[-1].id if len(entries) == PER_PAGE else None
    return visit.page("audit", entries=entries, older=older)


def give_audit(visit: Visit) -> Response:
    """The whole log as a file."""
    rows = (
        [entry.at.astimezone(UTC).isoformat(), entry.actor, entry.action, entry.object]
        for entry in audit.entries(visit.site.deps, visit.who, None, None)
    )
    return csv_file("leo-log.csv", sheets.write(("when", "who", "action", "what"), rows))
