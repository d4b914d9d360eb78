"""Invitations by mail: send them, and see what became of each."""

from starlette.responses import Response

from bot.console.site import Visit
from bot.usecases.cohorts import mails
from bot.usecases.cohorts.mails import MakeLink
from bot.usecases.hr import Refused


def do_send_all(visit: Visit) -> Response:
    """Send a mail to each who has not joined and needs one."""
    cohort_id = visit.number("cohort_id")
    mails.send_all(visit.site.deps, visit.who, cohort_id, _link(visit), visit.now)
    return visit.go(f"/cohorts/{cohort_id}/invitations")


def do_send_one(visit: Visit) -> Response:
    """Send a mail to one person, once more if need be."""
    member_id = visit.number("member_id")
    cohort_id = mails.send_one(visit.site.deps, visit.who, member_id, _link(visit), visit.now)
    return visit.go(f"/cohorts/{cohort_id}/invitations")


def _link(visit: Visit) -> MakeLink:
    """Return what makes links for mails. It raises Refused where none can be sent."""

    def make(token: str) -> str:
        link = visit.site.link(token)
        if not visit.site.can_mail:
            raise Refused("mail_off")
        if not link.startswith("https:"):
            raise Refused("mail_no_bot")
        return link

    return make
