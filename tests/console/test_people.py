"""People by name: moved without a trace in the figures, withdrawn, erased with a receipt."""

import re
from datetime import timedelta

import pytest

from bot.usecases.erase import erase_asked
from bot.usecases.records import HrRole
from tests.console.conftest import Browser, Console
from tests.console.manager import Manager
from tests.console.test_growth import PEOPLE, figures, tokens


@pytest.fixture
def cohort_id(console: Console, hr: Browser) -> int:
    """A cohort of twelve whose first week has begun."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, PEOPLE, confirm="yes")
    hr.later(days=6)
    return cohort_id


def joined(console: Console, hr: Browser, cohort_id: int, number: int = 12) -> list[Manager]:
    people = [Manager(console, 100 + n) for n in range(number)]
    for one, token in zip(people, tokens(hr, cohort_id), strict=False):
        one.joins(token)
    return people


def member(hr: Browser, cohort_id: int, name: str) -> int:
    page = hr.gets(f"/cohorts/{cohort_id}/people").text
    found = re.search(rf'/members/(\d+)">{name}<', page)
    assert found, name
    return int(found[1])


def moves(hr: Browser, member_id: int, to: int) -> int:
    page = hr.posts(f"/members/{member_id}/move", form_on="/cohorts", cohort=str(to))
    found = re.fullmatch(r"/members/(\d+)", page.url.path)
    assert found, page.text
    return int(found[1])


# --- moving ---------------------------------------------------------------------------------


def test_a_move_changes_no_week_that_has_ended(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Subtracting the figures before a move from those after it gives nothing, in both cohorts."""
    other = hr.creates(name="Paris")
    people = joined(console, hr, cohort_id)
    for n, one in enumerate(people[:6]):
        one.checks_in(*[1 + n % 5] * 6)
    hr.later(weeks=1)
    before = figures(hr, cohort_id), figures(hr, other)
    people[0].checks_in(*[5] * 6)
    moves(hr, member(hr, cohort_id, "Person 1"), other)
    assert (figures(hr, cohort_id), figures(hr, other)) == before
    hr.later(weeks=1)
    after = figures(hr, cohort_id), figures(hr, other)
    assert (after[0][:1], after[1][:1]) == before
    # In the week of the move they count in both, as HR knows; from then on in one.
    assert (after[0][1]["members"], after[1][1]["members"]) == ("12", "1")
    shown = after[1][1].items() - {("practice_of_week", after[1][1]["practice_of_week"])}
    assert {value for _, value in shown} <= {"2", "1", "too_few", ""}
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[2]["members"] == "11"


def test_moving_one_to_and_fro_makes_no_crowd(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Whoever is moved away and back, however often, is one in the week's figures."""
    other = hr.creates(name="Paris")
    people = joined(console, hr, cohort_id, 4)
    for one in people:
        one.checks_in(*[3] * 6)
    here = member(hr, cohort_id, "Person 1")
    for rating in (1, 5, 4):
        console.now += timedelta(minutes=10)
        here = moves(hr, moves(hr, here, other), cohort_id)
        people[0].checks_in(*[rating] * 6)
    hr.later(weeks=1)
    [week] = figures(hr, cohort_id)
    assert week["members"] == "4" and week["grown_mean"] == ""
    assert figures(hr, other)[0]["members"] == "1"
    hr.later(weeks=1)
    assert [one["members"] for one in figures(hr, cohort_id)] == ["4", "4"]
    assert figures(hr, other)[1]["members"] == "0"


def test_who_is_withdrawn_and_comes_back_is_one(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """A new entry and a new link for somebody withdrawn this week do not count them twice."""
    people = joined(console, hr, cohort_id, 3)
    for rating in (2, 3):
        console.now += timedelta(minutes=10)
        people[0].checks_in(*[rating] * 6)
        hr.posts(f"/members/{member(hr, cohort_id, 'Person 1')}/withdraw")
        hr.imports(cohort_id, "name,email\nPerson 1,p1@example.org\n", confirm="yes")
        people[0].follows(tokens(hr, cohort_id)[-1])
    hr.later(weeks=1)
    assert figures(hr, cohort_id)[0]["members"] == "3"


def test_who_has_not_joined_takes_their_link_along(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Moved before joining, somebody follows the link they have, into the new cohort."""
    token = tokens(hr, cohort_id)[0]
    other = hr.creates(name="Paris")
    moves(hr, member(hr, cohort_id, "Person 1"), other)
    assert "Person 1<" not in hr.gets(f"/cohorts/{cohort_id}/people").text
    assert "Paris" in Manager(console, 1).joins(token)
    assert "member.move" in hr.gets("/audit").text


def test_a_closed_cohort_takes_nobody(hr: Browser, cohort_id: int) -> None:
    """To a closed cohort, one's own or none, nobody is moved, and the page says why."""
    other = hr.creates(name="Paris")
    hr.posts(f"/cohorts/{other}/close", **{"as": "close"})
    here = member(hr, cohort_id, "Person 1")
    page = hr.posts(f"/members/{here}/move", cohort=str(other), form_on="/cohorts")
    assert page.status_code == 400 and "is closed" in page.text
    assert hr.posts(f"/members/{here}/move", form_on="/cohorts").status_code == 404
    assert moves(hr, here, cohort_id) == here


def test_a_facilitator_moves_within_their_cohorts(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """By button or by list, a facilitator takes nobody from, nor to, a cohort not theirs."""
    theirs, foreign = hr.creates(name="Paris"), hr.creates(name="Nice")
    max_ = console.signed_in("max@example.org", HrRole.FACILITATOR, (cohort_id, theirs))
    here = member(max_, cohort_id, "Person 1")
    assert "Nice" not in max_.gets(f"/members/{here}").text
    page = max_.posts(f"/members/{here}/move", form_on="/cohorts", cohort=str(foreign))
    assert page.status_code == 404
    moves(max_, here, theirs)
    ada = console.signed_in("ada@example.org", HrRole.FACILITATOR, (foreign,))
    page = ada.imports(foreign, "name,email\nPerson 2,p2@example.org\n", confirm="yes")
    assert "1 enrolled, 0 moved" in page.text
    assert "Person 2<" in hr.gets(f"/cohorts/{cohort_id}/people").text


def test_people_are_found(hr: Browser, cohort_id: int) -> None:
    """A part of a name or address finds people, and stands in no address bar."""
    page = hr.posts(f"/cohorts/{cohort_id}/people", search=" person  1")
    assert len(re.findall(r"/members/\d+", page.text)) == 4
    assert "person" not in str(page.url)
    assert len(re.findall(r"/members/\d+", hr.posts(f"/cohorts/{cohort_id}/people").text)) == 12


# --- withdrawing ----------------------------------------------------------------------------


def test_withdrawing(console: Console, hr: Browser, cohort_id: int) -> None:
    """Asked once more, HR takes somebody out: their link ends, ended weeks stay, words stay."""
    first, second, *_ = tokens(hr, cohort_id)
    kim = Manager(console, 1)
    kim.joins(first)
    kim.checks_in(*[3] * 6)
    hr.later(weeks=1)
    before = figures(hr, cohort_id)
    for name in ("Person 1", "Person 2"):
        one = member(hr, cohort_id, name)
        assert "Shall" in hr.gets(f"/members/{one}/withdraw").text
        page = hr.posts(f"/members/{one}/withdraw")
        assert page.url.path == f"/cohorts/{cohort_id}/people"
    assert "0 of 10" in hr.gets("/cohorts").text
    assert figures(hr, cohort_id) == before
    assert "link" in Manager(console, 2).follows(second)
    assert "member.withdraw" in hr.gets("/audit").text
    with kim.deps.open() as uow:
        person = uow.person("telegram", "1")
        assert person is not None and person.id is not None
        assert uow.cohorts.membership(person.id) is None
        assert len(uow.runs(person.id)) == 1


# --- erasing --------------------------------------------------------------------------------


def test_erasing_with_a_receipt(console: Console, hr: Browser, cohort_id: int) -> None:
    """Asked, done by the bot, told once in the chat; the receipt can be read, printed, saved."""
    kim = joined(console, hr, cohort_id, 6)[0]
    kim.checks_in(*[3] * 6)
    one = member(hr, cohort_id, "Person 1")
    form = hr.gets(f"/members/{one}/erasure").text
    assert "Lyon: Person 1 (p1@example.org)" in form
    page = hr.posts(f"/members/{one}/erasure", name="person 1", reference="Letter 7 & 8")
    assert "Asked for" in page.text and page.url.path == "/erasures/1"
    assert "being erased" in hr.gets(f"/cohorts/{cohort_id}/people").text
    again = hr.posts(f"/members/{one}/erasure", name="Person 1", reference="Letter 9")
    assert again.status_code == 400 and "already" in again.text
    erase_asked(kim.deps, console.now)
    [farewell] = kim._delivered()
    assert "reçu" in farewell.html and "numéro 1," in farewell.html
    assert kim._delivered() == []
    page = hr.gets("/erasures/1").text
    text = hr.gets("/erasures/1/receipt.txt")
    html = hr.gets("/erasures/1/receipt.html")
    for kept in (page, html.text):
        assert "Letter 7 &amp; 8" in kept and "hr@example.org" in kept
        assert "Entries of your list</th><td>1</td><td>0" in kept
        assert "Answers</th><td>all there was</td><td>0" in kept
    assert "Reference: Letter 7 & 8\n" in text.text
    assert "- Answers: removed all there was, left 0\n" in text.text
    for file in (text, html):
        assert "attachment" in file.headers["content-disposition"]
    for kept in (page, text.text, html.text, hr.gets("/audit.csv").text, hr.gets("/erasures").text):
        assert "Person 1" not in kept and "p1@" not in kept
    assert "Person 1<" not in hr.gets(f"/cohorts/{cohort_id}/people").text
    assert hr.gets(f"/members/{one}").status_code == 404
    log = hr.gets("/audit.csv").text
    assert "erasure.ask,#1: Letter 7 & 8" in log and "leo,erasure.done,#1" in log
    # Who comes back is a stranger.
    assert "?" in kim.follows("")


def test_an_erasure_shows_in_no_figure(console: Console, hr: Browser, cohort_id: int) -> None:
    """Subtracting what was shown before an erasure from what is shown after gives nothing."""
    people = joined(console, hr, cohort_id)
    for n, one in enumerate(people[:6]):
        one.checks_in(*[1 + n % 5] * 6)
    hr.later(weeks=1)
    before = figures(hr, cohort_id)
    assert before[0]["weekly"] == "6"
    one = member(hr, cohort_id, "Person 1")
    hr.posts(f"/members/{one}/erasure", name="Person 1", reference="L1")
    assert figures(hr, cohort_id) == before
    erase_asked(people[0].deps, console.now)
    assert figures(hr, cohort_id) == before
    hr.later(weeks=2)
    assert [week["members"] for week in figures(hr, cohort_id)] == ["12", "12", "11"]


def test_who_was_withdrawn_can_still_be_erased(
    console: Console, hr: Browser, cohort_id: int
) -> None:
    """Somebody withdrawn stays in the list as such, until they ask to be gone."""
    kim = joined(console, hr, cohort_id, 1)[0]
    one = member(hr, cohort_id, "Person 1")
    hr.posts(f"/members/{one}/withdraw")
    assert member(hr, cohort_id, "Person 1") == one
    hr.posts(f"/members/{one}/erasure", name="Person 1", reference="L1")
    erase_asked(kim.deps, console.now)
    assert "Person 1<" not in hr.gets(f"/cohorts/{cohort_id}/people").text
    with kim.deps.open() as uow:
        assert uow.person("telegram", "100") is None


@pytest.mark.parametrize(
    ("name", "reference", "said"),
    [
        ("Person 2", "L1", "is not this person’s"),
        ("", "L1", "is not this person’s"),
        ("Person 1", " ", "Please give a reference"),
        ("Person 1", "x" * 61, "Please give a reference"),
        ("Person 1", "letter of a PERSON", "holds a part of the name"),
        ("Person 1", "mail p1@example.org", "holds a part of the name"),
    ],
)
def test_what_is_refused(hr: Browser, cohort_id: int, name: str, reference: str, said: str) -> None:
    """Without the right name, and a reference that names nobody, nothing is done."""
    one = member(hr, cohort_id, "Person 1")
    page = hr.posts(f"/members/{one}/erasure", name=name, reference=reference)
    assert page.status_code == 400 and said in page.text
    assert "0 of 12" in hr.gets("/cohorts").text
    assert "Nobody has been erased" in hr.gets("/erasures").text


def test_only_administrators_erase(console: Console, hr: Browser, cohort_id: int) -> None:
    """A facilitator withdraws from their cohort, and neither erases nor reads a receipt."""
    one = member(hr, cohort_id, "Person 1")
    hr.posts(f"/members/{one}/erasure", name="Person 1", reference="L1")
    two = member(hr, cohort_id, "Person 2")
    max_ = console.signed_in("max@example.org", HrRole.FACILITATOR, (cohort_id,))
    assert "Only an administrator" in max_.gets(f"/members/{two}").text
    for path in (f"/members/{two}/erasure", "/erasures", "/erasures/1", "/erasures/1/receipt.txt"):
        assert max_.gets(path).status_code == 403, path
    page = max_.posts(
        f"/members/{two}/erasure", form_on="/cohorts", name="Person 2", reference="L2"
    )
    assert page.status_code == 403
    assert hr.gets("/erasures/2").status_code == 404
    assert max_.posts(f"/members/{two}/withdraw").status_code == 200
