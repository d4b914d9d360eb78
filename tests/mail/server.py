"""A real mail server in the test process, which treats each address as its name says."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bot.settings import SmtpServer

USER, PASSWORD = "leo", "hush-hush"
# What an address whose name begins so is answered.
RECIPIENTS = {
    "unknown": "550 5.1.1 <{address}> User unknown here",
    "plain": "550 no such user <{address}>",
    "full": "552 5.2.2 <{address}> Mailbox full",
    "later": "450 4.2.0 <{address}> Greylisted, try again",
}
CONTENTS = {"policy": "554 5.7.1 Looks like spam to <{address}>"}


@dataclass
class MailServer:
    """What it took, and how it behaves: `dead` closes each connection before it answers a mail."""

    taken: list[EmailMessage] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    dead: bool = False
    forgiving: bool = False
    signed_in: bool = False
    controller: Any = None

    @property
    def address(self) -> SmtpServer:
        return SmtpServer("127.0.0.1", self.controller.server.sockets[0].getsockname()[1], False)

    def to(self) -> list[str]:
        return [mail["To"] for mail in self.taken]

    async def handle_MAIL(  # noqa: N802  # As the library calls it.
        self, _server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.signed_in and not session.authenticated:
            return "530 5.7.0 Please sign in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Fine"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.append(address)
        told = self._told(RECIPIENTS, address)
        if told is None:
            envelope.rcpt_tos.append(address)
        return told or "250 2.1.5 Fine"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        told = self._told(CONTENTS, address)
        if told is not None:
            return told
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        if self.dead:
            server.transport.abort()
        return "250 2.0.0 Taken"

    def _told(self, how: dict[str, str], address: str) -> str | None:
        kind = address.partition("@")[0].partition("-")[0]
        if self.forgiving or kind not in how:
            return None
        return how[kind].format(address=address)


class AnyPort(Controller):
    """Listens where there is room, and knocks there to see whether it is ready."""

    def _trigger_server(self) -> None:
        with socket.create_connection(self.server.sockets[0].getsockname(), 5) as knock:
            knock.recv(100)


@contextmanager
def mail_server(*, signed_in: bool = False) -> Iterator[MailServer]:
    """Give a mail server; with `signed_in` it takes mails only from who knows the password."""
    server = MailServer(signed_in=signed_in)

    def authenticate(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> Any:
        fits = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=fits, handled=False)

    server.controller = AnyPort(
        server,
        hostname="127.0.0.1",
        port=0,
        auth_require_tls=False,
        authenticator=authenticate if signed_in else None,
    )
    server.controller.start()
    try:
        yield server
    finally:
        server.controller.stop()
