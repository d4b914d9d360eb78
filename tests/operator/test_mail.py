"""Invitations by mail from the command line, and the scheduler that sends them."""

from pathlib import Path

import pytest

from tests.mail.server import MailServer, mail_server
from tests.operator.conftest import Operator
from tests.processes import Forked, Order, end
from tests.stack import TOKEN, wait_until
from tests.telegram.double import TelegramDouble

NAME = "leo_double_bot"
COHORT = ("--programme", "first-eight-weeks", "--start", "2027-01-11", "--language", "fr")


def test_from_the_list_to_the_mailbox(operator: Operator) -> None:
    """`leo cohort invites --mail` queues, a scheduler sends, and doing it again sends nothing."""
    people = operator.folder / "people.csv"
    people.write_text("name,email\nAna,ana@example.org\nKim,unknown@example.org\nZoe,\n")
    with TelegramDouble(token=TOKEN) as telegram, mail_server() as server:
        operator.env |= {
            "LEO_TELEGRAM_TOKEN": TOKEN,
            "LEO_TELEGRAM_API_URL": telegram.url,
            "LEO_SMTP_URL": f"smtp://127.0.0.1:{server.address.port}",
            "LEO_MAIL_FROM": "Leo <leo@example.org>",
        }
        operator.leo("cohort", "create", "Lyon", *COHORT).success()
        operator.leo("cohort", "import", "Lyon", str(people), "--yes").success()
        said = operator.leo("cohort", "invites", "Lyon", "--mail").success()
        assert "2 mails are queued" in said
        said = operator.leo("hr", "invite", "ada@example.org", "--mail").success()
        assert "A mail to ada@example.org is queued" in said
        assert "0 mails are queued" in operator.leo("cohort", "invites", "Lyon", "--mail").success()
        said = sent_by_the_scheduler(operator, server)
    ana, ada = server.taken
    assert (ana["To"], ada["To"]) == ("ana@example.org", "ada@example.org")
    assert ana["Subject"].startswith("Votre invitation à Leo")
    assert f"https://t.me/{NAME}?start=" in ana.as_string()
    assert "mail.sent" in said and "550 5.1.1" in said
    assert "example.org" not in said and "start=" not in said


def sent_by_the_scheduler(operator: Operator, server: MailServer) -> str:
    """Let a scheduler run until all mails are tried; return what it logged."""
    out, err = (operator.folder / name for name in ("out", "err"))
    order = Order(("run", "--only", "scheduler"), operator.folder, operator.env, out, err)
    scheduler = Forked(order)
    try:
        wait_until(lambda: len(server.asked) >= 3 and logged(err) >= 3, 60, "the mails")
    finally:
        end(scheduler)
    return err.read_text()


def logged(err: Path) -> int:
    return err.read_text().count('"mail.') if err.exists() else 0


@pytest.mark.parametrize(
    "words", [("cohort", "invites", "Lyon"), ("hr", "invite", "a@example.org")]
)
def test_without_a_mail_server(operator: Operator, words: tuple[str, ...]) -> None:
    """Without a mail server the command says which settings are missing, and makes no link."""
    said = operator.leo(*words, "--mail").refusal()
    assert "LEO_SMTP_URL" in said and "LEO_MAIL_FROM" in said
