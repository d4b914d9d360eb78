"""A envelope as a mail: text and HTML, with the link as a code to scan."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

import segno

from bot.usecases.post import Envelope, EnvelopeKind

_QR = "code"


class Unwritable(Exception):
    """An address that looks like one, and is none."""


@dataclass(frozen=True)
class Written:
    """The words of a envelope."""

    subject: str
    text: str
    html: str


# Writes a envelope; the name is that of the picture with the code in the HTML, if there is one.
type Write = Callable[[Envelope, str | None], Written]


def mail_of(envelope: Envelope, sender: Address, write: Write, now: datetime) -> EmailMessage:
    """Return a envelope as a mail. Tried again, it is the same mail: its number stays.

    Raises Unwritable when nothing can be sent to the address.
    """
    code = _QR if envelope.kind is EnvelopeKind.INVITATION else None
    written = write(envelope, code)
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = _only(envelope.address)
    mail["Subject"] = written.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<leo.{envelope.key}@{sender.domain}>"
    mail["Content-Language"] = envelope.language
    # No out-of-office answers, please (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
    if code is not None:
        *_, html = mail.iter_parts()
        assert isinstance(html, MIMEPart)
        html.add_related(_picture(envelope.link), "image", "png", cid=f"<{code}>")
    return mail


def _only(text: str) -> Address:
    """Return an address that is read as itself, never as several or as a group.

    Before the @ stand plain letters, and a domain with others is written as mail servers know
    it: few of them take more.
    """
    user, _, domain = text.rpartition("@")
    try:
        return Address(addr_spec=f"{user}@{domain.encode('idna').decode()}")
    except (ValueError, MessageError):
        raise Unwritable from None


def _picture(link: str) -> bytes:
    png = io.BytesIO()
    segno.make(link, error="m").save(png, kind="png", scale=5)
    return png.getvalue()
