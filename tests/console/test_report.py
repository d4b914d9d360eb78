"""The report for a sponsor: one page, as HTML and as PDF, of the cohort’s own figures."""

import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from pypdf import PdfReader

from bot.charts import draw_pdf
from bot.usecases import tally
from bot.usecases.cohorts.figures import pictured
from bot.usecases.cohorts.report import MOST_WEEKS
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.records import Cohort
from tests.console.conftest import PROGRAMMES, Browser, Console

PEOPLE = "name,email\n" + "".join(f"Zoë Nº{n},p{n}@example.org\n" for n in range(1, 13))
A4 = (595.28, 841.89)


@pytest.fixture
def cohort_id(console: Console, hr: Browser) -> int:
    """A cohort whose second week has ended; in the first, eight of its twelve did something."""
    cohort_id = hr.creates(name="Lyon, été")
    hr.imports(cohort_id, PEOPLE, confirm="yes")
    counted = [(tally.JOINED, 0)] * 12
    counted += [(tally.ACTIVE, 0), ("weekly", 0), ("done", 0)] * 7 + [("morning", 0)] * 7
    counted += [("grown", 3)] * 4 + [("grown", 4)] * 3
    with console.deps.open() as unit:
        for figure in counted:
            unit.tallies.count(cohort_id, 0, [figure])
    hr.later(weeks=3)
    return cohort_id


def pdf(hr: Browser, cohort_id: int, language: str) -> PdfReader:
    answer = hr.gets(f"/cohorts/{cohort_id}/report/{language}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert f"leo-report-{language}.pdf" in answer.headers["content-disposition"]
    return PdfReader(io.BytesIO(answer.content))


def words(reader: PdfReader) -> str:
    return " ".join(reader.pages[0].extract_text().split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("“Lyon, été”", "The first eight weeks", "Sunday 13 December 2026", "too few")),
        (
            "fr",
            ("«\u00a0Lyon, été\u00a0»", "Les huit premières semaines", "trop peu", "n’a eu lieu"),
        ),
    ],
)
def test_the_pdf_is_one_page_of_a4_in_either_language(
    hr: Browser, cohort_id: int, language: str, said: tuple[str, ...]
) -> None:
    """It says what it is about, shows the figures, and says what is not in it."""
    reader = pdf(hr, cohort_id, language)
    [page] = reader.pages
    assert [float(side) for side in page.mediabox[2:]] == pytest.approx(A4, abs=0.1)
    found = words(reader)
    for text in (*said, "58", "12"):
        assert " ".join(text.split()) in found, found
    assert "3.4" in found.replace(",", ".")


def test_the_letters_of_the_pdf_are_in_it(hr: Browser, cohort_id: int) -> None:
    """Every font is embedded, so it looks the same on every machine, and can be searched."""
    reader = pdf(hr, cohort_id, "fr")
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        described = font.get_object()
        assert "/ToUnicode" in described
        inner = described["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()


@pytest.mark.parametrize("text", ["Œuvre d’été : « ça va » …", "Łódź, €5 – “so?”"])
def test_whatever_a_cohort_is_called_can_be_read(text: str) -> None:
    """Ligatures, quotes, dashes and accents are there, and come out of the file as they went in."""
    page = {"title": text, "facts": [text], "columns": [[]], "notes": [text]}
    found = words(PdfReader(io.BytesIO(draw_pdf(page))))
    assert found.count(" ".join(text.split())) == 3


def test_the_report_holds_what_the_cohorts_page_holds(hr: Browser, cohort_id: int) -> None:
    """Page, PDF and the cohort's page show the same numbers, and the report names nobody."""
    page = unescape(hr.gets(f"/cohorts/{cohort_id}/report").text)
    whole = unescape(hr.gets(f"/cohorts/{cohort_id}").text)
    cells = r"<td>(?:<span[^>]*>)?([^<]*)"
    assert set(re.findall(cells, page)) <= set(re.findall(cells, whole))
    assert "3.4 (3–4)" in page and "3.4 (3–4)" in whole
    for text in (page, words(pdf(hr, cohort_id, "en"))):
        assert "Zoë" not in text
        assert "Nobody’s words are in this report" in text
        assert "fewer than 5 people" in text


def test_the_report_shows_its_pictures(hr: Browser, cohort_id: int) -> None:
    """Each picture that the page names is there; another one is not."""
    page = hr.gets(f"/cohorts/{cohort_id}/report").text
    pictures = re.findall(r'src="(/cohorts/[^"]+svg)"', page)
    assert len(pictures) == 5
    for path in pictures:
        assert hr.gets(path).headers["content-type"] == "image/svg+xml"
    assert hr.gets(f"/cohorts/{cohort_id}/report/hours.svg").status_code == 404


def test_before_the_first_week_has_ended(hr: Browser) -> None:
    """There are no figures yet: the report says so, and its files and pictures still open."""
    cohort_id = hr.creates()
    assert "has not ended yet" in hr.gets(f"/cohorts/{cohort_id}/report").text
    assert "has not ended yet" in words(pdf(hr, cohort_id, "en"))
    for name in ("funnel", "participation", "marks", "practices", "plans", "hours"):
        assert hr.gets(f"/cohorts/{cohort_id}/{name}.svg").status_code == 200
        assert hr.gets(f"/cohorts/{cohort_id}/{name}.csv").status_code == 200


def test_a_long_programme_still_fits_the_page(hr: Browser, console: Console) -> None:
    """After a year the report is about the last weeks, on one page, and says which they are."""
    cohort_id = hr.creates()
    hr.later(weeks=60)
    reader = pdf(hr, cohort_id, "en")
    assert len(reader.pages) == 1
    assert f"weeks {52 - MOST_WEEKS + 1} to 52" in words(reader)


def test_a_week_says_its_own_number() -> None:
    """The last weeks of many keep their numbers as the cohort’s page has them."""
    from bot.texts.console import ConsoleTexts
    from bot.usecases.cohorts import shown

    def word(key: str, **values: object) -> str:
        return ConsoleTexts().word("en", key, **values)

    start = datetime(2026, 11, 30, tzinfo=UTC)
    cohort = Cohort("Lyon", "first-eight-weeks", start.date(), "UTC", "en", start)
    now = start + timedelta(weeks=9)
    whole = pictured(cohort, Headcount(0, 0), {}, PROGRAMMES, 5, now)
    part = type(whole)(cohort, whole.headcount, whole.weeks[-2:], whole.practices)
    sections = shown.sections(part, shown.Words(word, "en", {}))
    assert {tuple(section.weeks) for section in sections.values()} == {("8", "9")}
    assert sections["plans"].drawing["bars"]["title"] == "Plans kept, week 9"
    assert [row[0] for row in sections["practices"].rows] == [whole.practices[7], ""]
