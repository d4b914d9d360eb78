"""The commands of the chat and the intents they stand for."""

from bot.usecases.messages import Incoming, Told

# Shown in Telegram's menu, with a description in each language.
MENU = {
    "start": "arrive",
    "test": "start_test",
    "progress": "see_progress",
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
_INTENTS = {
    Told.PRESS: "/press",
    Told.EDIT: "/edit_message",
    Told.MEDIA: "/send_media",
}


def read_text(text: str) -> tuple[Told, str]:
    """Return what a typed text is: a command with its intent, or words."""
    if text.startswith("/"):
        name = text[1:].split(maxsplit=1)[0].split("@")[0].lower() if text[1:].strip() else ""
        if name in COMMANDS:
            return Told.COMMAND, COMMANDS[name]
    return Told.TEXT, text


def for_rasa(incoming: Incoming) -> str:
    """Return the message for the Rasa server.

    Rasa reads a leading slash as an intent, so nobody's own words may begin with one.
    """
    if incoming.told is Told.COMMAND:
        return f"/{incoming.text}"
    if incoming.told is Told.TEXT:
        return incoming.text.lstrip("/ \n\t") or "/nlu_fallback"
    return _INTENTS[incoming.told]
