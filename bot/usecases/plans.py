"""The plans of a person: which are open, and which one a check-in looks back at."""

from bot.usecases.records import Plan, PlanState
from bot.usecases.turn import Talk


def open_plans(turn: Talk) -> list[Plan]:
    """Return the plans that nothing became of yet, the latest made first."""
    plans = turn.uow.plans(turn.person_id)
    return [plan for plan in reversed(plans) if plan.state is PlanState.OPEN]


def to_review(turn: Talk) -> Plan | None:
    """Return the latest open plan whose day has come, or None."""
    return next((plan for plan in open_plans(turn) if _is_due(turn, plan)), None)


def _is_due(turn: Talk, plan: Plan) -> bool:
    """Tell whether its day has come; one without a day may be asked about the next day."""
    if plan.due is not None:
        return plan.due <= turn.today
    return turn.local(plan.made_at).date() < turn.today


def due_text(turn: Talk, plan: Plan) -> str:
    """Return a plan's day in words, with its hour if it has one; "" where it has no day."""
    if plan.due is None:
        return ""
    day = turn.deps.texts.day(turn.language, plan.due)
    return f"{day}, {plan.at:%H:%M}" if plan.at else day
