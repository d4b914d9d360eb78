"""What is set, what is missing, and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import SecretStr

from bot import wiring
from bot.dialogue import model
from bot.errors import LeoError
from bot.settings import PREFIX, ROOT, Settings, load


@dataclass(frozen=True)
class Line:
    """One finding."""

    sound: bool
    text: str

    def __str__(self) -> str:
        """Return the finding with its mark."""
        return f"{'✓' if self.sound else '✗'} {self.text}"


def examine() -> Iterator[Line]:
    """Yield one finding after the other; nothing is changed."""
    try:
        settings = load()
    except LeoError as error:
        yield Line(False, str(error))
        return
    yield from _settings(settings)
    checks: dict[str, Callable[[Settings], str]] = {
        "Practices": lambda settings: f"{len(wiring.read_library(settings))} in order",
        "Rasa environment": lambda _: str(model.python(ROOT).relative_to(ROOT)),
        "Language model": _model,
        "Database": wiring.inspect_database,
    }
    for name, check in checks.items():
        yield _finding(name, check, settings)


def _settings(settings: Settings) -> Iterator[Line]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "set" if isinstance(value, SecretStr) else "not set" if value is None else value
        origin = "" if name in settings.model_fields_set else " (default)"
        yield Line(True, f"{PREFIX}{name.upper()} = {shown}{origin}: {field.description}")


def _model(settings: Settings) -> str:
    name = settings.sentence_model
    path = model.model_path(ROOT, model.find_sentences(ROOT, name) if name else None)
    return f"{path.name} is trained" if path.exists() else "will be trained on the next start"


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Line:
    try:
        return Line(True, f"{name}: {check(settings)}")
    except LeoError as error:
        return Line(False, f"{name}: {error}")
    except OSError as error:
        return Line(False, f"{name}: {error.filename} cannot be used: {error.strerror}.")
