"""Lists as spreadsheets make them."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sheets
from bot.usecases.hr import Refused

ROWS = [["Nom", "E-mail", "Langue"], ["Zoé Müller", "zoe@example.org", "fr"], ["Theo", "", ""]]


def text(separator: str) -> str:
    return "\r\n".join(separator.join(row) for row in ROWS) + "\r\n"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_as_excel_makes_them(separator: str, encoding: str) -> None:
    """Separators and encodings are found out, and lines are named as in the file."""
    lines = sheets.read("list.csv", text(separator).encode(encoding))
    assert [(line.number, line.cells["name"]) for line in lines] == [(2, "Zoé Müller"), (3, "Theo")]
    assert lines[0].cells == {"name": "Zoé Müller", "email": "zoe@example.org", "language": "fr"}


def test_xlsx() -> None:
    """An Excel file reads like a CSV; empty rows are passed over, lines keep their numbers."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [*ROWS[:2], [], ROWS[2]]:
        sheet.append(row)
    book.save(out)
    lines = sheets.read("list.xlsx", out.getvalue())
    assert [(line.number, line.cells["name"]) for line in lines] == [(2, "Zoé Müller"), (4, "Theo")]


def test_a_separator_named_in_the_file() -> None:
    """A first line such as sep=; is Excel's own, and taken at its word."""
    [line] = sheets.read("list.csv", b"sep=;\nname;email\nAna, R.;a@example.org\n")
    assert (line.number, line.cells["name"]) == (3, "Ana, R.")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "file_no_name"),
        (b"who,mail\nAna,a@b.org\n", "file_no_name"),
        (b"name\n\n\n", "file_empty"),
        (b"PK\x03\x04 broken", "file_unreadable"),
        (b"\xff\xfe\x00", "file_unreadable"),
        (b"name\n\0\n", "file_unreadable"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, key: str) -> None:
    """A file that is no list is refused with the reason."""
    with pytest.raises(Refused) as refused:
        sheets.read("list.csv", content)
    assert refused.value.key == key


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    """Whatever the file holds, it is read or refused."""
    try:
        assert sheets.read("x.csv", b"name\n" + content)
    except Refused as refused:
        assert refused.key.startswith("file_")


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    """In a file that Leo writes no cell begins as a formula does."""
    given_back = list(csv.reader(io.StringIO(sheets.write(("a", "b"), rows), newline="")))
    assert len(given_back) == len(rows) + 1
    assert not any(cell.startswith(sheets.FORMULA) for row in given_back for cell in row)
