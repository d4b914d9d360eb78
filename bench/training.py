"""Training: how long it takes, and what the model understands that it was not trained on."""

from pathlib import Path

from bench import leo
from bench.report import Measured, Row, tell

ROWS = (
    Row(
        "train",
        "training",
        "s",
        "The whole process, from nothing.",
        at_most=40,
        stock="stock train",
    ),
    *(
        Row(f"{language} {name}", f"{title}, {language}", "%", meaning)
        for language in ("en", "fr")
        for name, title, meaning in (
            (
                "right at once",
                "understood right at once",
                "Of the lines in `tests/nlu`, which the model has not seen. More: "
                "`rasa_server/evaluate.py`.",
            ),
            ("wrong deed", "wrong deed", "Taken for something that would be done, not meant."),
            (
                "reflections taken for a command",
                "reflections taken for a command",
                "At a question that asks for free words.",
            ),
        )
    ),
)


def measure(folder: Path, *, quick: bool) -> Measured:
    """Train Leo’s model and examine it; a quick run can leave nothing out."""
    tell("Training Leo’s model …")
    models = folder / "training"
    models.mkdir()
    seconds = leo.train(models)
    return {"train": seconds, **leo.understanding(models / "leo.tar.gz")}
