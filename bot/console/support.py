"""The pages about the organisation's contacts for people in distress."""

from typing import Any

from starlette.responses import Response

from bot.coaching.practice import LANGUAGES
from bot.coaching.support import EVERYWHERE, lines
from bot.console.site import Visit
from bot.usecases import support
from bot.usecases.hr import Refused, only_administrators
from bot.usecases.records import OwnContact

PARTS = ("name", "note", "hours")


def show_support(visit: Visit) -> Response:
    """All contacts, what the chat shows of them, and the form for another one."""
    own = support.contacts(visit.site.deps, visit.who)
    country = visit.request.query_params.get("country", "")
    known = country in visit.site.deps.support.countries or country == EVERYWHERE
    return _page(visit, own, country if known else _here(visit), given=_given(None))


def show_contact(visit: Visit) -> Response:
    """The form of one contact."""
    deps, contact_id = visit.site.deps, visit.number("contact_id")
    found = support.contact(deps, visit.who, contact_id)
    own = support.contacts(deps, visit.who)
    country = _here(visit) if found.country == EVERYWHERE else found.country
    return _page(visit, own, country, given=_given(found), contact_id=contact_id)


def show_preview(visit: Visit) -> Response:
    """What the chat would show with the contact in the form; nothing is kept."""
    wanted, changed = _wanted(visit), visit.numbers("contact_id")
    contact_id = changed[0] if changed else None
    try:
        own = support.tried(visit.site.deps, visit.who, wanted, contact_id)
    except Refused as refused:
        return _refused(visit, refused, contact_id)
    country = _here(visit) if wanted.country == EVERYWHERE else wanted.country
    if visit.by_htmx:
        return visit.page("support_preview", **_preview(visit, own, country))
    return _page(visit, own, country, given=_typed(visit), contact_id=contact_id)


def do_keep(visit: Visit) -> Response:
    """Keep a contact, a new one or one changed."""
    changing = "contact_id" in visit.request.path_params
    contact_id = visit.number("contact_id") if changing else None
    try:
        support.keep(visit.site.deps, visit.who, _wanted(visit), visit.now, contact_id)
    except Refused as refused:
        return _refused(visit, refused, contact_id)
    return visit.go("/support")


def do_remove(visit: Visit) -> Response:
    """Take a contact away."""
    support.remove(visit.site.deps, visit.who, visit.number("contact_id"), visit.now)
    return visit.go("/support")


# --- the page -------------------------------------------------------------------------------


def _refused(visit: Visit, refused: Refused, contact_id: int | None) -> Response:
    if not refused.key.startswith("contact_"):
        raise refused
    values = dict(refused.values)
    if "part" in values:
        values["part"] = visit.word(f"contact_{values['part']}")
        values["spoken"] = visit.word(f"language_{values['spoken']}")
    problem = visit.word(refused.key, **values)
    own = support.contacts(visit.site.deps, visit.who)
    if visit.by_htmx:
        values = _preview(visit, own, _here(visit))
        return visit.page("support_preview", **{**values, "preview_problem": problem})
    given = _typed(visit)
    return _page(visit, own, _here(visit), 400, given=given, contact_id=contact_id, problem=problem)


def _page(
    visit: Visit,
    own: list[OwnContact],
    country: str,
    status: int = 200,
    *,
    given: dict[str, Any],
    contact_id: int | None = None,
    problem: str | None = None,
) -> Response:
    only_administrators(visit.who)
    pages, countries = visit.site.pages, visit.site.deps.support.countries
    named = sorted((pages.country(visit.language, one), one) for one in countries)
    return visit.page(
        "support",
        status,
        own=own,
        countries=[(code, name) for name, code in named],
        languages=LANGUAGES,
        given=given,
        contact_id=contact_id,
        problem=problem,
        everywhere=EVERYWHERE,
        country_name=lambda code: pages.country(visit.language, code),
        **_preview(visit, own, country),
    )


def _preview(visit: Visit, own: list[OwnContact], country: str) -> dict[str, Any]:
    """Return what the chat says in each language, by the chat's own template."""
    contacts = support.shown(visit.site.deps.support, own, country)
    said = {
        language: visit.site.pages.chat(
            language, "distress_contacts", contacts=lines(contacts, language)
        )
        for language in LANGUAGES
    }
    return {"said": said, "shown_country": country, "preview_problem": None}


def _here(visit: Visit) -> str:
    return visit.site.deps.support.country(visit.site.zone)


def _wanted(visit: Visit) -> support.Wanted:
    parts = {
        part: {language: visit.field(f"{part}_{language}") for language in LANGUAGES}
        for part in PARTS
    }
    return support.Wanted(
        number=visit.field("number"),
        languages=[one for one in LANGUAGES if visit.field(f"speaks_{one}")],
        country=visit.field("country") or EVERYWHERE,
        **parts,
    )


def _typed(visit: Visit) -> dict[str, Any]:
    return _fields(_wanted(visit))


def _given(contact: OwnContact | None) -> dict[str, Any]:
    return _fields(contact or OwnContact({}, "", {}, {}))


def _fields(of: support.Wanted | OwnContact) -> dict[str, Any]:
    texts = {
        f"{part}_{language}": getattr(of, part).get(language, "")
        for part in PARTS
        for language in LANGUAGES
    }
    return {**texts, "number": of.number, "languages": of.languages, "country": of.country}
