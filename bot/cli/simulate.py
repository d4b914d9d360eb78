"""The command `leo simulate`: weeks of nudges in seconds, with nobody disturbed."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from bot import wiring
from bot.charts import Day, DaysPicture, draw, png
from bot.chat.terminal import plain
from bot.cli import common
from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.simulation import Plan, Result, simulate
from bot.usecases.ports import Texts

COUNTED = (NudgeState.SENT, NudgeState.ANSWERED, NudgeState.EXPIRED, NudgeState.SKIPPED)
TITLE = "What was sent, and what came of it"


def simulate_weeks(
    people: Annotated[int, typer.Option(min=1, help="How many people.")] = 50,
    weeks: Annotated[int, typer.Option(min=1, help="How many weeks.")] = 4,
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = datetime(2027, 3, 1),  # noqa: DTZ001  # A day, the same each time.
    show: Annotated[str, typer.Option(help="Print the weeks of one person, called so.")] = "",
    language: Annotated[
        common.Language, typer.Option(help="The language of the one who is shown.")
    ] = common.Language.EN,
    seed: Annotated[int, typer.Option(help="Other people, with the same habits.")] = 1,
    plot: Annotated[Path, typer.Option(help="Where to draw the days.")] = Path("simulation.png"),
) -> None:
    """Let people live for weeks with the real scheduler and sender, on a virtual clock.

    Nothing is kept and nobody is written to: the store is a file for the time being, and Telegram
    a double inside this process.
    """
    with tempfile.TemporaryDirectory(prefix="leo-simulation-") as folder:
        settings = common.settings().model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": SecretStr(f"sqlite:///{folder}/leo.db"),
                "encryption_keys": None,
            }
        )
        house = wiring.house(settings)
        plan = Plan(people, weeks, first.date(), show, language.value, seed, settings.telegram_rate)
        result = simulate(house.deps, plan, draw)
        house.engine.dispose()
    for line in (*_read(result, house.deps.texts, language.value), *_table(result)):
        typer.echo(line)
    plot.write_bytes(png(_picture(result)))
    common.tell(f"Drawn: {plot}")


def _read(result: Result, texts: Texts, language: str) -> Iterable[str]:
    """Yield what the person shown read, and said."""
    for at, by_leo, text, titles in result.shown:
        yield f"{texts.day(language, at.date())}, {at:%H:%M}" + ("" if by_leo else "  >")
        yield plain(text)
        if titles:
            yield "  ".join(f"[{title}]" for title in titles)
        yield ""


def _table(result: Result) -> Iterable[str]:
    columns: dict[str, Callable[[NudgeKind], int]] = {
        "planned": lambda kind: result.planned[kind],
        **{
            str(state): lambda kind, state=state: result.states[kind, state]  # type: ignore[misc]
            for state in COUNTED
        },
        "late": lambda kind: result.late[kind],
    }
    yield f"{'':10}" + "".join(f"{name:>10}" for name in columns)
    for kind in NudgeKind:
        yield f"{kind:10}" + "".join(f"{count(kind):>10}" for count in columns.values())
    totals = (sum(count(kind) for kind in NudgeKind) for count in columns.values())
    yield f"{'together':10}" + "".join(f"{total:>10}" for total in totals)
    yield (
        f"{result.messages} messages sent, {result.duplicate} duplicate, "
        f"{result.refused} refused by Telegram's limits"
    )


def _picture(result: Result) -> DaysPicture:
    dates = {day for day, _ in result.days}
    first, last = min(dates, default=None), max(dates, default=None)
    count = (last - first).days + 1 if first and last else 0
    every = [first + timedelta(days=n) for n in range(count)] if first else []
    days = [
        Day(
            f"{day:%d.%m.}",
            result.days[day, NudgeState.SENT],
            result.days[day, NudgeState.ANSWERED],
            result.days[day, NudgeState.EXPIRED],
        )
        for day in every
    ]
    return DaysPicture(TITLE, days, *COUNTED[:3])
