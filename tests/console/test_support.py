"""Contacts for people in distress, kept in the console and named in the chat."""

import re
from dataclasses import replace
from html import unescape

import pytest

from bot.coaching.support import Contact
from bot.console.app import build_app
from bot.texts.support import load_support
from bot.usecases.distress import meet_distress
from bot.usecases.records import HrRole
from tests.console.conftest import DATA, Browser, Console
from tests.console.manager import Manager

FILE = Contact({"en": "Chaplain", "fr": "Aumônier"}, "4712", {"en": "Listens.", "fr": "Écoute."})
FORM = {
    "name_en": "Works doctor",
    "name_fr": "Médecin du travail",
    "number": "+33 1 23 45 67 89",
    "note_en": "Confidential <always>.",
    "note_fr": "Confidentiel.",
    "hours_en": "Weekdays from 9 to 5.",
    "hours_fr": "En semaine, de 9 h à 17 h.",
    "speaks_fr": "yes",
    "country": "FR",
}


@pytest.fixture
def book(console: Console) -> Console:
    """A console that knows the shipped contacts and a file of the organisation's."""
    book = load_support(DATA, None)
    book.own = (FILE,)
    console.deps = replace(console.deps, support=book)
    console.app = build_app({}, None, replace(console.site, deps=console.deps))
    return console


@pytest.fixture
def ada(book: Console) -> Browser:
    """An administrator of that console."""
    return book.signed_in()


def previews(page: str) -> list[str]:
    return [
        unescape(re.sub(r"</?b>", "", said))
        for said in re.findall(r'<div class="said"[^>]*>(.*?)</div>', page, re.DOTALL)
    ]


def says(book: Console, zone: str) -> str:
    """Return whom the chat names to somebody in a zone, without tags."""
    kim = Manager(book, 1)
    kim.deps = replace(kim.deps, support=book.deps.support, zone=zone)
    kim.follows("")
    said = kim.does(meet_distress, "I cannot go on", always=True)
    return unescape(re.sub(r"</?b>", "", said))


def test_what_is_kept_is_named_first(book: Console, ada: Browser) -> None:
    """From the next message on the chat names it, before the file's and the public ones."""
    assert "Works doctor" not in says(book, "Europe/Paris")
    ada.posts("/support", **FORM)
    said = says(book, "Europe/Paris")
    line = (
        "• Works doctor: +33 1 23 45 67 89. Confidential <always>. Weekdays from 9 to 5. In French."
    )
    assert line in said
    places = [said.index(name) for name in ("Works doctor", "Chaplain", "3114")]
    assert places == sorted(places)
    abroad = says(book, "Europe/London")
    assert "Works doctor" not in abroad and "Chaplain" in abroad and "999" in abroad


def test_the_preview_is_what_the_chat_says(book: Console, ada: Browser) -> None:
    """Both languages are shown, letter by letter as in the chat; also before it is kept."""
    page = ada.posts("/support/preview", form_on="/support", **FORM)
    tried = previews(page.text)
    assert len(tried) == 2 and "Works doctor" in tried[0] and "Médecin du travail" in tried[1]
    assert "Works doctor" not in says(book, "Europe/Paris")
    ada.posts("/support", **FORM)
    english, french = previews(ada.gets("/support?country=FR").text)
    assert [english, french] == tried
    assert english in says(book, "Europe/Paris")
    elsewhere = previews(ada.gets("/support?country=default").text)[0]
    assert "Works doctor" not in elsewhere and "findahelpline.com" in elsewhere


def test_changed_and_removed(book: Console, ada: Browser) -> None:
    """A change takes the place of what was; without any, file and public ones are still named."""
    ada.posts("/support", **FORM)
    page = ada.gets("/support/1").text
    assert 'value="Weekdays from 9 to 5."' in page and 'value="FR" selected' in page
    tried = ada.posts(
        "/support/preview", form_on="/support", **{**FORM, "number": "4713", "contact_id": "1"}
    )
    assert "4713" in previews(tried.text)[0] and "+33" not in previews(tried.text)[0]
    ada.posts("/support/1", **{**FORM, "number": "4713", "country": "default"})
    said = says(book, "Europe/London")
    assert "4713" in said and "+33" not in said
    ada.posts("/support/1/remove", form_on="/support")
    said = says(book, "Europe/Paris")
    assert "4713" not in said and "Chaplain" in said and "3114" in said
    log = ada.gets("/audit").text
    assert all(f"support.{what}" in log for what in ("add", "change", "remove"))
    assert ada.gets("/support/1").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name_fr", " ", "Please fill in: Name (French)."),
        ("note_en", "x" * 301, "Longer than 300 characters: What for (English)."),
        ("hours_fr", "", "Please fill in: Hours (French)."),
        ("note_fr", "a\x07b", "cannot be shown: What for (French)."),
        ("number", "call us", "no phone number, web or mail address"),
        ("number", "javascript:alert(1)", "no phone number, web or mail address"),
        ("number", "http://example.org", "no phone number, web or mail address"),
        ("number", "", "give a phone number or a link"),
        ("country", "XX", "There is no such country"),
    ],
)
def test_what_is_wrong_is_said(ada: Browser, field: str, value: str, said: str) -> None:
    """A contact that could not be used is refused with the reason; what was typed stays."""
    page = ada.posts("/support", **{**FORM, field: value})
    assert page.status_code == 400 and said in page.text
    assert 'value="Works doctor"' in page.text and "/support/1" not in page.text


def test_few_are_enough(ada: Browser) -> None:
    """Beyond a dozen no more are taken: who is in distress reads few."""
    for n in range(12):
        ada.posts("/support", **{**FORM, "number": f"47{n:02}"})
    page = ada.posts("/support", **FORM)
    assert page.status_code == 400 and "12 contacts already" in page.text


def test_only_administrators(console: Console, hr: Browser) -> None:
    """A facilitator neither sees nor changes whom the chat names."""
    hr.posts("/support", **FORM)
    max_ = console.signed_in("max@example.org", HrRole.FACILITATOR)
    for path in ("/support", "/support/1", "/support/preview"):
        assert max_.gets(path).status_code == 403, path
    for path in ("/support", "/support/1", "/support/preview", "/support/1/remove"):
        assert max_.posts(path, form_on="/cohorts", **FORM).status_code == 403, path
