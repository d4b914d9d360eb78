"""Lists as spreadsheets make them: CSV and XLSX in, CSV out. The one home of openpyxl."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from bot.usecases.cohorts.roster import COLUMNS, MAX_ROWS, Line
from bot.usecases.hr import Refused

MAX_BYTES = 5_000_000
# An XLSX file is compressed: what it unpacks to is limited, too.
MAX_UNPACKED = 100_000_000
MAX_CELL = 1_000
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS = ";,\t"
# How people call the columns, in small letters without accents.
_NAMES = {
    "name": {"name", "full name", "nom", "nom complet", "prenom et nom", "nom et prenom"},
    "email": {"email", "e-mail", "mail", "email address", "courriel", "adresse e-mail", "adresse"},
    "language": {"language", "langue"},
    "timezone": {"timezone", "time zone", "zone", "fuseau", "fuseau horaire"},
}


def read(file_name: str, content: bytes) -> list[Line]:
    """Return the rows of a list, by the columns Leo knows; empty rows are passed over.

    Raises Refused when the file is too large, no list, or has no column for the name.
    """
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", most=MAX_BYTES // 1_000_000)
    if content.startswith(b"PK") or file_name.lower().endswith(".xlsx"):
        rows = _xlsx(content)
    else:
        rows = _csv(_text(content))
    return _lines(rows)


def _lines(rows: Iterator[tuple[int, list[str]]]) -> list[Line]:
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    _, header = next(filled, (0, []))
    columns = [_column(title) for title in header]
    if "name" not in columns:
        raise Refused("file_no_name")
    lines = [
        Line(
            number,
            {
                column: cell[:MAX_CELL]
                for column, cell in zip(columns, cells, strict=False)
                if column
            },
        )
        for number, cells in islice(filled, MAX_ROWS + 1)
    ]
    if not lines:
        raise Refused("file_empty")
    return lines


def _column(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    key = " ".join(plain.casefold().replace("_", " ").split())
    return next((column for column in COLUMNS if key in _NAMES[column]), "")


def _text(content: bytes) -> str:
    """Decode as Excel writes: UTF-8 or UTF-16 with a mark at the start, else Windows' own."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file_unreadable")


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    if "\0" in text:
        raise Refused("file_unreadable")
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text, skipped = first.strip()[4], rest, 1
    else:
        separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num + skipped, cells
    except csv.Error:
        raise Refused("file_unreadable") from None


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # Slow to load, and seldom needed.

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise Refused("file_too_large", most=MAX_BYTES // 1_000_000)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        rows = [
            (number, ["" if cell is None else str(cell) for cell in cells])
            for number, cells in enumerate(
                sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=50, values_only=True), start=1
            )
        ]
        book.close()
    except Refused:
        raise
    except Exception:  # A broken file makes the library stumble in many ways.
        raise Refused("file_unreadable") from None
    yield from rows


def write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a CSV file. A cell that a spreadsheet would run as a formula becomes plain text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
