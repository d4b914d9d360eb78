"""The organisation's own contacts for people in distress, kept by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.coaching import support
from bot.coaching.practice import LANGUAGES
from bot.coaching.support import EVERYWHERE, Contact, NotAContact
from bot.usecases.hr import Actor, HrDeps, Refused, note, only_administrators
from bot.usecases.ports import Mode, Support
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import OwnContact

# Somebody in distress reads few of them.
MOST = 12


@dataclass(frozen=True)
class Wanted:
    """A contact as it was asked for, in words; `name`, `note` and `hours` are by language."""

    name: Mapping[str, str]
    number: str
    note: Mapping[str, str]
    hours: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    country: str = EVERYWHERE


def shown(book: Support, own: Sequence[OwnContact], country: str) -> list[Contact]:
    """Return whom to name to somebody in a country: HR's own, those of the file, public ones."""
    ours = [one.contact for one in own if one.reaches(country)]
    return [*ours, *book.own, *book.public(country)]


def contacts(deps: HrDeps, actor: Actor) -> list[OwnContact]:
    """Return all that were added. Raises Refused."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return unit.contacts()


def contact(deps: HrDeps, actor: Actor, contact_id: int) -> OwnContact:
    """Return one of them. Raises Refused."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return _known(unit, contact_id)


def keep(
    deps: HrDeps, actor: Actor, wanted: Wanted, now: datetime, contact_id: int | None = None
) -> int:
    """Add a contact, or change one, and return its id. Raises Refused; then nothing is changed.

    The chat names it from the next message on.
    """
    only_administrators(actor)
    read = _checked(deps, wanted)
    with deps.open() as unit:
        if contact_id is None:
            if len(unit.contacts()) >= MOST:
                raise Refused("contact_most", most=MOST)
            unit.add(read)
            unit.flush()
            kept, action = read, "support.add"
        else:
            kept, action = _known(unit, contact_id), "support.change"
            kept.name, kept.number, kept.note = read.name, read.number, read.note
            kept.hours, kept.languages, kept.country = read.hours, read.languages, read.country
        note(unit, actor, action, f"#{kept.id} {kept.number}", now)
        assert kept.id is not None
        return kept.id


def tried(
    deps: HrDeps, actor: Actor, wanted: Wanted, contact_id: int | None = None
) -> list[OwnContact]:
    """Return all contacts as they would be with this one; nothing is kept. Raises Refused."""
    only_administrators(actor)
    read = _checked(deps, wanted)
    with deps.open(Mode.READ) as unit:
        own = unit.contacts()
    if contact_id is None:
        return [*own, read]
    return [read if one.id == contact_id else one for one in own]


def remove(deps: HrDeps, actor: Actor, contact_id: int, now: datetime) -> None:
    """Take a contact away; those of the file and the public ones stay. Raises Refused."""
    only_administrators(actor)
    with deps.open() as unit:
        known = _known(unit, contact_id)
        note(unit, actor, "support.remove", f"#{known.id} {known.number}", now)
        unit.delete(known)


def _known(unit: ConsoleUnit, contact_id: int) -> OwnContact:
    found = unit.contact(contact_id)
    if found is None:
        raise Refused("no_such_contact")
    return found


def _checked(deps: HrDeps, wanted: Wanted) -> OwnContact:
    if wanted.country != EVERYWHERE and wanted.country not in deps.support.countries:
        raise Refused("contact_no_country")
    try:
        number = support.number(wanted.number)
    except NotAContact as wrong:
        raise Refused(f"contact_number_{wrong.reason}", most=support.MAX_LINE) from None
    hours = _lines("hours", wanted.hours) if any(map(str.strip, wanted.hours.values())) else {}
    return OwnContact(
        name=_lines("name", wanted.name),
        number=number,
        note=_lines("note", wanted.note),
        hours=hours,
        languages=[one for one in LANGUAGES if one in wanted.languages],
        country=wanted.country,
    )


def _lines(part: str, by_language: Mapping[str, str]) -> dict[str, str]:
    lines = {}
    for language in LANGUAGES:
        try:
            lines[language] = support.line(by_language.get(language, ""))
        except NotAContact as wrong:
            key = f"contact_line_{wrong.reason}"
            raise Refused(key, part=part, spoken=language, most=support.MAX_LINE) from None
    return lines
