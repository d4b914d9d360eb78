"""Show the plans somebody made, and note what became of them."""

from bot.coaching.practice import REVIEWS, Kind
from bot.coaching.run import Given
from bot.usecases.answer import accept
from bot.usecases.messages import Button, deed
from bot.usecases.plans import due_text, open_plans
from bot.usecases.records import Plan, PlanState
from bot.usecases.turn import Turn

MAX_SHOWN = 6


def see_plans(turn: Turn) -> None:
    """Show the open plans, to be ticked off."""
    _show(turn, "plans")
    turn.ask()


def plan_done(turn: Turn, ticked: str = "") -> None:
    """Note what became of a plan: the one ticked ("17-partly"), or the only open one as done."""
    if ticked:
        return _tick(turn, ticked)
    step, plans = turn.step, open_plans(turn)
    if step is not None and step.kind is Kind.REVIEW:
        return accept(turn, step, Given(choice=PlanState.DONE))
    if len(plans) == 1:
        _settle(turn, plans[0], PlanState.DONE)
    else:
        _show(turn, "plans_which")
    turn.ask()


def _tick(turn: Turn, ticked: str) -> None:
    number, _, state = ticked.partition("-")
    plan = turn.uow.plan(int(number)) if number.isdecimal() else None
    if plan is None or plan.person_id != turn.person_id or state not in REVIEWS:
        turn.say("late_press")
        return turn.ask()
    _settle(turn, plan, PlanState(state))
    if open_plans(turn):
        _show(turn, "plans")
    turn.ask()


def _settle(turn: Turn, plan: Plan, state: PlanState) -> None:
    plan.settle(state, turn.now)
    turn.uow.flush()
    turn.say(f"plan_is_{state}", plan=plan.words)
    turn.close_message()


def _show(turn: Turn, key: str) -> None:
    """Say which plans are open, with a row of buttons for each."""
    everything = open_plans(turn)
    plans = everything[:MAX_SHOWN]
    if not plans:
        return turn.say("plans_none")
    items = [(plan.words, due_text(turn, plan)) for plan in plans]
    turn.say(key, items=items, more=len(everything) - len(plans))
    turn.close_message(
        tuple(_ticks(turn, plan, number) for number, plan in enumerate(plans, start=1))
    )


def _ticks(turn: Turn, plan: Plan, number: int) -> tuple[Button, ...]:
    return tuple(
        deed(f"{number} · {turn.word(f'tick_{state}')}", "plan_done", f"{plan.id}-{state}")
        for state in REVIEWS
    )
