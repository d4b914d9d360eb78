"""Reading the places that Leo knows: cities and countries, with their names and time zones."""

from collections.abc import Collection, Mapping
from csv import DictReader
from pathlib import Path
from typing import Any

from bot.coaching.places import Place, Places, plain
from bot.coaching.practice import LANGUAGES
from bot.texts.files import parse_yaml

HERE = Path(__file__).resolve().parent


def load_places(data: Path) -> Places:
    """Read `data/places`, and what places are called in each language."""
    names = [names_of_places(language) for language in LANGUAGES]
    by_zone: dict[str, list[str]] = {}
    for one in names:
        for zone, city in one["zones"].items():
            by_zone.setdefault(zone, []).append(city)
    cities: list[tuple[Place, Collection[str]]] = [
        (
            Place(row["zone"], row["name"], row["country"], row["region"], int(row["people"])),
            row["names"].split("|"),
        )
        for row in _rows(data / "places" / "cities.tsv")
    ]
    # The city after which a zone is called may be in no list of cities, or go by another name.
    cities += [
        (Place(zone, called[0]), {plain(name) for name in called})
        for zone, called in by_zone.items()
    ]
    countries = {
        row["country"]: (
            row["zones"].split(),
            [name for name in row["other names"].split("|") if name]
            + [one["countries"][row["country"]] for one in names],
        )
        for row in _rows(data / "places" / "countries.tsv")
    }
    return Places(cities, countries)


def names_of_places(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return what `zones` and `countries` are called in a language."""
    text = (HERE / language / "places.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = parse_yaml(text)
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(DictReader(lines, delimiter="\t", quoting=3))
