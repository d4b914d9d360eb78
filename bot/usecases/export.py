"""Hand a person everything Leo keeps about them, to read and to process."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.coaching.occurrence import NudgeState
from bot.coaching.practice import Practice
from bot.usecases import questions
from bot.usecases.letters import in_language
from bot.usecases.messages import Document, Incoming, Told
from bot.usecases.plans import due_text
from bot.usecases.records import Answer, Occurrence, Run
from bot.usecases.turn import Deps, Turn


def export(turn: Turn) -> None:
    """Send a page to read and a JSON file with everything."""
    turn.say("export_caption")
    readable, machine = documents(turn)
    turn.hand_over(readable)
    turn.hand_over(machine)
    turn.ask()


def export_on_request(
    deps: Deps, channel: str, address: str, now: datetime
) -> tuple[Document, Document] | None:
    """Return a person's documents outside the chat, or None where Leo knows nobody."""
    with deps.open() as uow:
        if uow.person(channel, address) is None:
            return None
        # Seen as if they had asked in the chat, where nothing is answered.
        return documents(Turn(deps, uow, Incoming(channel, 0, address, Told.COMMAND), now))


def documents(turn: Turn) -> tuple[Document, Document]:
    """Return the page and the JSON file."""
    page = turn.deps.texts.page(turn.language, "export", **_readable(turn))
    data = json.dumps(_everything(turn), ensure_ascii=False, indent=2)
    return Document("leo.html", page), Document("leo.json", data)


def _everything(turn: Turn) -> dict[str, Any]:
    person = turn.person
    return {
        "person": {
            "channel": person.channel,
            "address": person.address,
            "name": person.name,
            "language": person.language,
            "zone": person.zone,
            "home_zone": person.home_zone,
            "home_at": _iso(person.home_at),
            "consent_version": person.consent_version,
            "consented_at": _iso(person.consented_at),
        },
        "settings": _settings(turn),
        "consents": [
            {"version": c.version, "decision": c.decision, "at": _iso(c.at)}
            for c in turn.uow.consents(turn.person_id)
        ],
        "cohorts": [
            {
                "cohort": cohort.name,
                "name": member.name,
                "email": member.email,
                "language": member.language,
                "zone": member.zone,
                "enrolled_at": _iso(member.added_at),
                "joined_at": _iso(member.joined_at),
                "left_at": _iso(member.left_at),
            }
            for member, cohort in turn.uow.cohorts.memberships(turn.person_id)
        ],
        "people_served": [
            {"nickname": s.nickname, "named_at": _iso(s.named_at)} for s in turn.served
        ],
        "runs": [_run(turn, run) for run in turn.uow.runs(turn.person_id)],
        "plans": [
            {
                "words": plan.words,
                "due": plan.due.isoformat() if plan.due else None,
                "at": plan.at.isoformat("minutes") if plan.at else None,
                "made_at": _iso(plan.made_at),
                "state": plan.state,
                "settled_at": _iso(plan.settled_at),
            }
            for plan in turn.uow.plans(turn.person_id)
        ],
        "nudges": [
            {
                "kind": nudge.kind,
                "date": nudge.on_date.isoformat(),
                "state": nudge.state,
                "sent_at": _iso(nudge.sent_at),
                "by_hr": _letter(turn, nudge),
            }
            for nudge in turn.uow.nudges.all_in(turn.person_id, tuple(NudgeState))
        ],
    }


def _letter(turn: Turn, nudge: Occurrence) -> str | None:
    """Return what HR wrote, where a message brought that."""
    letter = turn.uow.letters.get(nudge.letter_id) if nudge.letter_id and nudge.sent_at else None
    return in_language(letter.texts, turn.language, "") if letter else None


def _settings(turn: Turn) -> dict[str, Any]:
    """Return what the person chose about when Leo writes."""
    chosen = turn.uow.rhythms.preferences(turn.person_id)
    named = asdict(chosen) if chosen else {}
    return {
        name: value if isinstance(value, bool | None) else str(value)
        for name, value in named.items()
        if name not in ("id", "person_id")
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _run(turn: Turn, run: Run) -> dict[str, Any]:
    assert run.id is not None
    return {
        "practice": run.practice,
        "about": turn.about(run) if run.about_id else None,
        "looks_back_at": _reviewed(turn, run),
        "state": run.state,
        "step": run.step,
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "answers": [
            {
                "step": answer.step,
                "number": answer.number,
                "choice": answer.choice,
                "words": answer.words,
                "day": answer.day.isoformat() if answer.day else None,
                "skipped": answer.given.skipped,
                "asked_for_more": answer.deepened,
                "at": _iso(answer.at),
            }
            for answer in turn.uow.answers(run.id)
        ],
    }


def _readable(turn: Turn) -> dict[str, Any]:
    person, language = turn.person, turn.language
    exercises = [
        run
        for run in turn.uow.runs(turn.person_id)
        if run.practice in turn.deps.library and not turn.deps.library[run.practice].dialogue
    ]
    return {
        "generated": _when(turn, turn.now),
        "person": {
            "name": person.name or "",
            "language": language,
            "zone": person.zone or "",
            "consent_version": person.consent_version or "",
            "consented_at": _when(turn, person.consented_at),
        },
        "cohorts": [
            {
                "cohort": cohort.name,
                "name": member.name,
                "email": member.email or "",
                "enrolled": _when(turn, member.added_at),
                "joined": _when(turn, member.joined_at),
                "left": _when(turn, member.left_at),
            }
            for member, cohort in turn.uow.cohorts.memberships(turn.person_id)
        ],
        "runs": [
            {
                "title": turn.deps.library[run.practice].title[language],
                "about": turn.about(run) if run.about_id else "",
                "started": _when(turn, run.started_at),
                "state": run.state.value,
                "answers": _answers(turn, turn.deps.library[run.practice], run),
            }
            for run in exercises
        ],
        "plans": [
            {
                "words": plan.words,
                "date": due_text(turn, plan),
                "state": plan.state.value,
            }
            for plan in turn.uow.plans(turn.person_id)
        ],
    }


def _reviewed(turn: Turn, run: Run) -> str | None:
    """Return the words of the plan that a run looks back at, or None."""
    plan = turn.uow.plan(run.review_id) if run.review_id else None
    return plan.words if plan else None


def _answers(turn: Turn, practice: Practice, run: Run) -> list[tuple[str, str, str]]:
    assert run.id is not None
    answers = turn.uow.answers(run.id)
    given = {a.step: a.given for a in answers}
    values = questions.values(
        practice, given, turn.language, turn.about(run), _reviewed(turn, run) or ""
    )
    return [
        (_question(turn, practice, a, values), _answer(turn, practice, a), _when(turn, a.at))
        for a in answers
    ]


def _question(turn: Turn, practice: Practice, answer: Answer, values: dict[str, Any]) -> str:
    step = practice.step(answer.step)
    return turn.deps.texts.fill(step.again[turn.language], **values) if step else answer.step


def _answer(turn: Turn, practice: Practice, answer: Answer) -> str:
    step = practice.step(answer.step)
    if step is None:
        return str(questions.plain(answer.given) or "")
    return questions.title(turn, step, answer.given)


def _when(turn: Turn, instant: datetime | None) -> str:
    if instant is None:
        return ""
    local = turn.local(instant)
    return f"{turn.deps.texts.day(turn.language, local.date())}, {local:%H:%M}"
