"""The trained model: its name follows from what it was trained on, so a stale one is noticed."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.errors import PracticeError, SettingsError

TELL_EVERY_S = 10
SOURCES = (
    "rasa_server/config.yml",
    "rasa_server/uv.lock",
    "rasa_server/leo_rasa/*.py",
    "rasa_server/leo_rasa/*.yml",
    "domain/**/*.yml",
    "data/nlu/**/*.yml",
    "data/rules/**/*.yml",
)


def python(root: Path) -> Path:
    """Return the Rasa server's own Python. Raises SettingsError when it is not set up."""
    path = root / "rasa_server" / ".venv" / "bin" / "python"
    if not path.exists():
        raise SettingsError(
            "The Rasa server's environment (Python 3.10) is not set up. Run `make setup`."
        )
    return path


def find_sentences(root: Path, name: str) -> Path:
    """Return the folder of a sentence model. Raises SettingsError saying how to mend it."""
    given = Path(name).expanduser()
    done = subprocess.run(  # noqa: S603  # our own interpreter and script
        [
            str(python(root)),
            "serve.py",
            "sentences",
            str(given.resolve() if given.exists() else name),
        ],
        cwd=root / "rasa_server",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SettingsError(done.stderr.strip())
    return Path(done.stdout.strip())


def fingerprint(root: Path, sentences: Path | None = None) -> str:
    """Return a short hash over everything the model is trained on."""
    digest = hashlib.sha256()
    for file in _sources(root):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    for practice, wanted in _wanted(root):
        digest.update(json.dumps([practice, wanted]).encode() + b"\0")
    for file in sorted(sentences.rglob("*")) if sentences else []:
        # A model may be gigabytes: its files' names, sizes and times tell it well enough.
        stat = file.stat()
        digest.update(json.dumps([str(file), stat.st_size, stat.st_mtime_ns]).encode() + b"\0")
    return digest.hexdigest()[:12]


def _wanted(root: Path) -> Iterator[tuple[Any, Any]]:
    """Yield how each practice is asked for: the one part of its file that the model learns."""
    for file in sorted(root.glob("data/practices/*.yml")):
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError):
            raise PracticeError(f"{file}: this is not readable YAML.") from None
        if isinstance(content, dict):
            yield content.get("id"), content.get("wanted")


def _sources(root: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(root.glob(pattern))


def model_path(root: Path, sentences: Path | None = None) -> Path:
    """Return where the model for the present sources lies or will lie."""
    return root / "rasa_server" / "models" / f"leo-{fingerprint(root, sentences)}.tar.gz"


def _follow(training: subprocess.Popen[str], tell: Callable[[str], None]) -> str:
    """Return what a process prints, telling every few seconds that it is still at work."""
    seconds = 0
    while True:
        try:
            return training.communicate(timeout=TELL_EVERY_S)[0]
        except subprocess.TimeoutExpired:
            seconds += TELL_EVERY_S
            tell(f"  … {seconds} s")


def ensure_model(
    root: Path, tell: Callable[[str], None], sentence_model: str | None = None
) -> Path:
    """Train the model if it is missing or stale, telling of it; return its path.

    Raises SettingsError when the training fails, with its last lines, or when the sentence model
    cannot be used.
    """
    sentences = find_sentences(root, sentence_model) if sentence_model else None
    path = model_path(root, sentences)
    if path.exists():
        return path
    tell(f"Training the language model (some {'minutes' if sentences else 'seconds'}, once) …")
    command = [str(python(root)), "serve.py", "train", str(path.parent), path.name]
    with subprocess.Popen(  # noqa: S603  # our own interpreter and script
        command,
        cwd=root / "rasa_server",
        env={**os.environ, "LEO_SENTENCE_MODEL": str(sentences or "")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as training:
        output = _follow(training, tell)
    if training.returncode != 0 or not path.exists():
        tail = "\n".join(output.splitlines()[-15:])
        raise SettingsError(f"The language model could not be trained:\n{tail}")
    for stale in path.parent.glob("leo-*.tar.gz"):
        if stale != path:
            stale.unlink(missing_ok=True)
    return path


if __name__ == "__main__":
    # For `make nlu`: the path of the model, trained if need be.
    print(ensure_model(Path(__file__).parents[2], lambda line: print(line, file=sys.stderr)))
