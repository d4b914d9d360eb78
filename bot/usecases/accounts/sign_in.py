"""Sign in, be recognised, sign out. Failed attempts are limited by account and by address."""

from datetime import datetime, timedelta

from bot.usecases.hr import Actor, HrDeps, Refused, actor_of, note
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import HrAttempt, HrRole, HrSession, HrUser
from bot.usecases.tokens import digest, new_token

SESSION_LASTS = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
MOST_BY_ACCOUNT = 5
# Several of HR may share an address.
MOST_BY_ADDRESS = 30


def sign_in(deps: HrDeps, email: str, password: str, address: str, now: datetime) -> str:
    """Return the token of a new session. Raises Refused, alike for a wrong address or password.

    `address` is where the browser is; it is kept as a hash for a quarter of an hour.
    """
    email = email.strip().lower()
    keys = (digest(f"account:{email}"), digest(f"address:{address}"))
    with deps.open() as unit:
        _check_attempts(unit, keys, now)
        user = unit.accounts.user_by_email(email)
        password_hash = user.password_hash if user else None
    # Slow on purpose, so outside of a transaction.
    fits = deps.passwords.fits(password, password_hash)
    with deps.open() as unit:
        user = unit.accounts.user_by_email(email)
        if fits and user and user.password_hash == password_hash:
            return begin_session(unit, user, now)
        for key in keys:
            unit.add(HrAttempt(key, now))
        who = Actor(email if user else "", HrRole.FACILITATOR)
        note(unit, who, "hr.sign_in_failed", "", now)
    raise Refused("sign_in_wrong")


def _check_attempts(unit: ConsoleUnit, keys: tuple[str, str], now: datetime) -> None:
    unit.accounts.forget_attempts(now - WINDOW)
    by_account, by_address = (unit.accounts.attempts(key, now - WINDOW) for key in keys)
    if by_account >= MOST_BY_ACCOUNT or by_address >= MOST_BY_ADDRESS:
        raise Refused("sign_in_too_often")


def begin_session(unit: ConsoleUnit, user: HrUser, now: datetime, how: str = "") -> str:
    """Return the token of a new session of somebody; `how` they signed in is for the log."""
    assert user.id is not None
    token = new_token()
    unit.add(HrSession(user.id, digest(token), now + SESSION_LASTS))
    note(unit, actor_of(unit, user), "hr.sign_in", how, now)
    return token


def recognise(deps: HrDeps, token: str, now: datetime) -> Actor | None:
    """Return who holds a session's token, or None when it is none or has ended."""
    with deps.open(Mode.READ) as unit:
        session = unit.accounts.session(digest(token))
        user = unit.accounts.user(session.hr_user_id) if session else None
        if session is None or user is None or session.ends_at <= now or user.removed_at:
            return None
        return actor_of(unit, user)


def sign_out(deps: HrDeps, actor: Actor, token: str, now: datetime) -> None:
    """End a session."""
    with deps.open() as unit:
        session = unit.accounts.session(digest(token))
        if session is not None:
            unit.delete(session)
            note(unit, actor, "hr.sign_out", "", now)


def speak(deps: HrDeps, actor: Actor, language: str) -> None:
    """Remember in which language somebody reads the console."""
    with deps.open() as unit:
        user = unit.accounts.user(actor.user_id) if actor.user_id is not None else None
        if user is not None:
            user.language = language
