"""Places and their time zones, offline, by the names of both languages."""

from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.places import Places, is_zone
from bot.coaching.practice import LANGUAGES
from bot.texts.places import load_places, names_of_places

DATA = Path(__file__).parents[2] / "data"
ONE = {
    "I’m in Tokyo this week": "Asia/Tokyo",
    "my time zone is Berlin": "Europe/Berlin",
    "we moved the office to London": "Europe/London",
    "i am in new york until friday": "America/New_York",
    "in Washington DC": "America/New_York",
    "portland maine": "America/New_York",
    "Birmingham, UK": "Europe/London",
    "change my time zone to Ho Chi Minh City": "Asia/Ho_Chi_Minh",
    "Kathmandu": "Asia/Kathmandu",
    "we are in Germany now": "Europe/Berlin",
    "in bali": "Asia/Makassar",
    "California": "America/Los_Angeles",
    "je suis à Londres": "Europe/London",
    "je suis au Caire": "Africa/Cairo",
    "à Pékin jusqu’au 3 mars": "Asia/Shanghai",
    "a moscou": "Europe/Moscow",
    "mon fuseau est celui de Genève": "Europe/Zurich",
    "je pars à Nice": "Europe/Paris",
    "j’habite à la Réunion": "Indian/Reunion",
    "je suis en Suisse": "Europe/Zurich",
    "en vacances à Majorque": "Europe/Madrid",
    "nouméa": "Pacific/Noumea",
    "UTC+2": "Etc/GMT-2",
    "GMT -5": "Etc/GMT+5",
    "UTC": "Etc/UTC",
    "I’m on CET": "Europe/Paris",
    "EST please": "America/New_York",
    "Europe/Rome": "Europe/Rome",
}
SEVERAL = {
    "Portland": ["America/Los_Angeles", "America/New_York"],
    "je suis à Birmingham": ["Europe/London", "America/Chicago"],
    "I am in Spain": ["Europe/Madrid", "Atlantic/Canary"],
    "aux États-Unis": ["America/New_York", "America/Chicago", "America/Los_Angeles"],
    "IST": ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"],
}
NONE = ["", "change my time zone", "my time zone is wrong", "that’s nice", "UTC+5:30", "UTC+99"]
NONE += ["mon fuseau horaire", "est-ce que vous êtes là ?", "I am back home", "le mien est faux"]


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places(DATA)


@pytest.mark.parametrize(("text", "zone"), ONE.items(), ids=ONE)
def test_a_place_is_known(places: Places, text: str, zone: str) -> None:
    """A city, a country of one zone, an offset or an abbreviation is one zone."""
    assert [place.zone for place in places.find(text)] == [zone]


@pytest.mark.parametrize(("text", "zones"), SEVERAL.items(), ids=SEVERAL)
def test_what_may_be_several_places_is_all_of_them(
    places: Places, text: str, zones: list[str]
) -> None:
    """At most three, that with most people first; each a zone of its own."""
    assert [place.zone for place in places.find(text)] == zones


@pytest.mark.parametrize("text", NONE)
def test_no_place_is_guessed(places: Places, text: str) -> None:
    """Where no place is named, or a zone that is none, nothing is found."""
    assert places.find(text) == []


@pytest.mark.parametrize(
    ("text", "country"), [("public holidays of France", "FR"), ("les jours fériés suisses", None)]
)
def test_a_country_is_known(places: Places, text: str, country: str | None) -> None:
    """A country by its name, none by an adjective."""
    assert places.country(text) == country


@settings(deadline=None)
@given(text=st.text())
def test_every_zone_found_exists(places: Places, text: str) -> None:
    """Whatever is written, what is found is a zone, and at most three."""
    found = places.find(text)
    assert len(found) <= 3 and all(is_zone(place.zone) for place in found)


def test_every_zone_has_a_name_in_both_languages() -> None:
    """Each zone that is called after a city is named in both languages, and exists."""
    named = [set(names_of_places(language)["zones"]) for language in LANGUAGES]
    assert named[0] == named[1] and len(named[0]) > 400
    assert named[0] <= available_timezones()
