"""Look at cohorts; pause, resume and close them."""

from datetime import datetime

from bot.usecases.hr import Actor, HrDeps, Refused, cohort_for, note
from bot.usecases.ports import Mode
from bot.usecases.ports.cohorts import Headcount
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import Cohort, CohortState

# What may become of a cohort in each state.
_STEPS = {
    CohortState.ACTIVE: {CohortState.PAUSED, CohortState.CLOSED},
    CohortState.PAUSED: {CohortState.ACTIVE, CohortState.CLOSED},
    CohortState.CLOSED: set[CohortState](),
}


def cohorts(deps: HrDeps, actor: Actor) -> list[tuple[Cohort, Headcount]]:
    """Return the cohorts that are the actor's, with how many are in them."""
    with deps.open(Mode.READ) as unit:
        return [
            (cohort, unit.enrolment.headcount(cohort.id))
            for cohort in unit.enrolment.cohorts()
            if cohort.id is not None and actor.sees(cohort.id)
        ]


def find(deps: HrDeps, actor: Actor, cohort_id: int) -> tuple[Cohort, Headcount]:
    """Return a cohort that is the actor's, with how many are in it. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        return cohort_for(unit, actor, cohort_id), unit.enrolment.headcount(cohort_id)


def named(deps: HrDeps, actor: Actor, name: str) -> Cohort:
    """Return the cohort of that name. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        cohort = unit.enrolment.named(" ".join(name.split()))
        if cohort is None or not actor.sees(cohort.id):
            raise Refused("no_cohort_named", name=name[:80])
        return cohort


def become(deps: HrDeps, actor: Actor, cohort_id: int, state: CohortState, now: datetime) -> None:
    """Pause, resume or close a cohort; to be what it is already changes nothing. Raises Refused."""
    with deps.open() as unit:
        step(unit, actor, cohort_for(unit, actor, cohort_id), state, now)


def step(
    unit: ConsoleUnit, actor: Actor, cohort: Cohort, state: CohortState, now: datetime
) -> None:
    """Bring a cohort to a state, as part of something greater. Raises Refused."""
    assert cohort.id is not None
    if cohort.state is state:
        return
    if state not in _STEPS[cohort.state]:
        raise Refused("cohort_closed", name=cohort.name)
    cohort.state, cohort.changed_at = state, now
    unit.look_again(cohort.id, now)
    note(unit, actor, f"cohort.{state}", cohort.name, now)
