"""Public holidays by country, from the library `holidays`."""

from datetime import date
from functools import cache

import holidays


def is_holiday(country: str, day: date) -> bool:
    """Tell whether a day is a public holiday in a country ("FR"); never in one unknown."""
    return day in _of_year(country.upper(), day.year)


def is_known(country: str) -> bool:
    """Tell whether a country's holidays are known."""
    return country.upper() in holidays.list_supported_countries(include_aliases=False)


@cache
def _of_year(country: str, year: int) -> frozenset[date]:
    if not is_known(country):
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))
