"""Invitations by mail, over a real mail server: sent, turned away, put off, and never twice."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.mail import postman
from bot.settings import SmtpServer
from bot.usecases import post
from bot.usecases.accounts import invite
from bot.usecases.cohorts import care, create, invitations
from bot.usecases.hr import THE_SHELL
from bot.usecases.records import CohortState, HrRole, MailState, Trouble
from bot.usecases.tokens import digest
from tests.console.conftest import COHORT
from tests.mail.conftest import LINK, Desk
from tests.mail.server import PASSWORD, USER, mail_server

N = "\u00a0"


def rounds(desk: Desk, times: int = 1) -> None:
    """Let the postman look at the queue."""

    async def work() -> None:
        one = desk.postman()
        for _ in range(times):
            await one.round()

    asyncio.run(work())


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def token_in(mail: EmailMessage) -> str:
    found = re.search(r"start=([\w-]{43})\n", body(mail, "plain"))
    assert found
    return found[1]


def counts_as(desk: Desk, token: str) -> bool:
    """Tell whether a token is that of an invitation."""
    with desk.deps.open() as unit:
        ids = [one.id for one in unit.enrolment.members(desk.cohort_id) if one.id is not None]
        hashes = {one.token_hash for one in unit.enrolment.invitations(ids).values()}
    return digest(token) in hashes


def test_an_invitation_arrives(desk: Desk) -> None:
    """Each gets a mail in their own language, else the cohort's, with their link and its end."""
    desk.enrols(("Ana Ruiz", "ana@example.org", "en"), ("Théo & Co", "theo@example.org", ""))
    assert desk.sends() == 2
    assert desk["Ana Ruiz"].state is MailState.WAITING
    rounds(desk)
    ana, theo = desk.server.taken
    assert (ana["To"], ana["From"]) == ("ana@example.org", "Leo <leo@example.org>")
    assert ana["Subject"] == "Your invitation to Leo, for “Lyon”"
    assert "Hello Ana Ruiz," in body(ana, "plain")
    assert "until Friday 25 December 2026" in body(ana, "plain")
    assert theo["Subject"] == f"Votre invitation à Leo, pour «{N}Lyon{N}»"
    assert "jusqu’au vendredi 25 décembre 2026" in body(theo, "plain")
    assert "Théo &amp; Co" in body(theo, "html")
    assert counts_as(desk, token_in(ana)) and token_in(ana) != token_in(theo)
    assert [desk[name].state for name in ("Ana Ruiz", "Théo & Co")] == [MailState.SENT] * 2


def test_a_domain_in_any_letters(desk: Desk) -> None:
    """A domain with other letters is written as mail servers know it."""
    desk.enrols(("Ana", "ana@é.example.org", "en"))
    desk.sends()
    rounds(desk)
    assert desk["Ana"].state is MailState.SENT
    assert desk.server.asked == ["ana@xn--9ca.example.org"]


def test_the_code_to_scan_comes_along(desk: Desk) -> None:
    """The link comes as text, as a button, and as a picture with words for who cannot see it."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    rounds(desk)
    [mail] = desk.server.taken
    html = body(mail, "html")
    link = LINK + token_in(mail)
    assert f'href="{link}"' in html
    assert '<img src="cid:code"' in html and 'alt="A code' in html
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<code>"
    assert picture.get_content().startswith(b"\x89PNG")
    assert not re.search(r"<(?:script|link)|src=\"http", html)


def test_nobody_gets_two(desk: Desk) -> None:
    """Pressing the button again, and the next look at the queue, send nothing more."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    assert desk.sends() == 1
    assert desk.sends() == 0
    desk.sends_one("Ana")
    rounds(desk, 2)
    assert desk.sends() == 0
    rounds(desk)
    assert desk.server.to() == ["ana@example.org"]
    desk.sends_one("Ana")
    rounds(desk)
    assert desk.server.to() == ["ana@example.org"] * 2
    assert not counts_as(desk, token_in(desk.server.taken[0]))


def test_after_a_month_another_one_may_go(desk: Desk) -> None:
    """Whose link has expired may be sent another mail, with a good link."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    rounds(desk)
    desk.later(days=31)
    assert desk.sends() == 1


@pytest.mark.parametrize(
    ("address", "trouble", "code"),
    [
        ("unknown@example.org", Trouble.NO_SUCH_ADDRESS, "550 5.1.1"),
        ("plain@example.org", Trouble.NO_SUCH_ADDRESS, "550"),
        ("full@example.org", Trouble.MAILBOX_FULL, "552 5.2.2"),
        ("policy@example.org", Trouble.TURNED_AWAY, "554 5.7.1"),
        # Never handed over: they look like addresses, and are none.
        ("zoé@example.org", Trouble.NO_SUCH_ADDRESS, None),
        ("a..b@example.org", Trouble.NO_SUCH_ADDRESS, None),
        ("ana:kim@example.org", Trouble.NO_SUCH_ADDRESS, None),
    ],
)
def test_what_comes_back_is_shown(
    desk: Desk, address: str, trouble: Trouble, code: str | None
) -> None:
    """A refusal for good is shown with its reason, holds nobody else up, and is not repeated."""
    desk.enrols(("Ana", address, "en"), ("Kim", "kim@example.org", "en"))
    desk.sends()
    with capture_logs() as logs:
        rounds(desk)
    ana = desk.looks().people[0]
    assert (ana.name, ana.state, ana.reason, ana.code) == ("Ana", MailState.BOUNCED, trouble, code)
    assert desk.server.to() == ["kim@example.org"]
    assert (desk.looks().bounced, desk.looks().sent, desk.looks().in_need) == (1, 1, 0)
    assert desk.sends() == 0
    assert "example.org" not in str(logs) and "Ana" not in str(logs)
    desk.later(days=3)
    rounds(desk)
    assert desk.server.to() == ["kim@example.org"]


def test_what_is_put_off_is_tried_again(desk: Desk) -> None:
    """After a 450 the same mail with the same link follows later, with growing pauses."""
    desk.enrols(("Ana", "later@example.org", "en"))
    desk.sends()
    rounds(desk, 2)
    assert desk.server.asked == ["later@example.org"]
    assert (desk["Ana"].state, desk["Ana"].reason) == (MailState.WAITING, Trouble.LATER)
    for pause in (1, 5, 15, 60):
        desk.later(minutes=pause - 0.5)
        asked = len(desk.server.asked)
        rounds(desk)
        assert len(desk.server.asked) == asked
        desk.later(minutes=0.5)
        rounds(desk)
        assert len(desk.server.asked) == asked + 1
    desk.server.forgiving = True
    desk.later(hours=4)
    rounds(desk)
    assert desk["Ana"].state is MailState.SENT and desk["Ana"].reason is None
    assert counts_as(desk, token_in(desk.server.taken[0]))


def test_after_two_days_it_is_given_up(desk: Desk) -> None:
    """What is put off for two days is given up, and the button offers it again."""
    desk.enrols(("Ana", "later@example.org", "en"))
    desk.sends()
    for _ in range(20):
        rounds(desk)
        desk.later(hours=4)
    assert (desk["Ana"].state, desk["Ana"].reason) == (MailState.BOUNCED, Trouble.LATER)
    asked = len(desk.server.asked)
    rounds(desk)
    assert len(desk.server.asked) == asked
    assert desk.looks().in_need == 1


def test_a_server_that_dies_before_its_answer(desk: Desk) -> None:
    """When the connection breaks before the answer, the same mail follows: same number, same link.

    This is the one way to a mail sent twice.
    """
    desk.enrols(("Ana", "ana@example.org", "en"), ("Kim", "kim@example.org", "en"))
    desk.sends()
    desk.server.dead = True
    rounds(desk)
    assert desk["Ana"].reason is Trouble.UNREACHABLE
    # A server that is in trouble is left alone until the next look.
    assert desk.server.to() == ["ana@example.org"]
    desk.server.dead = False
    rounds(desk)
    assert desk["Kim"].state is MailState.SENT
    desk.later(minutes=2)
    rounds(desk)
    first, _, again = desk.server.taken
    assert first["Message-ID"] == again["Message-ID"]
    assert token_in(first) == token_in(again) and counts_as(desk, token_in(again))
    assert desk["Ana"].state is MailState.SENT


def test_a_server_out_of_reach(desk: Desk) -> None:
    """While nobody answers, mails wait and the page says why; then they go."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    away = postman.client(SmtpServer("127.0.0.1", 1, False)).port
    assert away == 1
    worker = desk.postman()
    worker._server = SmtpServer("127.0.0.1", 1, False)
    asyncio.run(worker.round())
    assert (desk["Ana"].state, desk["Ana"].reason) == (MailState.WAITING, Trouble.UNREACHABLE)
    desk.later(minutes=1)
    rounds(desk)
    assert desk["Ana"].state is MailState.SENT


def test_killed_while_sending(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between handing over and noting, Leo sends once more, and not before ten minutes."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()

    class Killed(BaseException):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(post, "note_answer", kill)
        with pytest.raises(Killed):
            rounds(desk)
    assert desk.server.to() == ["ana@example.org"]
    desk.later(minutes=9)
    rounds(desk)
    assert desk.server.to() == ["ana@example.org"]
    desk.later(minutes=1)
    rounds(desk, 3)
    first, again = desk.server.taken
    assert first["Message-ID"] == again["Message-ID"] and token_in(first) == token_in(again)


def test_a_stop_waits_for_the_answer(desk: Desk) -> None:
    """Who stops Leo in the middle of a mail causes no second one: its answer is still noted."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()

    async def work() -> None:
        taken = asyncio.Event()
        loop = asyncio.get_running_loop()
        handle = desk.server.handle_DATA

        async def handle_and_tell(*args: Any) -> str:
            loop.call_soon_threadsafe(taken.set)
            return await handle(*args)

        desk.server.handle_DATA = handle_and_tell  # type: ignore[method-assign]
        task = asyncio.create_task(desk.postman().run())
        await taken.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())
    assert desk["Ana"].state is MailState.SENT


def test_two_postmen_send_once(desk: Desk) -> None:
    """Two that work at once over one database share the mails."""
    desk.enrols(*((f"P{n}", f"p{n}@example.org", "en") for n in range(12)))
    desk.sends()

    async def work() -> None:
        await asyncio.gather(desk.postman().round(), desk.postman().round())

    asyncio.run(work())
    assert sorted(desk.server.to()) == sorted(f"p{n}@example.org" for n in range(12))


def test_a_fresh_link_calls_the_mail_back(desk: Desk) -> None:
    """Links made anew for printing take the place of those in mails that wait."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    invitations.invite_all(desk.deps, THE_SHELL, desk.cohort_id, desk.now)
    rounds(desk)
    assert desk.server.taken == [] and desk["Ana"].state is None


def test_a_mail_goes_with_who_is_moved(desk: Desk) -> None:
    """Who is moved to another cohort gets the mail that waited, for the new one."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    wanted = create.Wanted(**{**COHORT, "name": "Paris"})
    desk.cohort_id = create.create(desk.deps, THE_SHELL, wanted, desk.now)
    desk.enrols(("Ana", "ana@example.org", "en"))
    assert desk["Ana"].state is MailState.WAITING
    rounds(desk)
    assert [mail["Subject"] for mail in desk.server.taken] == [
        "Your invitation to Leo, for “Paris”"
    ]


def test_a_closed_cohort_invites_nobody(desk: Desk) -> None:
    """What waits when a cohort is closed is dropped."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()
    care.become(desk.deps, THE_SHELL, desk.cohort_id, CohortState.CLOSED, desk.now)
    rounds(desk)
    assert desk.server.taken == []


def test_the_link_is_sealed_and_then_gone(desk: Desk) -> None:
    """No link can be read in the database: while it waits it is sealed, once sent it is gone."""
    desk.enrols(("Ana", "ana@example.org", "en"))
    desk.sends()

    def stored() -> bytes:
        with desk.engine.connect() as connection:
            links = connection.exec_driver_sql("SELECT link FROM mail").scalars().all()
            assert len(links) == 1
            return bytes(links[0] or b"")

    assert stored() and b"t.me" not in stored()
    rounds(desk)
    assert stored() == b""
    token = token_in(desk.server.taken[0]).encode()
    for file in desk.engine.url.database, f"{desk.engine.url.database}-wal":
        assert token not in Path(str(file)).read_bytes()


# --- the way to the server ------------------------------------------------------------------


def test_signing_in(desk: Desk) -> None:
    """Leo signs in where the mail server asks; a wrong password keeps the mails, and says why."""
    with mail_server(signed_in=True) as strict:
        desk.server = strict
        desk.enrols(("Ana", "ana@example.org", "en"))
        desk.sends()
        desk.user, desk.password = USER, "wrong"
        with capture_logs() as logs:
            rounds(desk)
        assert (desk["Ana"].state, desk["Ana"].reason) == (MailState.WAITING, Trouble.NOT_LET_IN)
        assert "wrong" not in str(logs)
        desk.password = PASSWORD
        desk.later(minutes=1)
        rounds(desk)
        assert strict.to() == ["ana@example.org"]


def test_a_password_is_never_sent_in_the_clear() -> None:
    """To another machine a password goes over an encrypted connection or not at all."""
    far = postman.client(SmtpServer("mail.example.org", 587, False, "leo", "hush"))
    assert far._start_tls_on_connect is True
    safe = postman.client(SmtpServer("mail.example.org", 465, True, "leo", "hush"))
    assert safe.use_tls is True


def test_greeting(desk: Desk) -> None:
    """A look at the mail server says whether it answers and lets Leo in; nothing is sent."""

    def greeted(server: SmtpServer) -> Trouble | None:
        return asyncio.run(postman.greet(server, 5.0)).trouble

    assert greeted(desk.server.address) is None
    assert greeted(SmtpServer("127.0.0.1", 1, False)) is Trouble.UNREACHABLE
    with mail_server(signed_in=True) as strict:
        port = strict.address.port
        assert greeted(SmtpServer("127.0.0.1", port, False, USER, PASSWORD)) is None
        assert greeted(SmtpServer("127.0.0.1", port, False, USER, "x")) is Trouble.NOT_LET_IN
    assert desk.server.asked == []


# --- people of HR ---------------------------------------------------------------------------


def test_hr_is_invited_by_mail(desk: Desk) -> None:
    """Somebody of HR gets their one-time link by mail; a newer link calls a mail back."""

    def invites() -> str:
        return invite.invite(
            desk.deps,
            THE_SHELL,
            "ada@example.org",
            HrRole.ADMINISTRATOR,
            desk.now,
            mail_link="https://leo.example.org/welcome/".__add__,
        )

    invites()
    token = invites()
    rounds(desk)
    [mail] = desk.server.taken
    assert f"https://leo.example.org/welcome/{token}\n" in body(mail, "plain")
    assert "until Saturday 28 November 2026, 9:00 (UTC)" in body(mail, "plain")
    [sent] = invite.mails(desk.deps, THE_SHELL).values()
    assert sent.state is MailState.SENT
    invite.choose_password(desk.deps, token, "four words make one", desk.now)
    assert invite.mails(desk.deps, THE_SHELL) == {}


def test_an_expired_link_is_not_sent(desk: Desk) -> None:
    """A mail whose link has expired in the queue is dropped."""
    invite.invite(
        desk.deps,
        THE_SHELL,
        "ada@example.org",
        HrRole.ADMINISTRATOR,
        desk.now,
        mail_link="https://leo.example.org/welcome/".__add__,
    )
    desk.later(hours=73)
    rounds(desk)
    assert desk.server.taken == []


def test_the_hold_is_longer_than_sending_takes() -> None:
    """No mail becomes due again while it is still being sent: all steps fit into the hold."""
    steps = 8  # Connect, greeting, encryption, greeting, sign-in, sender, recipient, content.
    assert timedelta(seconds=steps * postman.STEP_S) < post.HOLD
