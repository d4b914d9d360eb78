"""What a mail server's answer, or its silence, means for a mail."""

import re

import aiosmtplib

from bot.mail.writing import Unwritable
from bot.usecases.post import Answer
from bot.usecases.records import Trouble

# "5.1.1" at the start of an answer says more than its code (RFC 3463).
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_ADDRESS = ("5.1.",)
_MAILBOX_FULL = ("5.2.2",)
# Of an answer without the longer code.
_BY_CODE = {
    550: Trouble.NO_SUCH_ADDRESS,
    551: Trouble.NO_SUCH_ADDRESS,
    552: Trouble.MAILBOX_FULL,
    553: Trouble.NO_SUCH_ADDRESS,
}


def about_the_mail(code: int, text: str) -> Answer:
    """Return what an answer to the address or to the mail itself means."""
    found = _ENHANCED.match(text)
    enhanced = found[1] if found else ""
    told = f"{code} {enhanced}".strip()
    if code < 500:
        return Answer(Trouble.LATER, told)
    if enhanced.startswith(_NO_SUCH_ADDRESS):
        trouble = Trouble.NO_SUCH_ADDRESS
    elif enhanced.startswith(_MAILBOX_FULL):
        trouble = Trouble.MAILBOX_FULL
    elif enhanced:
        trouble = Trouble.TURNED_AWAY
    else:
        trouble = _BY_CODE.get(code, Trouble.TURNED_AWAY)
    return Answer(trouble, told, for_good=True)


def about_trouble(error: Exception) -> Answer:
    """Return what an error on the way means: for this mail, or for all of them."""
    match error:
        case Unwritable():
            return Answer(Trouble.NO_SUCH_ADDRESS, for_good=True)
        case aiosmtplib.SMTPRecipientsRefused():
            first = error.recipients[0]
            return about_the_mail(first.code, first.message)
        case aiosmtplib.SMTPDataError():
            return about_the_mail(error.code, error.message)
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPHeloError():
            return Answer(Trouble.UNREACHABLE)
        case aiosmtplib.SMTPResponseException():
            # Sign-in or sender: it is Leo that is not wanted, or not now.
            return Answer(Trouble.NOT_LET_IN, str(error.code))
        case aiosmtplib.SMTPNotSupported():
            return Answer(Trouble.NOT_LET_IN)
        case _:
            return Answer(Trouble.UNREACHABLE)
