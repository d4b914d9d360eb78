"""The commands of the chat and the intents they stand for."""

import json
import re

from bot.usecases.clarify import NONE
from bot.usecases.messages import Deed, Incoming, Told

# Shown in Telegram's menu, with a description in each language.
MENU = {
    "start": "arrive",
    "test": "start_test",
    "practices": "list_practices",
    "reflect": "reflect_now",
    "checkin": "check_in",
    "plans": "see_plans",
    "progress": "see_progress",
    "history": "see_history",
    "next": "see_next",
    "settings": "see_settings",
    "help": "ask_help",
    "language": "choose_language",
    "privacy": "ask_privacy",
    "export": "export_data",
    "delete": "delete_data",
    "stop": "stop",
}
COMMANDS = MENU | {
    "why": "ask_why",
    "skip": "skip",
    "back": "go_back",
    "later": "later",
    "resume": "resume",
}
NOT_UNDERSTOOD = "nlu_fallback"
_COMMAND = re.compile(r"/([a-zA-Z]\w*)(?:@\w+)?(?=\s|$)", re.ASCII)
# What Telegram sends when somebody follows a link such as t.me/leo_bot?start=TOKEN.
_TOKEN = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.ASCII | re.IGNORECASE)
_INTENTS = {
    Told.PRESS: "/press",
    Told.EDIT: "/edit_message",
    Told.MEDIA: "/send_media",
}


def read_text(text: str) -> tuple[Told, str]:
    """Return what a typed text is: a command with its intent, or words.

    A command that Leo does not know, sent alone, is none of somebody's words.
    """
    found = _COMMAND.match(text)
    intent = COMMANDS.get(found[1].lower()) if found else None
    if found and (intent or found.end() == len(text.rstrip())):
        return Told.COMMAND, intent or NOT_UNDERSTOOD
    return Told.TEXT, text


def read_token(text: str) -> str:
    """Return the token that came with /start, or nothing. It is a secret: never log it."""
    found = _TOKEN.fullmatch(text)
    return found[1] if found else ""


def for_rasa(incoming: Incoming) -> str:
    """Return the message for the Rasa server.

    Rasa reads a leading slash as an intent, so nobody's own words may begin with one.
    """
    if incoming.told is Told.COMMAND:
        return f"/{incoming.text}"
    if incoming.told is Told.TEXT:
        return re.sub(r"^[\s/]+", "", incoming.text) or f"/{NOT_UNDERSTOOD}"
    if deed := incoming.deed:
        return _asked_for(deed)
    return _INTENTS[incoming.told]


def _asked_for(deed: Deed) -> str:
    if deed.intent == NONE:
        return f"/{NOT_UNDERSTOOD}"
    entities = json.dumps({"practice": deed.about}) if deed.about else ""
    return f"/{deed.intent}{entities}"
