"""What the documentation says of the practices is made from their files, and up to date."""

import json
from pathlib import Path

from bot.texts.page import practices_page
from bot.texts.practices import load_library, schema
from bot.texts.programmes import load_programmes

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"


def test_the_page_lists_what_the_files_hold() -> None:
    """`leo practices page` gives just what stands in docs/practices.md."""
    library = load_library(DATA)
    page = practices_page(library, load_programmes(DATA, library))
    assert (ROOT / "docs" / "practices.md").read_text(encoding="utf-8") == page


def test_the_schema_is_that_of_the_reader() -> None:
    """`leo practices schema` gives just what stands in docs/practice.schema.json."""
    kept = json.loads((ROOT / "docs" / "practice.schema.json").read_text(encoding="utf-8"))
    assert kept == schema()
