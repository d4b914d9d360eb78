"""`leo hr …`: who may sign in to the console."""

from typing import Annotated

import typer

from bot import wiring
from bot.cli.common import settings, tell
from bot.service import now
from bot.usecases.accounts import invite
from bot.usecases.cohorts import care
from bot.usecases.hr import THE_SHELL
from bot.usecases.records import HrRole

app = typer.Typer(help="People of HR and their console.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="Their mail address.")]


@app.command("invite")
def invite_hr(
    email: Email,
    role: Annotated[HrRole, typer.Option(help="What they may do.")] = HrRole.ADMINISTRATOR,
    cohort: Annotated[
        list[str] | None, typer.Option(help="A cohort for a facilitator; may be given again.")
    ] = None,
) -> None:
    """Print a one-time link by which somebody of HR chooses a password; good for three days."""
    read = settings()
    deps = wiring.hr(read)
    ids = [care.named(deps, THE_SHELL, name).id for name in cohort or ()]
    token = invite.invite(
        deps, THE_SHELL, email, role, now(), [one for one in ids if one is not None]
    )
    typer.echo(f"{read.console_root}/welcome/{token}")


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
