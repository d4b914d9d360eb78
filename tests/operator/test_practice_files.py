"""Practice files with a mistake in them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.texts.practices import load_library
from bot.wiring import DATA
from tests.operator.conftest import Operator

type Mistake = Callable[[dict[str, Any]], None]


def step(practice: dict[str, Any], step_id: str) -> dict[str, Any]:
    """Return a step of a practice file."""
    found: dict[str, Any] = next(step for step in practice["steps"] if step["id"] == step_id)
    return found


def without_french(practice: dict[str, Any]) -> None:
    """A question in one language only."""
    del step(practice, "grown")["ask"]["fr"]


def with_an_unknown_value(practice: dict[str, Any]) -> None:
    """A text that uses what Leo does not know."""
    step(practice, "grown-seen")["again"]["en"] = "What did {{ boss }} do?"


def with_an_unknown_kind(practice: dict[str, Any]) -> None:
    """A step of a kind that does not exist."""
    step(practice, "wiser")["kind"] = "song"


def with_an_unclosed_brace(practice: dict[str, Any]) -> None:
    """A text whose template is not complete."""
    step(practice, "freer")["why"]["fr"][0] = "Parce que {{ about"


def with_nowhere_to_go(practice: dict[str, Any]) -> None:
    """A choice that leads to a step that is not there."""
    step(practice, "least")["choices"][0]["next"] = "moon"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of one's own."""
    for name in ("practices", "dialogues", "check-ins", "reflections", "programmes"):
        shutil.copytree(DATA / name, tmp_path / "data" / name)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (without_french, ["“grown”", "ask", "French"]),
        (with_an_unknown_value, ["“grown-seen”", "again", "en", "boss"]),
        (with_an_unknown_kind, ["“wiser”", "kind"]),
        (with_an_unclosed_brace, ["“freer”", "why", "fr"]),
        (with_nowhere_to_go, ["“least”", "moon"]),
    ],
)
def test_mistake(operator: Operator, data: Path, mistake: Mistake, said: list[str]) -> None:
    """The line names the file, the step and the language, in a form that leads to the place."""
    file = data / "practices" / "best-test.yml"
    practice = yaml.safe_load(file.read_text())
    mistake(practice)
    file.write_text(yaml.safe_dump(practice, allow_unicode=True, sort_keys=False))
    line = operator.leo("practices", "check", str(data)).refusal()
    for word in (str(file), *said):
        assert word in line


def test_no_yaml(operator: Operator, data: Path) -> None:
    """A file that is no YAML is named, with the line."""
    file = data / "practices" / "best-test.yml"
    file.write_text(file.read_text().replace("kind: rating", "kind: [rating", 1))
    line = operator.leo("practices", "check", str(data)).refusal()
    assert str(file) in line
    assert "line" in line


def test_same_id_twice(operator: Operator, data: Path) -> None:
    """Two files with one id are refused."""
    copy = data / "practices" / "copy.yml"
    shutil.copy(data / "practices" / "best-test.yml", copy)
    line = operator.leo("practices", "check", str(data)).refusal()
    assert str(copy) in line
    assert "“best-test”" in line


def test_sound(operator: Operator, data: Path) -> None:
    """Files in order are counted."""
    practices, programmes = len(load_library(data)), len(list(data.glob("programmes/*.yml")))
    told = operator.leo("practices", "check", str(data)).success()
    assert told == f"{practices} practices and {programmes} programmes are in order."
    assert operator.leo("practices", "check").success() == told


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_no_practices(operator: Operator, folder: str) -> None:
    """A folder without practices is not said to be in order."""
    assert "holds no practices" in operator.leo("practices", "check", folder).refusal()
