"""Where a person is: "I'm in Tokyo this week", "my time zone is Berlin"."""

import re
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.coaching.places import Place, plain
from bot.coaching.times import span_in, until_in
from bot.coaching.walltime import instant
from bot.usecases.messages import deed
from bot.usecases.nudges.preferences import set_preferences
from bot.usecases.ports import Mode
from bot.usecases.settings.asking import ask_about, confirm, present, undo, words_of
from bot.usecases.turn import Deps, Talk, Turn

INTENT = "change_zone"
DIALOGUE = "zone"
# How many travellers are brought home in one go.
BATCH = 200
_CODE = re.compile(r"(?P<zone>[a-z0-9-]+?)(?:--until-(?P<until>\d{8}))?")


def change_zone(turn: Turn, about: str = "") -> None:
    """Keep the local hours of another place, as a button's code or the words say; or ask."""
    found = _CODE.fullmatch(about)
    zone = _zones().get(found["zone"]) if found else None
    if zone is not None and found is not None:
        until = datetime.strptime(found["until"], "%Y%m%d").date() if found["until"] else None  # noqa: DTZ007
        return _set(turn, zone, until)
    words = words_of(turn)
    if not words:
        return ask_about(turn, DIALOGUE)
    wish_for_zone(turn, words)


def wish_for_zone(turn: Turn, words: str) -> None:
    """Keep the local hours of the place that words name; ask which where several may be meant."""
    places = turn.deps.places().find(words)
    until = _until(words, turn.today)
    if not places:
        return ask_about(turn, DIALOGUE, unread=True)
    if len(places) == 1:
        return _set(turn, places[0].zone, until, _called(places[0], words))
    turn.say("zone_which")
    confirm(turn, *(deed(_title(turn, one), INTENT, code_of(one.zone, until)) for one in places))


def code_of(zone: str, until: date | None = None) -> str:
    """Return a zone, and the day of coming home, as a button carries them."""
    return _slug(zone) + (f"--until-{until:%Y%m%d}" if until else "")


def come_home(talk: Talk) -> None:
    """End a journey: local hours are those of home again."""
    person = talk.person
    if person.home_zone is not None:
        home, person.home_zone, person.home_at = person.home_zone, None, None
        set_preferences(talk, zone=home)


def bring_home(deps: Deps, now: datetime) -> int:
    """Bring those home whose journey is over; return how many were looked at. `now` is aware."""
    with deps.open(Mode.READ) as uow:
        addresses = uow.rhythms.home_by(now, BATCH)
    for channel, address in addresses:
        with deps.open() as uow:
            person = uow.person(channel, address)
            if person is not None and person.home_at is not None and person.home_at <= now:
                come_home(Talk(deps, uow, person, now))
    return len(addresses)


def _until(words: str, today: date) -> date | None:
    """Return the first day at home again, or None for good."""
    day = until_in(words, today)
    span = span_in(words)
    return day or (span.after(today) if span else None)


def _called(place: Place, words: str) -> str:
    """Return the city by the name it was said by, if that is how it is written here, or ""."""
    return place.name if plain(place.name) in plain(words) else ""


def _set(turn: Turn, zone: str, until: date | None, city: str = "") -> None:
    person, before = turn.person, present(turn).zone
    home = person.home_zone or before
    travels = until is not None and until > turn.today and zone != home
    person.home_zone = home if travels else None
    person.home_at = instant(until, time(), ZoneInfo(zone)) if travels and until else None
    set_preferences(turn, zone=zone)
    times, local = turn.deps.texts.times, turn.now.astimezone(ZoneInfo(zone))
    turn.say(
        "zone_set",
        city=city or times.zone(turn.language, zone),
        clock=times.clock(turn.language, local.time()),
        until=turn.deps.texts.day(turn.language, until) if travels and until else "",
        home=times.zone(turn.language, home),
    )
    confirm(turn, undo(turn, INTENT, code_of(before)))


def _title(turn: Turn, place: Place) -> str:
    """Return a place with what tells it from others: "Portland (Oregon)"."""
    times = turn.deps.texts.times
    city = times.zone(turn.language, place.zone)
    name = place.name or city
    beside = place.region or times.country(turn.language, place.country)
    if not place.name and place.country:
        return f"{beside} ({city})"
    return f"{name} ({beside})" if beside else name


def _slug(zone: str) -> str:
    signed = zone.replace("GMT-", "GMT-minus-").replace("+", "-plus-")
    return re.sub(r"[^a-z0-9]+", "-", signed.lower())


@cache
def _zones() -> dict[str, str]:
    return {_slug(zone): zone for zone in sorted(available_timezones())}
