"""The decisions, as the documentation's index lists them."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_index_lists_every_decision_by_its_title() -> None:
    """Each page of docs/decisions stands in docs/index.md, in order and under its own title."""
    titles = {
        file.name: file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        for file in sorted((DOCS / "decisions").glob("*.md"))
    }
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d{4})\]\(decisions/(.+)\) \| (.+) \|$", index, re.MULTILINE)
    assert [(name, f"{number}. {title}") for number, name, title in rows] == list(titles.items())
