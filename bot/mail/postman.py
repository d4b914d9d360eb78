"""The postman: looks what mails are due and hands them to the mail server, one after the other."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address

import aiosmtplib
import structlog

from bot.logs import where_it_failed
from bot.mail.answers import about_trouble
from bot.mail.writing import Unwritable, Write, mail_of
from bot.settings import SmtpServer
from bot.usecases import post
from bot.usecases.ports.console import OpenConsole
from bot.usecases.post import TAKEN, Answer, Envelope

log = structlog.get_logger()

LOOK_S = 5.0
# For one step, such as connecting. All of them together stay below `post.HOLD`.
STEP_S = 45.0
# A stop waits so long for the answer about a mail that is on its way.
LAST_ANSWER_S = 5.0


def client(server: SmtpServer, timeout_s: float = STEP_S) -> aiosmtplib.SMTP:
    """Return a client of a mail server, not connected yet.

    A password goes over an encrypted connection only, but for a server on this machine.
    """
    must_encrypt = server.user is not None and not server.is_here
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.encrypted,
        start_tls=False if server.encrypted else True if must_encrypt else None,
        timeout=timeout_s,
    )


class Postman:
    """Sends the mails that wait."""

    def __init__(
        self,
        open_unit: OpenConsole,
        server: SmtpServer,
        sender: Address,
        write: Write,
        now: Callable[[], datetime],
    ) -> None:
        """Take the queue, the mail server, the sender, what writes mails, what tells the time."""
        self._open, self._server, self._sender = open_unit, server, sender
        self._write, self._now = write, now

    async def run(self) -> None:
        """Look for mails until cancelled. What goes wrong is logged, and tried again."""
        while True:
            try:
                await self.round()
            except Exception as error:
                log.error("mail.failed", error=where_it_failed(error))
            await asyncio.sleep(LOOK_S)

    async def round(self) -> None:
        """Send what is due over one connection, until there is nothing, or trouble with it."""
        if not await asyncio.to_thread(post.is_due, self._open, self._now()):
            return
        smtp = client(self._server)
        try:
            while await self._to_its_end(smtp):
                pass
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit()
            smtp.close()

    async def _to_its_end(self, smtp: aiosmtplib.SMTP) -> bool:
        """Send one mail; a stop waits a moment, so that its answer is still noted."""
        sending = asyncio.create_task(self._one(smtp))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait([sending], timeout=LAST_ANSWER_S)
            raise

    async def _one(self, smtp: aiosmtplib.SMTP) -> bool:
        """Send the next mail; tell whether to go on."""
        envelope = await asyncio.to_thread(post.take, self._open, self._now())
        if envelope is None:
            return False
        answer = await self._send(smtp, envelope)
        await asyncio.to_thread(post.note_answer, self._open, envelope, answer, self._now())
        return answer.about_this_mail

    async def _send(self, smtp: aiosmtplib.SMTP, envelope: Envelope) -> Answer:
        try:
            mail = mail_of(envelope, self._sender, self._write, self._now())
            if not smtp.is_connected:
                await smtp.connect()
            await smtp.send_message(mail)
        except (Unwritable, aiosmtplib.SMTPException, OSError) as error:
            answer = about_trouble(error)
            log.warning(
                "mail.not_taken", mail=envelope.mail_id, trouble=answer.trouble, code=answer.code
            )
            return answer
        log.info("mail.sent", mail=envelope.mail_id)
        return TAKEN


async def greet(server: SmtpServer, timeout_s: float) -> Answer:
    """Return what a mail server says to Leo: greeting, encryption, sign-in. Nothing is sent."""
    smtp = client(server, timeout_s)
    try:
        await smtp.connect()
        if smtp.is_ehlo_or_helo_needed:
            await smtp.ehlo()
        with suppress(aiosmtplib.SMTPException, OSError):
            await smtp.quit()
    except (aiosmtplib.SMTPException, OSError) as error:
        return about_trouble(error)
    finally:
        smtp.close()
    return TAKEN
