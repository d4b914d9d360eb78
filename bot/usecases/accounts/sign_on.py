"""Single sign-on: begun here, done elsewhere, and back once. Only who was invited gets in."""

from datetime import datetime, timedelta

from bot.usecases.accounts.sign_in import begin_session
from bot.usecases.hr import Actor, HrDeps, Refused, note
from bot.usecases.records import HrRole, HrSignOn
from bot.usecases.tokens import digest

LASTS = timedelta(minutes=10)
HOW = "single-sign-on"


def begin(deps: HrDeps, key: str, now: datetime) -> None:
    """Remember that a sign-on was begun; `key` is known to this visitor's browser only."""
    with deps.open() as unit:
        unit.accounts.forget_sign_ons(now)
        unit.add(HrSignOn(digest(key), now + LASTS))


def come_back(deps: HrDeps, key: str, now: datetime) -> None:
    """Use up a sign-on. Raises Refused when it was not begun here, is used, or took too long."""
    with deps.open() as unit:
        begun = unit.accounts.sign_on(digest(key))
        if begun is not None:
            unit.delete(begun)
    if begun is None or begun.expires_at <= now:
        raise Refused("sign_on_stale")


def enter(deps: HrDeps, email: str, now: datetime) -> str:
    """Return the token of a new session of who has a verified address. Raises Refused."""
    with deps.open() as unit:
        user = unit.accounts.user_by_email(email.strip().lower())
        if user is not None and user.removed_at is None:
            return begin_session(unit, user, now, HOW)
        note(unit, Actor("", HrRole.FACILITATOR), "hr.sign_in_failed", HOW, now)
    raise Refused("sign_on_no_account", email=email[:80])
