"""Invite somebody of HR by a one-time link, and let them choose a password by it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.usecases.hr import Actor, HrDeps, Refused, actor_of, note, only_administrators
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import HrAccess, HrLink, HrRole, HrUser, Mail
from bot.usecases.tokens import digest, new_token

LINK_LASTS = timedelta(hours=72)
MIN_PASSWORD = 12
MAX_PASSWORD = 200
_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}")
MAX_EMAIL = 254


def clean_email(text: str) -> str:
    """Return a mail address in small letters. Raises Refused when it is none."""
    email = text.strip().lower()
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email):
        raise Refused("not_an_email", email=text[:80])
    return email


def invite(
    deps: HrDeps,
    actor: Actor,
    email: str,
    role: HrRole,
    now: datetime,
    cohort_ids: Sequence[int] = (),
    mail_link: Callable[[str], str] | None = None,
) -> str:
    """Let somebody of HR in and return the token of their link, which is good for three days.

    With `mail_link`, which makes a link of the token, they also get it by mail. Of somebody
    already known it sets role and cohorts anew; a former link, password and session no longer
    count.
    """
    only_administrators(actor)
    email = clean_email(email)
    with deps.open() as unit:
        user = unit.accounts.user_by_email(email)
        if user is None:
            user = HrUser(email, role, now, language=actor.language)
            unit.add(user)
            unit.flush()
        assert user.id is not None
        user.role, user.removed_at, user.password_hash = role, None, None
        unit.accounts.close_sessions(user.id)
        _give_cohorts(unit, user.id, cohort_ids)
        token = new_token()
        link = HrLink(user.id, digest(token), now + LINK_LASTS)
        unit.add(link)
        if mail_link is not None:
            unit.flush()
            unit.add(Mail(now, now, mail_link(token), hr_link_id=link.id))
        note(unit, actor, "hr.invite", f"{email} ({role})", now)
        return token


def _give_cohorts(unit: ConsoleUnit, user_id: int, cohort_ids: Sequence[int]) -> None:
    for cohort_id in set(cohort_ids) - unit.accounts.cohort_ids(user_id):
        if unit.enrolment.cohort(cohort_id) is None:
            raise Refused("no_such_cohort")
        unit.add(HrAccess(user_id, cohort_id))


def invited(deps: HrDeps, token: str, now: datetime) -> str:
    """Return the address that a link is for. Raises Refused for a used or expired one."""
    with deps.open() as unit:
        return _by_link(unit, token, now)[1].email


def choose_password(deps: HrDeps, token: str, password: str, now: datetime) -> None:
    """Set the password of whom the link is for; the link is used up. Raises Refused."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Refused("password_length", least=MIN_PASSWORD)
    with deps.open() as unit:
        link, user = _by_link(unit, token, now)
        user.password_hash = deps.passwords.hash(password)
        assert user.id is not None
        unit.delete(link)
        note(unit, actor_of(unit, user), "hr.password", user.email, now)


def _by_link(unit: ConsoleUnit, token: str, now: datetime) -> tuple[HrLink, HrUser]:
    link = unit.accounts.link(digest(token))
    user = unit.accounts.user(link.hr_user_id) if link and link.expires_at > now else None
    if link is None or user is None or user.removed_at is not None:
        raise Refused("link_spent")
    return link, user


def remove(deps: HrDeps, actor: Actor, email: str, now: datetime) -> None:
    """Let somebody of HR in no more; their sessions end at once. Raises Refused.

    The last administrator stays: else nobody could invite another.
    """
    only_administrators(actor)
    with deps.open() as unit:
        user = unit.accounts.user_by_email(email.strip().lower())
        if user is None or user.removed_at is not None or user.id is None:
            raise Refused("no_such_user", email=email[:80])
        others = [one for one in unit.accounts.users() if one.id != user.id]
        if not any(one.role is HrRole.ADMINISTRATOR for one in others):
            raise Refused("last_administrator")
        user.removed_at, user.password_hash = now, None
        unit.accounts.close_sessions(user.id)
        note(unit, actor, "hr.remove", user.email, now)


def users(deps: HrDeps, actor: Actor) -> list[HrUser]:
    """Return all who may sign in."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return unit.accounts.users()


def mails(deps: HrDeps, actor: Actor) -> Mapping[int, Mail]:
    """Return the mails with links that were not followed yet, by who they are for."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return unit.mails.of_links()
