"""From the spreadsheet to the figure: people join by their links, and what they do is counted."""

import csv
import io
import re
from html import unescape

import pytest

from bot.usecases.cohorts.shown import FUNNEL, SECTIONS
from bot.usecases.show_hr import show_hr
from tests.console.conftest import LIBRARY, Browser, Console
from tests.console.manager import Manager

# The numbers that a picture bears beside figures.
SCALES = {
    "participation": ("0", "20", "40", "60", "80", "100", "1"),
    "marks": ("1", "3", "5"),
    "practices": (),
    "plans": (),
    "hours": (),
}
PEOPLE = "name,email,timezone\n" + "".join(
    f"Person {n},p{n}@example.org,America/Lima\n" for n in range(1, 13)
)


def tokens(hr: Browser, cohort_id: int) -> list[str]:
    sheet = hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "sheet"})
    return re.findall(r"\?start=([A-Za-z0-9_-]+)<", sheet.text)


@pytest.fixture
def cohort_id(console: Console, hr: Browser) -> int:
    """A cohort of twelve whose first week has begun."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, PEOPLE, confirm="yes")
    hr.later(days=6)
    return cohort_id


def managers(console: Console, hr: Browser, cohort_id: int, number: int) -> list[Manager]:
    people = [Manager(console, 100 + n) for n in range(number)]
    for one, token in zip(people, tokens(hr, cohort_id), strict=False):
        one.joins(token)
    return people


def figures(hr: Browser, cohort_id: int, name: str = "figures") -> list[dict[str, str]]:
    text = hr.gets(f"/cohorts/{cohort_id}/{name}.csv").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_link_enrols_with_the_consent(console: Console, hr: Browser, cohort_id: int) -> None:
    """The link leads to the consent in HR's language; the yes enrols, with the member's zone."""
    [token, *_] = tokens(hr, cohort_id)
    kim = Manager(console, 1)
    assert "Puis-je" in kim.follows(token) or "puis-je" in kim.follows(token)
    assert "0 sur 12" in hr.gets("/cohorts").text or "0 of 12" in hr.gets("/cohorts").text
    assert "Lyon" in kim.agrees()
    assert "1 of 12" in hr.gets("/cohorts").text
    assert "Person 1<" not in hr.gets(f"/cohorts/{cohort_id}").text
    with kim.deps.open() as uow:
        person = uow.person("telegram", "1")
        assert person is not None
        assert (person.language, person.zone) == ("fr", "America/Lima")
        assert person.invitation_id is None


def test_a_link_works_once(console: Console, hr: Browser, cohort_id: int) -> None:
    """A used, replaced, expired or invented link gets a kind explanation and enrols nobody."""
    first, second, third, *_ = tokens(hr, cohort_id)
    Manager(console, 1).joins(first)
    other = Manager(console, 2)
    other.follows("")
    other.agrees()
    for token in (first, "x" * 43, f"{second}x"):
        assert "link" in other.follows(token)
    renewed = tokens(hr, cohort_id)
    assert "link" in other.follows(second) and second not in renewed
    hr.later(days=31)
    assert "link" in other.follows(renewed[0])
    assert "1 of 12" in hr.gets("/cohorts").text
    assert third not in renewed


def test_the_same_link_twice_by_the_same_person(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Who follows their link again is simply greeted."""
    [token, *_] = tokens(hr, cohort_id)
    kim = Manager(console, 1)
    kim.joins(token)
    assert "lien" not in kim.follows(token)
    assert "1 of 12" in hr.gets("/cohorts").text


def test_a_no_enrols_nobody(console: Console, hr: Browser, cohort_id: int) -> None:
    """Who says no is not enrolled, and the link stays good for a yes later."""
    from bot.usecases.answer import say_yes_or_no

    [token, *_] = tokens(hr, cohort_id)
    kim = Manager(console, 1)
    kim.follows(token)
    kim.does(lambda turn: say_yes_or_no(turn, "no"), "no", always=True)
    assert "0 of 12" in hr.gets("/cohorts").text
    kim.joins(token)
    assert "1 of 12" in hr.gets("/cohorts").text


def test_without_an_invitation(console: Console, hr: Browser, cohort_id: int) -> None:
    """Where the organisation wants invitations, who has none is told how to get one."""
    stranger = Manager(console, 1, open_to_all=False)
    assert "HR team" in stranger.follows("")
    assert "HR team" in stranger.agrees()
    [token, *_] = tokens(hr, cohort_id)
    stranger.joins(token)
    assert "1 of 12" in hr.gets("/cohorts").text


def test_the_figure_appears_once_five_have(console: Console, hr: Browser, cohort_id: int) -> None:
    """A mark is shown when five checked in, and only once the week has ended."""
    people = managers(console, hr, cohort_id, 6)
    for one, rating in zip(people[:4], (2, 3, 4, 4), strict=True):
        one.checks_in(*[rating] * 6)
    assert figures(hr, cohort_id) == []
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[0]["grown_mean"] == ""
    for one, rating in zip(people[:5], (2, 3, 4, 4, 5), strict=True):
        one.checks_in(*[rating] * 6)
    hr.later(weeks=1)
    first, second = figures(hr, cohort_id)
    assert first["grown_mean"] == ""
    assert [second[f"{mark}_mean"] for mark in ("grown", "wiser", "serving")] == ["3.6"] * 3
    assert "3.6 (3–4)" in hr.gets(f"/cohorts/{cohort_id}").text
    assert "<svg" in hr.gets(f"/cohorts/{cohort_id}/marks.svg").text


def test_a_person_counts_once_a_week(console: Console, hr: Browser, cohort_id: int) -> None:
    """Whoever checks in five times in a week is still one, with their first ratings."""
    people = managers(console, hr, cohort_id, 11)
    for _ in range(5):
        people[0].checks_in(*[1] * 6)
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[0]["grown_mean"] == ""
    for one in people[:5]:
        one.checks_in(*[3] * 6)
    people[5].checks_in(*[5] * 6)
    people[5].checks_in(*[1] * 6)
    hr.later(weeks=1)
    second = figures(hr, cohort_id)[1]
    assert (second["grown_mean"], second["weekly"], second["silent"]) == ("3.3", "6", "5")


def test_a_leaver_changes_no_week_that_has_ended(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Whoever erases themselves, or is moved away, leaves ended weeks as they were shown."""
    people = managers(console, hr, cohort_id, 12)
    for n, one in enumerate(people[:6]):
        one.checks_in(*[1 + n % 5] * 6)
    hr.later(weeks=1)
    before = figures(hr, cohort_id)
    assert before[0]["weekly"] == "6" and before[0]["members"] == "12"
    people[0].erases()
    assert figures(hr, cohort_id) == before
    other = hr.creates(name="Paris")
    hr.imports(other, "name,email\nPerson 2,p2@example.org\n", confirm="yes")
    assert figures(hr, cohort_id) == before
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[:1] == before
    # An erasure stays HR's to guess: only whom they moved themselves is gone.
    assert figures(hr, cohort_id)[1]["members"] == "12"
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[2]["members"] == "11"


def test_the_practice_of_the_week_is_counted(console: Console, hr: Browser, cohort_id: int) -> None:
    """Who does it in its week counts once; another practice, or a later week, does not."""
    people = managers(console, hr, cohort_id, 12)
    for one in people[:6]:
        one.practises("best-test")
    people[0].practises("best-test")
    hr.later(weeks=1)
    for one in people[:5]:
        one.practises("best-test")
    hr.later(weeks=1)
    first, second = figures(hr, cohort_id)
    assert (first["practised"], first["practice"]) == ("6", "6")
    assert (second["practised"], second["practice"]) == ("too_few", "5")
    assert first["practice_of_week"] == LIBRARY["best-test"].title["en"]
    page = hr.gets(f"/cohorts/{cohort_id}").text
    assert LIBRARY["best-test"].title["en"] in unescape(page)
    assert "6" in hr.gets(f"/cohorts/{cohort_id}/practices.svg").text


def test_those_who_practised_cannot_be_told_from_one_who_did_another(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Where all but one of those with a practice did that of the week, its number is held back."""
    people = managers(console, hr, cohort_id, 12)
    for one in people[:5]:
        one.practises("best-test")
    people[5].practises("anchor-it")
    hr.later(weeks=1)
    [week] = figures(hr, cohort_id)
    assert (week["practice"], week["practised"]) == ("6", "too_few")
    assert "5" not in cells(hr, cohort_id)


def test_who_is_moved_walks_on(console: Console, hr: Browser, cohort_id: int) -> None:
    """Who is moved before they joined keeps their link; it enrols them in the new cohort."""
    [_, token, *_] = tokens(hr, cohort_id)
    other = hr.creates(name="Paris")
    page = hr.imports(other, "name,email\nPerson 2,p2@example.org\n")
    assert "1 from another cohort" in page.text
    hr.imports(other, "name,email\nPerson 2,p2@example.org\n", confirm="yes")
    assert "Paris" in Manager(console, 1).joins(token)
    assert "1 of 1<" in hr.gets("/cohorts").text and "0 of 11<" in hr.gets("/cohorts").text


def test_page_and_file_say_the_same(console: Console, hr: Browser, cohort_id: int) -> None:
    """Every number of the file stands on the page, and none is on the page that is not in it."""
    people = managers(console, hr, cohort_id, 12)
    for n, one in enumerate(people[:6]):
        one.checks_in(*[1 + n % 5] * 6)
    hr.later(weeks=1)
    [week] = figures(hr, cohort_id)
    on_page = {cell for cell in cells(hr, cohort_id) if cell.isdecimal()}
    in_file = {value for key, value in week.items() if value.isdecimal() and key != "week"}
    assert on_page <= in_file
    assert {week["members"], week["weekly"], week["active"]} <= on_page


def cells(hr: Browser, cohort_id: int) -> list[str]:
    """All that stands in the tables of figures on a cohort's page."""
    page = hr.gets(f"/cohorts/{cohort_id}").text.split('id="waiting"')[0]
    return re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", page)


def test_each_table_is_a_file_and_says_what_all_of_them_say(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """A section's own file holds what the file of all holds, and no picture holds any more."""
    people = managers(console, hr, cohort_id, 12)
    for n, one in enumerate(people[:7]):
        one.checks_in(*[1 + n % 5] * 6)
    hr.later(weeks=1)
    [week] = figures(hr, cohort_id)
    merged: dict[str, str] = {}
    for name in SECTIONS:
        [row] = figures(hr, cohort_id, name)
        merged |= row
        drawn = hr.gets(f"/cohorts/{cohort_id}/{name}.svg").text
        shown = set(re.findall(r">(\d+(?:\.\d)?)</text>", drawn))
        shares = {f"{100 * int(value) / 12:.0f}" for value in row.values() if value.isdecimal()}
        assert shown <= {*row.values(), *shares, *SCALES[name]}, name
    assert merged == week
    stages = figures(hr, cohort_id, FUNNEL)
    assert stages[2] == {"stage": "active", "people": week["active"]}
    assert stages[3] == {"stage": "silent", "people": week["silent"]}


def test_the_chat_shows_what_hr_sees(console: Console, hr: Browser, cohort_id: int) -> None:
    """Asked in the chat, Leo shows the same figures and the same picture as the page."""
    people = managers(console, hr, cohort_id, 12)
    for n, one in enumerate(people[:6]):
        one.checks_in(*[1 + n % 5] * 6)
    said = people[0].does(show_hr, "que voient les RH ?")
    assert "Aucune semaine" in said or "première semaine" in said
    hr.later(weeks=1)
    said = people[0].does(show_hr, "que voient les RH ?")
    [week] = figures(hr, cohort_id)
    assert f"Bilan\u00a0: {week['weekly']}" in said
    mean = week["grown_mean"].replace(".", ",")
    assert f"{mean} ({week['grown_low']}–{week['grown_high']})" in said
    picture, _ = [one.picture for one in people[0].last if one.picture]
    assert picture["heat"]["rows"][2]["shares"] == [int(week["weekly"]) / int(week["members"])]
    for section in ("Exercices faits", "Plans tenus", "Quand les gens répondent"):
        assert section in said
    for key, title in (("silent", "Silencieux"), ("members", "Membres")):
        assert f"{title}\u00a0: {week[key]}" in said
    page = hr.gets(f"/cohorts/{cohort_id}/participation.svg")
    assert page.headers["content-type"] == "image/svg+xml" and "50" in page.text
    stranger = Manager(console, 999)
    stranger.follows("")
    stranger.agrees()
    assert "HR" in stranger.does(show_hr, "what does HR see?") or "cohort" in stranger.last[0].html
