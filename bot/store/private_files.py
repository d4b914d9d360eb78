"""Files that only their owner can read, written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def create(path: Path, text: str) -> None:
    """Write a file unless there is one by now: of two first starts, only one writes it.

    Raises OSError, naming the file, when the folder cannot be written.
    """
    draft = _draft(path, text)
    try:
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _settle(path.parent)


def replace(path: Path, text: str) -> None:
    """Write a file anew: a crash leaves the old one or the new one. Raises OSError."""
    _draft(path, text).replace(path)
    _settle(path.parent)


def _draft(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _settle(folder: Path) -> None:
    """Make a file's new name outlive a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
