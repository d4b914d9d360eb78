"""The report for a sponsor, from the shell."""

import io
from datetime import UTC, datetime, timedelta

from pypdf import PdfReader

from tests.operator.conftest import Operator


def test_a_report_is_written_to_a_file(operator: Operator) -> None:
    """It is in the language asked for; where it cannot be written, that is said in a line."""
    start = (datetime.now(UTC) - timedelta(weeks=3)).date().isoformat()
    words = ("--programme", "first-eight-weeks", "--start", start, "--language", "fr")
    assert operator.leo("cohort", "create", "Lyon", *words).status == 0
    words = ("--format", "pdf", "--out", "r.pdf", "--language", "en")
    assert operator.leo("cohort", "report", "Lyon", *words).success() == "The report is in r.pdf."
    [page] = PdfReader(io.BytesIO((operator.folder / "r.pdf").read_bytes())).pages
    assert "The first eight weeks" in page.extract_text()
    refused = operator.leo("cohort", "report", "Lyon", "--out", "no/such/r.pdf").refusal()
    assert "no/such/r.pdf cannot be written" in refused
