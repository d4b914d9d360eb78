"""The model understands no worse than when its marks were last kept."""

import subprocess
from pathlib import Path

import pytest

from bot.dialogue.model import ensure_model, python

ROOT = Path(__file__).parents[2]


def test_no_mark_has_fallen(capsys: pytest.CaptureFixture[str]) -> None:
    """On lines that it has not learnt from, per language, every mark is at least the one kept."""
    model = ensure_model(ROOT, print)
    done = subprocess.run(  # our own interpreter and script
        [str(python(ROOT)), "evaluate.py", str(model)],
        cwd=ROOT / "rasa_server",
        capture_output=True,
        text=True,
        check=False,
    )
    with capsys.disabled():
        print(done.stdout)
    assert done.returncode == 0, done.stdout.splitlines()[-5:] or done.stderr[-2000:]
