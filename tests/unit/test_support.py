"""The files of contacts: errors name the file and the place in it."""

from pathlib import Path

import pytest

from bot.errors import SupportError
from bot.texts.support import load_support

GOOD = """country: {country}
contacts:
  - name: {{en: Line, fr: Ligne}}
    number: "{number}"
    note: {{en: Day and night., fr: Jour et nuit.}}
"""


def data(folder: Path, **files: str) -> Path:
    (folder / "support").mkdir()
    for name, text in files.items():
        (folder / "support" / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_an_organisation_adds_its_own(tmp_path: Path) -> None:
    """Its file has the same form; its contacts stand apart from the public ones."""
    own = tmp_path / "own.yml"
    own.write_text(GOOD.format(country="default", number="4711"), encoding="utf-8")
    book = load_support(data(tmp_path, default=GOOD.format(country="default", number="112")), own)
    assert [contact.number for contact in book.own] == ["4711"]
    assert [contact.number for contact in book.public(book.country("Asia/Tokyo"))] == ["112"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"fr": GOOD.format(country="FR", number="15")}, "default.yml is missing"),
        ({"default": "contacts: []"}, "default.yml: contacts: "),
        ({"default": GOOD.format(country="BE", number="15")}, "the file is default.yml"),
        ({"default": "contacts: [{name: {en: x}}]"}, "contact 1 → name → fr: "),
        ({"default": "contacts: [[}"}, "not readable YAML"),
        (
            {"default": GOOD.format(country="default", number="ring us")},
            "contact 1 → number: this is",
        ),
        ({"default": GOOD.format(country="france", number="15")}, "country: this is no country"),
        (
            {"default": GOOD.format(country="default", number=" ")},
            "contact 1 → number: this is empty",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    """A file that cannot be used is refused, with the place and the reason."""
    with pytest.raises(SupportError, match=said):
        load_support(data(tmp_path, **files), None)


def test_a_missing_file_of_the_organisation_is_named(tmp_path: Path) -> None:
    """A setting that points nowhere is said, not passed over."""
    folder = data(tmp_path, default=GOOD.format(country="default", number="15"))
    with pytest.raises(SupportError, match=r"none\.yml: cannot be read"):
        load_support(folder, tmp_path / "none.yml")
