"""The commands about what Leo writes of its own accord: see it before it is sent, simulate it."""

import csv
import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import wiring
from bot.cli import common
from bot.errors import LeoError
from bot.usecases.nudges.preview import Line, preview
from bot.usecases.turn import Deps

nudges = typer.Typer(help="What Leo writes of its own accord.", no_args_is_help=True)

COLUMNS = ("person", "cohort", "kind", "practice", "local_time", "zone", "utc_time")


class Format(StrEnum):
    """How a list is written."""

    CSV = "csv"


@nudges.callback()
def group() -> None:
    """Keep `preview` a command of its own."""


@nudges.command("preview")
def show_preview(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    cohort: Annotated[str, typer.Option(help="Only this cohort.")] = "",
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.CSV,
) -> None:
    """List every message that would be sent, in each person's local time."""
    if last < first:
        raise LeoError(f"--to {last:%Y-%m-%d} lies before --from {first:%Y-%m-%d}.")
    deps = wiring.house(common.settings()).deps
    cohort_id = _cohort(deps, cohort) if cohort else None
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(one) for one in preview(deps, first.date(), last.date(), cohort_id))


def _cohort(deps: Deps, name: str) -> int:
    with deps.open() as uow:
        found = uow.cohorts.named(name)
    if found is None or found.id is None:
        raise LeoError(f"There is no cohort “{name}”.")
    return found.id


def _cells(line: Line) -> tuple[str, ...]:
    local = line.slot.due_at.astimezone(ZoneInfo(line.zone))
    return (
        *(str(line.person_id), line.cohort, line.slot.kind, line.practice),
        *(local.isoformat(timespec="minutes"), line.zone),
        line.slot.due_at.isoformat(timespec="minutes"),
    )
