"""`leo hr …`: who may sign in to the console, erasures, contacts for people in distress."""

from typing import Annotated

import typer

from bot import wiring
from bot.cli import support
from bot.cli.common import Language, checked_for_mail, settings, tell
from bot.service import now
from bot.texts.console import ConsoleTexts
from bot.usecases.accounts import invite
from bot.usecases.cohorts import care, erasure
from bot.usecases.hr import THE_SHELL
from bot.usecases.records import HrRole

app = typer.Typer(help="People of HR and their console.", no_args_is_help=True)
app.add_typer(support.app, name="support")

Email = Annotated[str, typer.Argument(help="Their mail address.")]


@app.command("invite")
def invite_hr(
    email: Email,
    role: Annotated[HrRole, typer.Option(help="What they may do.")] = HrRole.ADMINISTRATOR,
    cohort: Annotated[
        list[str] | None, typer.Option(help="A cohort for a facilitator; may be given again.")
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help="By mail, from a running Leo.")] = False,
) -> None:
    """Print or mail a one-time link by which somebody of HR chooses a password; good for 3 days."""
    read = settings()
    if mail:
        checked_for_mail(read)
    deps = wiring.hr(read)
    ids = [care.named(deps, THE_SHELL, name).id for name in cohort or ()]
    known = [one for one in ids if one is not None]

    def link(token: str) -> str:
        return f"{read.console_root}/welcome/{token}"

    by_mail = mail and read.password_sign_in
    token = invite.invite(
        deps, THE_SHELL, email, role, now(), known, mail_link=link if by_mail else None
    )
    if not read.password_sign_in:
        tell(f"{email} can sign in with the organisation's account at {read.console_root}/sign-in")
    elif by_mail:
        tell(f"A mail to {email} is queued; a running Leo sends it.")
    else:
        typer.echo(link(token))


@app.command()
def remove(email: Email) -> None:
    """Let somebody in no more; they are signed out at once."""
    invite.remove(wiring.hr(settings()), THE_SHELL, email, now())
    tell(f"{email} can no longer sign in.")


@app.command("list")
def list_hr() -> None:
    """Print who may sign in."""
    for user in invite.users(wiring.hr(settings()), THE_SHELL):
        typer.echo(f"{user.email}  {user.role}  {'' if user.password_hash else 'invited'}")


@app.command()
def erase(
    member: Annotated[int, typer.Argument(help="Their number in `leo cohort people`.")],
    reference: Annotated[
        str, typer.Option(help="Yours, such as the number of a letter; it must not name them.")
    ],
    name: Annotated[str, typer.Option(help="Their name, to be sure; else it is asked.")] = "",
) -> None:
    """Ask for all that is kept about somebody to be erased; a running Leo carries it out."""
    deps = wiring.hr(settings())
    if not name:
        for cohort, entry in erasure.consider(deps, THE_SHELL, member).entries:
            tell(f"To be erased: {cohort}, {entry.name}")
        name = typer.prompt("Type their name to erase them for good", err=True)
    number = erasure.ask(deps, THE_SHELL, member, name, reference, now())
    tell(f"Asked for. Once it is done, `leo hr receipt {number}` prints the receipt.")


@app.command("erasures")
def list_erasures() -> None:
    """Print the erasures asked for, and whether they are done."""
    for one in erasure.erasures(wiring.hr(settings()), THE_SHELL):
        done = f"done {one.done_at:%Y-%m-%d %H:%M}" if one.done_at else "asked"
        typer.echo(f"{one.id}  {one.reference}  {one.asked_by}  {done}")


@app.command("receipt")
def print_receipt(
    number: Annotated[int, typer.Argument(help="The number of the erasure.")],
    language: Annotated[Language, typer.Option(help="en or fr.")] = Language.EN,
) -> None:
    """Print the receipt of an erasure."""
    receipt = erasure.receipt(wiring.hr(settings()), THE_SHELL, number)
    typer.echo(ConsoleTexts().text(language, "receipt", receipt=receipt), nl=False)
