"""Places and their time zones, offline: "I'm in Tokyo this week", "UTC+2", "CET"."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.coaching.times import fold

MAX_CHOICES = 3
# A town this much smaller than the largest of its name is not the one that is meant.
SMALL = 0.05
LONGEST_NAME = 5
# What people write for a zone, in capitals, and the zone of the place they have in mind.
_ABBREVIATIONS = {
    "Europe/Paris": "CET CEST",
    "Europe/London": "BST",
    "Europe/Lisbon": "WET WEST",
    "Europe/Athens": "EET EEST",
    "Europe/Moscow": "MSK",
    "America/New_York": "EST EDT ET",
    "America/Chicago": "CST CDT CT",
    "America/Denver": "MST MDT MT",
    "America/Los_Angeles": "PST PDT PT",
    "America/Sao_Paulo": "BRT",
    "Africa/Johannesburg": "SAST",
    "Africa/Nairobi": "EAT",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Asia/Singapore": "SGT",
    "Asia/Hong_Kong": "HKT",
    "Australia/Sydney": "AEST AEDT",
    "Australia/Perth": "AWST",
    "Pacific/Auckland": "NZST NZDT",
    "Etc/UTC": "UTC GMT",
}
# These are the zones of several countries.
_SHARED = {"IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")}
_BY_ABBREVIATION = {
    **{name: (zone,) for zone, names in _ABBREVIATIONS.items() for name in names.split()},
    **_SHARED,
}
_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")
_OFFSET = re.compile(
    r"\b(?:UTC|GMT)\s*(?P<sign>[+-]|plus|minus|moins)\s*(?P<hours>\d{1,2})(?P<rest>[:h.]\d\d)?\b",
    re.IGNORECASE,
)
_IANA = re.compile(r"\b[A-Z]\w+(?:/[A-Z][\w-]+){1,2}\b")
_BEFORE = " in at to from near around a au aux en dans de depuis pour vers sur "
# Towns whose names are words of every day: only behind a word such as "in".
_EVERYDAY = (
    " time zone nice mobile reading bath orange most date same split tours lens sens central change"
    " sale hall angers salut this home week work back here "
)


@dataclass(frozen=True)
class Place:
    """A place by its own name, with its country (ISO) and region where it is a city."""

    zone: str
    name: str = ""
    country: str = ""
    region: str = ""
    people: int = 0


class Places:
    """Knows places by any of their names."""

    def __init__(
        self,
        cities: Iterable[tuple[Place, Collection[str]]],
        countries: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    ) -> None:
        """Take cities with their plain names, and by country its zones and its names."""
        self._cities: dict[str, list[Place]] = defaultdict(list)
        for city, names in cities:
            for name in names:
                self._cities[name].append(city)
        self._countries = {
            plain(name): country for country, (_, names) in countries.items() for name in names
        }
        self._zones = {country: zones for country, (zones, _) in countries.items()}
        regions = {city.region for same in self._cities.values() for city in same}
        self._regions = {plain(region): region for region in regions if region}

    def find(self, text: str) -> list[Place]:
        """Return the places that a text may mean, one a zone, at most MAX_CHOICES; none: []."""
        by_zone = _zones_named(text)
        if by_zone is not None:
            return by_zone
        words = plain(text).split()
        found = self._named(words)
        return _one_a_zone(found)[:MAX_CHOICES]

    def country(self, text: str) -> str | None:
        """Return the ISO code of the country that a text names, or None."""
        words = plain(text).split()
        spans = (s for s in _spans(words) if " ".join(words[s[0] : s[1]]) in self._countries)
        start, end = next(spans, (0, 0))
        return self._countries.get(" ".join(words[start:end]))

    def _named(self, words: list[str]) -> list[Place]:
        country = self.country(" ".join(words))
        runs = (" ".join(words[start:end]) for start, end in _spans(words))
        regions = {self._regions[name] for name in runs if name in self._regions}
        for start, end in _spans(words):
            name = " ".join(words[start:end])
            cities = self._cities.get(name, ())
            if cities and _is_said_as_a_place(words, start, end):
                return _meant(cities, country, regions)
        if country is None:
            return []
        return [Place(zone, country=country) for zone in self._zones[country]]


def plain(name: str) -> str:
    """Return a name as it is looked up: no case, accents, signs."""
    return re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()


def _spans(words: list[str]) -> list[tuple[int, int]]:
    """Return the runs of words, those behind a word such as "in" first, then the longest."""
    spans = [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST_NAME, len(words)) + 1)
    ]
    return sorted(spans, key=lambda s: (not _is_behind_in(words, s[0]), s[0] - s[1]))


def _is_behind_in(words: list[str], start: int) -> bool:
    return start > 0 and f" {words[start - 1]} " in _BEFORE


def _is_said_as_a_place(words: list[str], start: int, end: int) -> bool:
    name = " ".join(words[start:end])
    if _is_behind_in(words, start):
        return len(name) > 2 and words[start] not in ("this", "the", "la", "le", "my", "mon")
    return len(name) > 3 and f" {name} " not in _EVERYDAY


def _meant(cities: Sequence[Place], country: str | None, regions: set[str]) -> list[Place]:
    """Return those of one name that may be meant: in what is named beside it, not far smaller."""
    here = [c for c in cities if c.region in regions] or [c for c in cities if c.country == country]
    near = here or sorted(cities, key=lambda city: -city.people)
    largest = max(city.people for city in near)
    return [city for city in near if city.people >= largest * SMALL]


def _one_a_zone(places: list[Place]) -> list[Place]:
    return list({place.zone: place for place in reversed(places)}.values())[::-1]


def _zones_named(text: str) -> list[Place] | None:
    """Return the zones that a text names as such, or None: an offset, an abbreviation, an id."""
    offset = _OFFSET.search(text)
    if offset is not None:
        zone = _fixed(offset)
        return [Place(zone)] if zone else []
    for name in _IANA.findall(text):
        if is_zone(name):
            return [Place(name)]
    for name in _CAPITALS.findall(text):
        if name in _BY_ABBREVIATION:
            return [Place(zone) for zone in _BY_ABBREVIATION[name]]
    return None


def _fixed(offset: re.Match[str]) -> str | None:
    """Return the zone of a whole number of hours from UTC; its name counts the other way round."""
    hours = int(offset["hours"])
    if offset["rest"] and not offset["rest"].endswith("00"):
        return None
    if hours == 0:
        return "Etc/UTC"
    sign = "-" if offset["sign"] in ("+", "plus") else "+"
    name = f"Etc/GMT{sign}{hours}"
    return name if is_zone(name) else None


def is_zone(name: str) -> bool:
    """Tell whether there is a zone of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
