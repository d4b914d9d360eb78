"""The pages about people by name: look up, move, withdraw, erase, and the receipts."""

from starlette.responses import Response

from bot.console.site import Visit, saved
from bot.usecases.cohorts import erasure, members
from bot.usecases.cohorts.invitations import MOST_SHOWN
from bot.usecases.hr import Refused
from bot.usecases.records import Erasure


def show_people(visit: Visit) -> Response:
    """Those in a cohort. What is searched comes in a form: a name is for no address bar."""
    search = visit.field("search")[: members.LONGEST_SEARCH]
    found = members.people(
        visit.site.deps, visit.who, visit.number("cohort_id"), search, MOST_SHOWN + 1
    )
    return visit.page("members", found=found, search=search, most_shown=MOST_SHOWN)


def show_member(visit: Visit) -> Response:
    """One person, and what can be done."""
    return _member(visit)


def _member(visit: Visit, status: int = 200, problem: str | None = None) -> Response:
    looked = members.look(visit.site.deps, visit.who, visit.number("member_id"))
    return visit.page("member", status, looked=looked, problem=problem)


def do_move(visit: Visit) -> Response:
    """Move somebody to another cohort."""
    deps, member_id = visit.site.deps, visit.number("member_id")
    members.look(deps, visit.who, member_id)
    to = visit.numbers("cohort")
    try:
        moved = members.move(deps, visit.who, member_id, to[0] if to else 0, visit.now)
    except Refused as refused:
        if refused.key != "cohort_closed":
            raise
        return _member(visit, 400, visit.refusal(refused))
    return visit.go(f"/members/{moved}")


def show_withdraw(visit: Visit) -> Response:
    """Ask once whether somebody shall leave their cohort."""
    looked = members.look(visit.site.deps, visit.who, visit.number("member_id"))
    return visit.page("withdraw", looked=looked)


def do_withdraw(visit: Visit) -> Response:
    """Take somebody out of their cohort."""
    cohort_id = members.withdraw(visit.site.deps, visit.who, visit.number("member_id"), visit.now)
    return visit.go(f"/cohorts/{cohort_id}/people")


# --- erasing --------------------------------------------------------------------------------


def show_erasure(visit: Visit) -> Response:
    """What an erasure would do, and the form that asks for it."""
    return _erasure(visit)


def _erasure(visit: Visit, status: int = 200, problem: str | None = None) -> Response:
    asked = erasure.consider(visit.site.deps, visit.who, visit.number("member_id"))
    given = {name: visit.field(name)[: erasure.MAX_REFERENCE] for name in ("name", "reference")}
    return visit.page("erase", status, asked=asked, given=given, problem=problem)


def do_erase(visit: Visit) -> Response:
    """Ask for somebody to be erased."""
    name, reference = visit.field("name"), visit.field("reference")
    member_id = visit.number("member_id")
    try:
        number = erasure.ask(visit.site.deps, visit.who, member_id, name, reference, visit.now)
    except Refused as refused:
        if not refused.key.startswith("erasure_"):
            raise
        return _erasure(visit, 400, visit.refusal(refused))
    return visit.go(f"/erasures/{number}")


def show_erasures(visit: Visit) -> Response:
    """Those asked for, and those done."""
    return visit.page("erasures", erasures=erasure.erasures(visit.site.deps, visit.who))


def show_receipt(visit: Visit) -> Response:
    """One erasure: asked, or done with its receipt to print."""
    return visit.page("erasure", receipt=_receipt(visit))


def give_receipt_page(visit: Visit) -> Response:
    """The receipt as a page to save."""
    receipt = _receipt(visit)
    html = visit.site.pages.page(visit.language, "receipt_file", receipt=receipt)
    return saved(f"leo-erasure-{receipt.id}.html", html, "text/html")


def give_receipt_text(visit: Visit) -> Response:
    """The receipt as plain text to save."""
    receipt = _receipt(visit)
    text = visit.site.pages.text(visit.language, "receipt", receipt=receipt)
    return saved(f"leo-erasure-{receipt.id}.txt", text, "text/plain")


def _receipt(visit: Visit) -> Erasure:
    return erasure.receipt(visit.site.deps, visit.who, visit.number("erasure_id"))
