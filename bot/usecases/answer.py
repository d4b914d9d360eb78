"""Answer the open question, in words or by a button."""

import re
from datetime import date

from bot.coaching.depth import FEW, FEW_ASKED, is_empty, is_thin
from bot.coaching.practice import SCALE, Form, Kind, Step
from bot.coaching.reading import Unreadable, read
from bot.coaching.run import Given, RunState, next_step
from bot.coaching.times import clock_in
from bot.usecases import endings, questions
from bot.usecases.messages import Told
from bot.usecases.nudges.outcome import note_answer
from bot.usecases.plans import due_text
from bot.usecases.records import Answer, Plan, PlanState, Run, Served
from bot.usecases.turn import CONSENT, Turn

# A thin answer is followed by a question so often in a run at most.
MAX_DEEPENED = 2
# Between what was said first and what was added.
MORE = "\n\n"


def answer(turn: Turn) -> None:
    """Take the message as the answer to the open question."""
    if turn.incoming.told is Told.PRESS:
        return press(turn)
    step = turn.step
    if step is None:
        return not_understood(turn)
    try:
        given = read(step, turn.incoming.text, turn.today)
    except Unreadable as unreadable:
        return not_understood(turn, unreadable.reason)
    accept(turn, step, given)


def press(turn: Turn) -> None:
    """Take a button as the answer, if its question is still the open one."""
    run_id, _, rest = turn.incoming.text.partition(".")
    step_id, _, choice = rest.rpartition(".")
    step, run = turn.step, turn.run
    current = run is not None and step is not None and (run_id, step_id) == (str(run.id), step.id)
    given = pressed(turn, step, choice) if current and step else None
    if given is None or step is None:
        turn.settle_pressed()
        turn.say("late_press")
        return
    turn.settle_pressed(questions.title(turn, step, given))
    if given.skipped:
        return pass_over(turn)
    accept(turn, step, given)


def pressed(turn: Turn, step: Step, choice: str) -> Given | None:
    """Return what a button of this step stands for, or None when it has no such button."""
    if choice == questions.SKIP:
        return Given()
    match step.kind:
        case Kind.RATING if choice.isdecimal() and int(choice) in SCALE:
            return Given(number=int(choice))
        case Kind.CHOICE | Kind.REVIEW if step.choice(choice):
            return Given(choice=choice)
        case Kind.DATE if choice.startswith("d"):
            return _pressed_day(choice[1:], turn.today)
        case Kind.PERSON if choice.startswith("p"):
            named = next((s for s in turn.served if f"p{s.id}" == choice), None)
            return Given(words=named.nickname) if named else None
    return None


def _pressed_day(text: str, today: date) -> Given | None:
    """Return the day of a button, unless it has passed since the button was shown."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Given(day=day) if day >= today else None


def say_yes_or_no(turn: Turn, choice_id: str) -> None:
    """Take a yes or a no as the answer where the open question offers it."""
    step = turn.step
    if step is None:
        turn.say("affirm_idle" if choice_id == "yes" else "deny_idle")
    elif turn.deepening and choice_id == "no":
        pass_over(turn)
    elif step.choice(choice_id) and not step.exact:
        accept(turn, step, Given(choice=choice_id))
    else:
        not_understood(turn)


def accept(turn: Turn, step: Step, given: Given) -> None:
    """Keep an answer that fits its question, and go on."""
    if turn.run is not None and turn.run.practice == CONSENT:
        return endings.decide_consent(turn, given)
    if turn.deepening:
        return _take_more(turn, step, given)
    keep(turn, step, given)
    _acknowledge(turn, step, given)
    if _asks_for_more(turn, step, given):
        turn.answers[step.id].deepened = True
        return turn.ask()
    advance(turn)


def _asks_for_more(turn: Turn, step: Step, given: Given) -> bool:
    """Tell whether a thin answer is to be followed by a gentle question: seldom in one run."""
    if step.kind is not Kind.TEXT or given.words is None:
        return False
    if turn.practice is not None and turn.practice.dialogue:
        return False  # "London" is all that was asked for.
    if sum(answer.deepened for answer in turn.answers.values()) >= MAX_DEEPENED:
        return False
    return is_thin(given.words, few=FEW_ASKED if step.deepen else FEW)


def _take_more(turn: Turn, step: Step, given: Given) -> None:
    """Put what was added behind what was said first; "nothing" adds nothing."""
    if given.words is None or is_empty(given.words):
        return pass_over(turn)
    answer = turn.answers[step.id]
    first = re.sub(r"\n\s*\n", "\n", answer.words or "")
    answer.take(Given(words=f"{first}{MORE}{given.words}"))
    answer.update_id = turn.incoming.update_id
    turn.uow.flush()
    _acknowledge(turn, step, given)
    advance(turn)


def pass_over(turn: Turn) -> None:
    """Leave the open question unanswered and go on; an earlier answer to it stands."""
    step = turn.step
    if step is None:
        return turn.say("nothing_open")
    if turn.practice is not None and turn.practice.dialogue:
        if step.kind is not Kind.TEXT:
            return not_understood(turn)
        keep(turn, step, Given())
        return advance(turn)
    if turn.practice is not None and turn.practice.form is Form.REFLECTION and not turn.answers:
        turn.end_run(RunState.DROPPED)
        return turn.say("reflection_passed")
    if step.id not in turn.given:
        keep(turn, step, Given())
    turn.say("skipped")
    advance(turn)


def keep(turn: Turn, step: Step, given: Given) -> None:
    """Write the answer, and what follows from it: whom the run is about, the plan, its day."""
    run = turn.run
    assert run is not None and run.id is not None
    answer = turn.answers.get(step.id)
    if answer is None:
        if not turn.answers:
            note_answer(turn.uow, run.id, turn.now)
        answer = Answer(run.id, step.id, turn.incoming.update_id, turn.now)
        turn.uow.add(answer)
        turn.answers[step.id] = answer
    answer.take(given)
    answer.update_id, answer.message_ref = turn.incoming.update_id, turn.incoming.message_ref
    if step.kind is Kind.PERSON:
        former, run.about_id = run.about_id, _named(turn, given)
        _forget_misspelt(turn, run, former)
    if step.kind is Kind.PLAN:
        _keep_plan(turn, run.id, given)
    if step.kind is Kind.DATE:
        _date_plan(turn, run.id, given)
    if step.kind is Kind.REVIEW and turn.reviewed is not None:
        turn.reviewed.settle(PlanState(given.choice or PlanState.OPEN), turn.now)
    turn.uow.flush()


def _named(turn: Turn, given: Given) -> int | None:
    if given.words is None:
        return None
    same = given.words.casefold()
    known = next((s for s in turn.served if s.nickname.casefold() == same), None)
    if known is None:
        known = Served(turn.person_id, given.words, turn.now)
        turn.uow.add(known)
        turn.uow.flush()
        turn.served.insert(0, known)
    known.named_at = turn.now
    return known.id


def _forget_misspelt(turn: Turn, run: Run, former: int | None) -> None:
    """Drop a nickname that was corrected before any other run was about it."""
    others = (other for other in turn.uow.runs(turn.person_id) if other is not run)
    if former in (None, run.about_id) or any(other.about_id == former for other in others):
        return
    misspelt = next(served for served in turn.served if served.id == former)
    turn.served.remove(misspelt)
    turn.uow.flush()
    turn.uow.delete(misspelt)


def _keep_plan(turn: Turn, run_id: int, given: Given) -> None:
    plan = turn.uow.plan_of(run_id)
    if plan is not None and given.words is None:
        turn.uow.delete(plan)
    elif plan is not None and given.words is not None:
        # A day that was asked for apart stands when only the words change.
        plan.words, plan.due = given.words, given.day or plan.due
        plan.at = clock_in(given.words, bare=False) or plan.at
    elif given.words is not None:
        plan = Plan(turn.person_id, run_id, given.words, turn.now, due=given.day)
        plan.at = clock_in(given.words, bare=False)
        turn.uow.add(plan)


def _date_plan(turn: Turn, run_id: int, given: Given) -> None:
    plan = turn.uow.plan_of(run_id)
    if plan is not None:
        plan.due = given.day
        if turn.incoming.told is not Told.PRESS:
            plan.at = clock_in(turn.incoming.text) or plan.at


def _acknowledge(turn: Turn, step: Step, given: Given) -> None:
    if turn.practice is None or turn.practice.form in (Form.DIALOGUE, Form.REFLECTION):
        return
    if turn.practice.form is Form.CHECK_IN and step.kind is Kind.RATING:
        return  # Six taps in a row are to be quick.
    if given.day is None:
        return turn.say("noted")
    plan = turn.uow.plan_of(turn.run.id) if turn.run and turn.run.id else None
    day = due_text(turn, plan) if plan else turn.deps.texts.day(turn.language, given.day)
    turn.say("plan_noted" if step.kind is Kind.PLAN else "date_noted", date=day)


def advance(turn: Turn) -> None:
    """Ask the next question, or bring the run to its end."""
    assert turn.practice is not None
    following = next_step(turn.practice, turn.given, reviews=bool(turn.run and turn.run.reviews))
    if following is None:
        return endings.end(turn)
    turn.move_to(following)
    turn.ask()


def not_understood(turn: Turn, reason: str = "not_understood") -> None:
    """Say honestly what was not understood, and ask the open question again."""
    step = turn.step
    if reason != "not_understood":
        turn.say(reason)
    elif step is None:
        turn.say("not_understood_idle")
    elif step.kind is Kind.RATING and step.low and step.high:
        low, high = step.low[turn.language], step.high[turn.language]
        turn.say("not_understood_rating", low=low, high=high)
    elif step.kind is Kind.DATE:
        turn.say("not_understood_date")
    elif step.kind in (Kind.CHOICE, Kind.REVIEW):
        turn.say("not_understood_choice")
    else:
        turn.say("not_understood_idle")
    turn.ask()
