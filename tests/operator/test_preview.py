"""Trying a practice in the terminal."""

import shutil

import pytest

from bot.coaching.practice import LANGUAGES
from bot.settings import ROOT
from bot.texts.practices import load_library
from tests.operator.conftest import Operator

RITUAL = load_library(ROOT / "data")["ritual"]
SKIP_ALL = "/skip\n" * len(RITUAL.steps)


@pytest.mark.parametrize("language", LANGUAGES)
def test_walked_to_its_end(operator: Operator, language: str) -> None:
    """A practice is walked in either language, ends by itself, and leaves nothing behind."""
    words = ("practices", "preview", "ritual", "--language", language)
    done = operator.leo(*words, stdin="/why\n" + SKIP_ALL + "what comes after the end is not read")
    assert done.status == 0, done
    assert RITUAL.title[language] in done.out
    assert any(reason in done.out for reason in RITUAL.steps[0].why[language])
    assert not operator.var.exists()
    assert "Traceback" not in done.err


def test_a_file_that_stands_elsewhere(operator: Operator) -> None:
    """A coach tries a file before it is put where Leo reads it."""
    text = (ROOT / "data/practices/ritual.yml").read_text().replace("id: ritual", "id: rite", 1)
    (operator.folder / "rite.yml").write_text(text)
    done = operator.leo("practices", "preview", "rite", "--file", "rite.yml", stdin=SKIP_ALL)
    assert done.status == 0, done
    assert RITUAL.title["en"] in done.out


def test_somebody_elses_database_is_left_alone(in_use: Operator) -> None:
    """The settings of a Leo in use lead a preview nowhere."""
    before = in_use.files()
    in_use.leo(
        "practices",
        "preview",
        "ritual",
        stdin=SKIP_ALL,
        DATABASE_URL=f"sqlite:///{in_use.database}",
        DATA_DIR=str(in_use.var),
    )
    assert in_use.files() == before
    shutil.rmtree(in_use.var)


def test_unknown(operator: Operator) -> None:
    """A name that no file has is refused with the way to all names."""
    line = operator.leo("practices", "preview", "moonwalk").refusal()
    assert "moonwalk" in line
    assert "leo practices page" in line
