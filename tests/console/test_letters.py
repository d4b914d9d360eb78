"""HR writes to a cohort and ends its programme, from the page to the chat."""

import html
import re
from datetime import timedelta

import pytest

from bot.usecases.answer import not_understood
from bot.usecases.arrive import arrive
from bot.usecases.records import HrRole
from tests.console.conftest import Browser, Console
from tests.console.manager import Manager

TEXTS = {
    "text_en": "Dear {{ name }}, see you on Friday.",
    "text_fr": "Bonjour {{ name }}, à vendredi.",
}
NAMES = [f"Member {number}" for number in range(12)]


@pytest.fixture
def lyon(console: Console, hr: Browser) -> tuple[str, list[Manager]]:
    """A cohort whose twelve members have joined, and the path of its pages."""
    cohort_id = hr.creates(language="en")
    return f"/cohorts/{cohort_id}", joined(console, hr, cohort_id, NAMES)


def joined(console: Console, hr: Browser, cohort_id: int, names: list[str]) -> list[Manager]:
    hr.imports(cohort_id, "name\n" + "\n".join(names), confirm="yes")
    sheet = hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "sheet"})
    tokens = re.findall(r"start=([A-Za-z0-9_-]{43})<", sheet.text)
    members = [Manager(console, 100 * cohort_id + at) for at, _ in enumerate(tokens)]
    for member, token in zip(members, tokens, strict=True):
        member.joins(token)
    return members


def writes(hr: Browser, path: str, wanted: str, **fields: str) -> str:
    return hr.posts(f"{path}/letters", **{**TEXTS, **fields, "as": wanted}).text


def row(page: str) -> list[str]:
    """The latest letter in the table: what it is, to how many it goes, how many wait."""
    cells = re.findall(r"<td>(.*?)</td>", page.partition('id="sent"')[2])
    return [re.sub("<[^>]+>", "", cell) for cell in cells[:3]]


def test_what_hr_sees_is_what_they_read(hr: Browser, lyon: tuple[str, list[Manager]]) -> None:
    """The preview is, sign for sign, what the member whose name it uses gets in the chat."""
    path, members = lyon
    page = writes(hr, path, "preview")
    shown = re.search(r'<div class="bubble" lang="fr">(.*?)</div>', page, re.DOTALL)
    assert shown and "Bonjour Member 0, à vendredi." in shown[1]
    assert members[0].reads() == []
    writes(hr, path, "send")
    members[0].does(lambda turn: setattr(turn.person, "language", "fr"), "in French")
    assert members[0].reads() == [shown[1]]
    [english] = members[1].reads()
    assert "from HR" in english and "Dear Member 1, see you on Friday." in english


def test_counts_and_the_fortnight(
    console: Console, hr: Browser, lyon: tuple[str, list[Manager]]
) -> None:
    """The page tells how far a message is, and when the next one is possible."""
    path, members = lyon
    assert row(writes(hr, path, "send")) == ["Message", "being prepared", "being prepared"]
    members[0].reads()
    assert row(hr.gets(f"{path}/letters").text) == ["Message", "nearly all", "nearly all"]
    for member in members[1:]:
        member.reads()
    assert row(hr.gets(f"{path}/letters").text) == ["Message", "nearly all", "too few to show"]
    again = writes(hr, path, "send")
    assert "possible from Wednesday 9 December 2026" in again
    hr.later(days=14, hours=-10)
    assert "The next one is possible" not in hr.gets(f"{path}/letters").text
    writes(hr, path, "send")
    assert hr.gets("/audit").text.count("cohort.letter<") == 2
    assert console.now.isoformat() == "2026-12-08T23:00:00+00:00"  # Midnight in Paris.


def test_only_who_should_get_it(
    console: Console, hr: Browser, lyon: tuple[str, list[Manager]]
) -> None:
    """Nobody who paused, has erased themselves, or is in another cohort gets a message."""
    path, members = lyon
    [other] = joined(console, hr, hr.creates(name="Paris"), ["Somebody"])
    writes(hr, path, "send")
    members[0].erases()
    assert len(members[1].reads()) == 1
    members[2].erases()
    assert members[0].reads() == members[2].reads() == other.reads() == []


def test_no_answer_goes_to_hr(hr: Browser, lyon: tuple[str, list[Manager]]) -> None:
    """What is written after a message stays with Leo, which says so once."""
    path, members = lyon
    writes(hr, path, "send")
    members[0].reads()
    assert "HR" in members[0].does(not_understood, "I cannot come")
    assert "HR" not in members[0].does(not_understood, "I cannot come")
    page = hr.gets(path).text + hr.gets(f"{path}/letters").text + hr.gets("/audit").text
    assert "I cannot come" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One\n{{ nam }}", "Text in English, line 2: Leo knows no “nam”."),
        ("{{ name", "line 1: Leo cannot read"),
        ("{% if name %}One", "line 1: Leo cannot read"),
        ("One\n\n{{ name.__class__ }}", "line 3: only {{ name }}, {{ cohort }}"),
        ("{% for x in name %}One{% endfor %}", "line 1: only"),
        ("{{ 9 ** 9999999 }}", "line 1: only"),
        ("{{ " + "(" * 1500 + "name", "line 1: Leo cannot read"),
        ("x" * 2001, "at most 2000 characters"),
        (" \r\n ", "please write something"),
        ("{% if not name %}One{% endif %}", "please write something"),
    ],
)
def test_a_text_that_is_none(hr: Browser, text: str, said: str) -> None:
    """An error names the text, its line, and how to mend it; what was typed is not lost."""
    path = f"/cohorts/{hr.creates(language='en')}"
    for wanted in ("preview", "test", "send"):
        page = hr.posts(f"{path}/letters", text_en=text, text_fr="", **{"as": wanted})
        assert page.status_code == 400
        assert said in page.text
    assert html.escape(text.strip())[:9] in page.text
    assert "Nothing has been sent" in page.text


def test_signs_of_html_are_shown(hr: Browser) -> None:
    """What looks like HTML is text, on the page as in the chat."""
    path = f"/cohorts/{hr.creates(language='en')}"
    page = writes(hr, path, "preview", text_en="<script>alert(1)</script> & <b>bold</b>")
    assert "<script>alert" not in page and "<b>bold" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in page


def test_each_language_that_is_read_needs_a_text(hr: Browser) -> None:
    """Without the text in a language that HR noted for somebody, nothing is sent."""
    cohort_id = hr.creates(language="en")
    hr.imports(cohort_id, "name;language\nAna;fr\n", confirm="yes")
    page = writes(hr, f"/cohorts/{cohort_id}", "preview", text_fr="")
    assert "Text in French: please write something" in page


def test_nobody_to_write_to(hr: Browser) -> None:
    """A cohort that nobody has joined, that is paused or closed gets no message."""
    path = f"/cohorts/{hr.creates()}"
    assert "Nobody has joined yet" in writes(hr, path, "send")
    hr.posts(f"{path}/state", form_on="/cohorts", state="paused")
    assert "is paused" in writes(hr, path, "send")
    hr.posts(f"{path}/close", **{"as": "close"})
    assert (
        "is closed"
        in hr.posts(f"{path}/letters", form_on="/cohorts", **TEXTS, **{"as": "send"}).text
    )


def test_a_test_to_oneself(console: Console, hr: Browser, lyon: tuple[str, list[Manager]]) -> None:
    """A link shows the message once, in each language, and keeps nothing of who follows it."""
    path, members = lyon
    page = writes(hr, path, "test")
    found = re.search(r"https://t\.me/leo_bot\?start=([A-Za-z0-9_-]{43})<", page)
    assert found and "<svg" in page
    somebody = Manager(console, 9)
    said = somebody.follows(found[1])
    assert "Dear Kim, see you on Friday." in said and "Bonjour Kim, à vendredi." in said
    assert "from HR" in said and "des RH" in said and len(somebody.last) == 2
    with somebody.deps.open() as uow:
        assert uow.person("telegram", "9") is None
    assert "Kim" not in somebody.follows(found[1]) and len(somebody.last) == 1
    assert members[0].reads() == []
    assert "Nothing has been sent" in hr.gets(f"{path}/letters").text


def test_a_test_ends(console: Console, hr: Browser, lyon: tuple[str, list[Manager]]) -> None:
    """The link of a test is good for an hour; a member who follows it goes on as before."""
    path, members = lyon
    links = [re.findall(r"start=([A-Za-z0-9_-]{43})<", writes(hr, path, "test"))[0] for _ in "ab"]
    assert "Dear Kim" in members[0].follows(links[0])
    assert members[0].does(arrive, "/start")
    console.now += timedelta(minutes=61)
    assert "Dear Kim" not in members[0].follows(links[1])


def test_the_end_of_a_programme(
    console: Console, hr: Browser, lyon: tuple[str, list[Manager]]
) -> None:
    """Closing says what it means, shows the farewell, sends it once, and ends the programme."""
    path, members = lyon
    page = hr.gets(f"{path}/close").text
    assert "Nothing that anybody wrote is deleted" in page and "Everybody keeps Leo" in page
    page = hr.posts(f"{path}/close", **TEXTS, farewell="yes", **{"as": "preview"}).text
    assert "ends here" in page and "Dear Member 0" in page
    assert ">active<" in hr.gets(path).text
    page = hr.posts(f"{path}/close", **TEXTS, farewell="yes", **{"as": "close"}).text
    assert ">closed<" in page
    leo, own = members[0].reads()
    assert "ends here" in leo and "not much room" in leo
    assert "from HR" in own and "Dear Member 0, see you on Friday." in own
    again = hr.posts(f"{path}/close", form_on="/cohorts", farewell="yes", **{"as": "close"})
    assert again.status_code == 400
    for _ in range(3):
        assert members[0].reads() == []
        console.now += timedelta(days=7)


def test_closing_without_a_word(hr: Browser, lyon: tuple[str, list[Manager]]) -> None:
    """Where no farewell is wanted, none is sent."""
    path, members = lyon
    hr.posts(f"{path}/close", **{"as": "close"})
    assert members[0].reads() == []
    assert "Nothing has been sent" in hr.gets(f"{path}/letters").text


def test_a_facilitator_writes_to_theirs(console: Console, hr: Browser) -> None:
    """Who cares for a cohort may write to it."""
    theirs = hr.creates(language="en")
    max_ = console.signed_in("max@example.org", HrRole.FACILITATOR, (theirs,))
    page = writes(max_, f"/cohorts/{theirs}", "preview")
    assert "Dear Camille, see you on Friday." in page
