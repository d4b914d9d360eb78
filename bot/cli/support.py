"""`leo hr support …`: the organisation's own contacts for people in distress."""

from html import unescape
from typing import Annotated

import typer

from bot import wiring
from bot.cli.common import Language, settings, tell
from bot.coaching.support import EVERYWHERE, lines
from bot.service import now
from bot.texts.console import ConsoleTexts
from bot.usecases import support
from bot.usecases.hr import THE_SHELL

app = typer.Typer(help="Contacts for people in distress.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Its number in `leo hr support list`.")]


@app.command("list")
def list_contacts() -> None:
    """Print the contacts that were added here or in the console."""
    for one in support.contacts(wiring.hr(settings()), THE_SHELL):
        typer.echo(f"{one.id}  {one.country}  {one.name['en']}  {one.number}")


@app.command()
def add(
    number: Annotated[str, typer.Argument(help="A phone number, web or mail address.")],
    name_en: Annotated[str, typer.Option(help="What it is called, in English.")],
    name_fr: Annotated[str, typer.Option(help="The same in French.")],
    note_en: Annotated[str, typer.Option(help="What it is for, in English.")],
    note_fr: Annotated[str, typer.Option(help="The same in French.")],
    hours_en: Annotated[str, typer.Option(help="When, in English.")] = "",
    hours_fr: Annotated[str, typer.Option(help="The same in French.")] = "",
    speaks: Annotated[
        list[Language] | None, typer.Option(help="A language spoken there; may be given again.")
    ] = None,
    country: Annotated[str, typer.Option(help="Such as FR; without it, for all.")] = EVERYWHERE,
    change: Annotated[
        int | None, typer.Option(help="The number of the contact whose place it takes.")
    ] = None,
) -> None:
    """Add a contact, or change one. The chat names it from the next message on."""
    wanted = support.Wanted(
        {"en": name_en, "fr": name_fr},
        number,
        {"en": note_en, "fr": note_fr},
        {"en": hours_en, "fr": hours_fr},
        list(speaks or ()),
        country,
    )
    kept = support.keep(wiring.hr(settings()), THE_SHELL, wanted, now(), change)
    tell(f"Kept as number {kept}. `leo hr support preview` shows what the chat says.")


@app.command()
def remove(number: Number) -> None:
    """Take a contact away; those of the file and the public ones stay."""
    support.remove(wiring.hr(settings()), THE_SHELL, number, now())
    tell("Removed.")


@app.command()
def preview(
    country: Annotated[str, typer.Argument(help="Such as FR; without it, elsewhere.")] = EVERYWHERE,
    language: Annotated[Language, typer.Option(help="en or fr.")] = Language.EN,
) -> None:
    """Print whom the chat names to somebody in a country."""
    deps = wiring.hr(settings())
    shown = support.shown(deps.support, support.contacts(deps, THE_SHELL), country)
    said = ConsoleTexts().chat(language, "distress_contacts", contacts=lines(shown, language))
    typer.echo(unescape(said.replace("<b>", "").replace("</b>", "")))
