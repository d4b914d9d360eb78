"""`leo practices`: check, try and list what coaches wrote."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import preview, wiring
from bot.cli import common
from bot.cli.common import tell
from bot.errors import PracticeError
from bot.texts.page import practices_page
from bot.texts.practices import load_library, schema
from bot.texts.programmes import load_programmes

app = typer.Typer(help="The practice files.", no_args_is_help=True)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="The data folder.")] = wiring.DATA,
) -> None:
    """Check every practice file, and every programme."""
    library = load_library(folder)
    if not library:
        raise PracticeError(f"{folder} holds no practices: give a folder with practices/*.yml.")
    programmes = load_programmes(folder, library)
    tell(f"{len(library)} practices and {len(programmes)} programmes are in order.")


@app.command("preview")
def preview_practice(
    practice: Annotated[str, typer.Argument(help="Its id, such as vuca-lens.")],
    language: Annotated[common.Language, typer.Option(help="en or fr.")] = common.Language.EN,
    file: Annotated[
        Path | None, typer.Option(help="A practice file that stands elsewhere.")
    ] = None,
) -> None:
    """Walk a practice in the terminal. Nothing is kept.

    /why, /skip, /back and /stop work as in the chat.
    """
    common.run(preview.preview(practice, language.value, file, tell))


@app.command()
def page() -> None:
    """Print the page of the documentation that lists all practices."""
    library = load_library(wiring.DATA)
    typer.echo(practices_page(library, load_programmes(wiring.DATA, library)), nl=False)


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of a practice file, for editors."""
    typer.echo(json.dumps(schema(), indent=2))
