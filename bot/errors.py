"""The one root of Leo's errors: each says what happened, where, and how to mend it."""


class LeoError(Exception):
    """Something went wrong that a person can mend."""

    def __init__(self, message: str | None = None) -> None:
        """Take the message; the class's docstring is the default one."""
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(LeoError):
    """A setting is missing or wrong. Run `leo doctor` to see them all."""


class SupportError(LeoError):
    """A file of contacts for people in distress cannot be used."""


class PracticeError(LeoError):
    """A practice file is not valid. Run `leo practices check` to see why."""


class KeyMismatch(LeoError):
    """The encryption key does not open this database. Nothing was changed."""


class DatabaseUnusable(LeoError):
    """The database cannot be opened or written."""


class DialogueUnavailable(LeoError):
    """The Rasa server does not answer right now."""


class TurnFailed(LeoError):
    """A message could not be worked on; it is kept and will be tried again."""


class TelegramRefused(LeoError):
    """Telegram refuses this bot."""
