"""The store's answers about nudges. What is asked every second is answered by an index."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import batched
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.coaching.occurrence import UNSENT, NudgeState, check_transition
from bot.coaching.schedule import Slot
from bot.store import tables as t
from bot.store.types import Instant
from bot.usecases.ports.nudges import Place
from bot.usecases.records import (
    Cohort,
    Occurrence,
    OutboxState,
    Passage,
    PlanState,
    Preferences,
    Standing,
)

# Rows in one statement: SQLite takes some thirty thousand values.
BATCH = 1000

_o = t.occurrence.c
_p = t.person.c
_PERSON = select(_p.id, _p.zone, _p.consented_at, _p.blocked_at, _p.unanswered, _p.next_at)
_PLACE = (
    select(_o.id, t.person.c.channel, t.person.c.address)
    .join(t.person, t.person.c.id == _o.person_id)
    .limit(bindparam("limit"))
)
_UNOPENED = and_(_o.state == NudgeState.CLAIMED, _o.opened_at.is_(None))
_OPENED = or_(
    _o.state == NudgeState.SENT,
    and_(_o.state == NudgeState.CLAIMED, _o.opened_at.is_not(None)),
)
_WAITING = (NudgeState.PLANNED, NudgeState.SNOOZED, NudgeState.DUE)
_NOW = bindparam("now", type_=Instant)
# Asked every second: one of each kind of work that is there, if any.
_WORK = select(
    select(_p.id).where(_p.next_at <= _NOW).limit(1).scalar_subquery(),
    *(
        select(_o.id).where(reason).limit(1).scalar_subquery()
        for reason in (
            and_(_o.state.in_(_WAITING), _o.due_at <= _NOW),
            and_(_o.state.in_((*UNSENT, NudgeState.SENT)), _o.expires_at <= _NOW),
            _UNOPENED,
        )
    ),
)


def _passing_over(statement: Any) -> Any:
    """Let an insert pass over dates that are taken, and return the ids of the new rows."""
    return statement.on_conflict_do_nothing(
        index_elements=["person_id", "kind", "on_date"]
    ).returning(_o.id)


def _members(cohort_id: int) -> Select[Any]:
    m = t.member.c
    return select(m.person_id).where(m.cohort_id == cohort_id, m.left_at.is_(None))


class SqlNudges:
    """The port `Nudges` over a SQLAlchemy session."""

    def __init__(self, session: Session) -> None:
        """Take the session of the unit of work."""
        self._session = session

    # --- looking at people --------------------------------------------------------------

    def standings_due(self, now: datetime, limit: int) -> list[Standing]:
        """Return those whom it is time to look at, locked; who is locked elsewhere waits."""
        query = _PERSON.where(_p.next_at <= now).order_by(_p.next_at).limit(limit)
        return self._standings(query.with_for_update(skip_locked=True))

    def standing(self, person_id: int) -> Standing | None:
        """Return how one person stands, or None where there is no such person."""
        self._session.flush()
        return next(iter(self._standings(_PERSON.where(_p.id == person_id))), None)

    def everyone(
        self, cohort_id: int | None = None, after: int = 0, limit: int | None = None
    ) -> list[Standing]:
        """Return how all people stand, or those of a cohort, in their order, behind an id."""
        query = _PERSON.where(_p.id > after).order_by(_p.id).limit(limit)
        if cohort_id is not None:
            query = query.where(_p.id.in_(_members(cohort_id)))
        return self._standings(query)

    def _standings(self, query: Select[Any]) -> list[Standing]:
        rows = {row[0]: row for row in self._session.execute(query)}
        chosen, cohorts, plans = self._preferences(rows), self._cohorts(rows), self._plans(rows)
        standings = []
        for id_, zone, consented_at, blocked_at, unanswered, next_at in rows.values():
            their_zone, cohort = cohorts.get(id_, (None, None))
            standings.append(
                Standing(
                    id_,
                    zone or their_zone,
                    consented_at,
                    blocked_at,
                    unanswered,
                    next_at,
                    preferences=chosen.get(id_),
                    cohort=cohort,
                    plans=tuple(plans.get(id_, ())),
                )
            )
        return standings

    def _preferences(self, person_ids: Iterable[int]) -> Mapping[int, Preferences]:
        found: dict[int, Preferences] = {}
        for ids in batched(person_ids, BATCH):
            query = select(Preferences).where(self._among(t.preferences.c.person_id, ids))
            found |= {one.person_id: one for one in self._session.scalars(query)}
        return found

    def _cohorts(self, person_ids: Iterable[int]) -> Mapping[int, tuple[str, Cohort]]:
        """Return the zone and the cohort of those who are in one; the latest counts."""
        m = t.member.c
        found: dict[int, tuple[str, Cohort]] = {}
        for ids in batched(person_ids, BATCH):
            query = (
                select(m.person_id, m.zone, Cohort)
                .join(t.cohort, t.cohort.c.id == m.cohort_id)
                .where(self._among(m.person_id, ids), m.left_at.is_(None))
                .order_by(m.id)
            )
            for person_id, zone, cohort in self._session.execute(query):
                found[person_id] = (zone or cohort.zone, cohort)
        return found

    def _plans(self, person_ids: Iterable[int]) -> Mapping[int, list[tuple[date, time | None]]]:
        p = t.plan.c
        plans: dict[int, list[tuple[date, time | None]]] = defaultdict(list)
        for ids in batched(person_ids, BATCH):
            query = select(p.person_id, p.due, p.at).where(
                self._among(p.person_id, ids), p.state == PlanState.OPEN, p.due.is_not(None)
            )
            for person_id, due, at in self._session.execute(query):
                plans[person_id].append((due, at))
        return plans

    def set_next_looks(self, looks: Mapping[int, datetime | None]) -> None:
        """Note when to look at people again, by person."""
        together: dict[datetime | None, list[int]] = defaultdict(list)
        for person_id, look in looks.items():
            together[look].append(person_id)
        connection = self._session.connection()
        for look, person_ids in together.items():
            for ids in batched(person_ids, BATCH):
                those = self._among(_p.id, ids)
                connection.execute(update(t.person).where(those).values(next_at=look))

    def look_again(self, cohort_id: int, now: datetime) -> None:
        """Have the scheduler look soon at all in a cohort: something changed for them."""
        overdue = t.person.c.next_at <= now
        self._session.flush()
        self._session.connection().execute(
            update(t.person)
            .where(_p.id.in_(_members(cohort_id)), or_(t.person.c.next_at.is_(None), ~overdue))
            .values(next_at=now)
        )

    def _among(self, column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
        """Tell whether a column is one of many: as one value, psycopg is quick with them."""
        if self._session.get_bind().dialect.name != "postgresql":
            return column.in_(ids)
        return column == func.any(literal(list(ids), postgresql.ARRAY(BigInteger)))

    # --- many at a time -----------------------------------------------------------------

    def plan(
        self, slots: Sequence[tuple[int, Slot]], now: datetime, letter_id: int | None = None
    ) -> int:
        """Keep slots as planned, by person, perhaps to bring a letter; return how many were new."""
        rows = [
            {
                **{"person_id": person_id, "kind": slot.kind, "on_date": slot.day, "at": slot.at},
                **{"due_at": slot.due_at, "expires_at": slot.expires_at},
                **{"state": NudgeState.PLANNED, "letter_id": letter_id},
            }
            for person_id, slot in slots
        ]
        made = self._insert_new(rows) if rows else []
        for ids in batched(made, BATCH):
            self._log(ids, null(), NudgeState.PLANNED, now)
        return len(made)

    def _insert_new(self, rows: list[dict[str, Any]]) -> list[int]:
        """Insert occurrences, passing over dates that are taken; return the ids of the new ones."""
        connection = self._session.connection()
        if connection.dialect.name == "sqlite":
            many = _passing_over(sqlite.insert(t.occurrence))
            options = {"insertmanyvalues_page_size": BATCH}
            return list(connection.execute(many, rows, execution_options=options).scalars())
        names = list(rows[0])
        columns = (
            literal([row[name] for row in rows], postgresql.ARRAY(_o[name].type)) for name in names
        )
        values = select(func.unnest(*columns).table_valued(*names).render_derived())
        insert_all = postgresql.insert(t.occurrence).from_select(names, values)
        return list(connection.execute(_passing_over(insert_all)).scalars())

    def ripen(self, now: datetime, limit: int) -> int:
        """Make due what was planned or put off until now; return how many."""
        waiting = _o.state.in_((NudgeState.PLANNED, NudgeState.SNOOZED))
        query = select(_o.id, _o.state).where(waiting, _o.due_at <= now)
        return self._move_all(query, NudgeState.DUE, now, limit)

    def claim(self, now: datetime, limit: int) -> int:
        """Take what is due, the longest due first; return how many."""
        query = select(_o.id, _o.state).where(_o.state == NudgeState.DUE, _o.due_at <= now)
        return self._move_all(query.order_by(_o.due_at), NudgeState.CLAIMED, now, limit)

    def expire_unsent(self, now: datetime, limit: int) -> int:
        """Expire what has not been written and is of no use any more; return how many."""
        query = select(_o.id, _o.state).where(
            _o.state.in_(UNSENT),
            _o.expires_at <= now,
            or_(_o.state != NudgeState.CLAIMED, _o.opened_at.is_(None)),
        )
        return self._move_all(query, NudgeState.EXPIRED, now, limit)

    def _move_all(self, query: Select[Any], state: NudgeState, now: datetime, limit: int) -> int:
        connection = self._session.connection()
        locked = query.limit(limit).with_for_update(skip_locked=True)
        rows = connection.execute(locked).all()
        for old in {row[1] for row in rows}:
            check_transition(old, state)
        for ids in batched((row[0] for row in rows), BATCH):
            self._log(ids, _o.state, state, now)
            those = self._among(_o.id, ids)
            connection.execute(update(t.occurrence).where(those).values(state=state))
        return len(rows)

    def _log(
        self, ids: Sequence[int], old: ColumnElement[Any], new: NudgeState, now: datetime
    ) -> None:
        """Note that occurrences go to another state; to be done before they do."""
        values = select(
            _o.id,
            old,
            literal(new, t.passage.c.new.type),
            literal(now, t.passage.c.at.type),
        ).where(self._among(_o.id, ids))
        self._session.connection().execute(
            insert(t.passage).from_select(["occurrence_id", "old", "new", "at"], values)
        )

    def nothing_to_do(self, now: datetime) -> bool:
        """Tell whether there is nobody to look at and nothing to ripen, claim, open or expire."""
        return not any(
            found is not None for found in self._session.execute(_WORK, {"now": now}).one()
        )

    def next_instant(self) -> datetime | None:
        """Return when the scheduler will have something to do, or None."""
        firsts = [
            select(func.min(t.person.c.next_at).label("at")),
            *(select(func.min(_o.due_at)).where(_o.state == state) for state in _WAITING),
            select(func.min(_o.due_at)).where(_UNOPENED),
            *(
                select(func.min(_o.expires_at)).where(_o.state == state)
                for state in (*UNSENT, NudgeState.SENT)
            ),
        ]
        found = [at for at in self._session.execute(union_all(*firsts)).scalars() if at]
        return min(found, default=None)

    # --- one at a time ------------------------------------------------------------------

    def to_open(self, limit: int) -> list[Place]:
        """Return what is claimed and not yet written, the longest due first."""
        return self._places(_PLACE.where(_UNOPENED).order_by(_o.due_at, _o.id), limit)

    def on_their_way(self) -> int:
        """Return how many nudges wait in the outbox or are being sent."""
        count = self._session.scalar(
            select(func.count())
            .select_from(t.outbox)
            .where(
                t.outbox.c.state.in_((OutboxState.PENDING, OutboxState.SENDING)),
                t.outbox.c.occurrence_id.is_not(None),
            )
        )
        return count or 0

    def next_delivery(self) -> datetime | None:
        """Return from when the first message that waits may be sent, or None."""
        waiting = t.outbox.c.state == OutboxState.PENDING
        found: datetime | None = self._session.scalar(
            select(func.min(t.outbox.c.due_at)).where(waiting)
        )
        return found

    def delivered(self, channel: str) -> int:
        """Return how many messages, nudges or not, are known to have arrived in a channel."""
        arrived = (
            select(func.count())
            .select_from(t.outbox)
            .where(
                t.outbox.c.channel == channel,
                # What only takes buttons off has no message of its own.
                t.outbox.c.message_ref.is_not(None),
            )
        )
        return self._session.scalar(arrived) or 0

    def unanswered(self, now: datetime, limit: int) -> list[Place]:
        """Return what was written, was not answered, and is of no use any more."""
        living = _o.state.in_((NudgeState.SENT, NudgeState.CLAIMED))
        query = _PLACE.where(living, _OPENED, _o.expires_at <= now)
        return self._places(query.order_by(_o.expires_at, _o.id), limit)

    def _places(self, query: Select[Any], limit: int) -> list[Place]:
        return [Place(*row) for row in self._session.execute(query, {"limit": limit})]

    def get(self, occurrence_id: int) -> Occurrence | None:
        """Return one occurrence, locked, or None."""
        query = select(Occurrence).where(_o.id == occurrence_id).with_for_update()
        return self._session.scalar(query)

    def of_run(self, run_id: int) -> list[Occurrence]:
        """Return the occurrences that ask, or remind of, the question of a run, latest first."""
        query = select(Occurrence).where(_o.run_id == run_id).order_by(_o.id.desc())
        return list(self._session.scalars(query))

    def latest(self, person_id: int, states: Sequence[NudgeState]) -> Occurrence | None:
        """Return what was due last for a person among those in `states`, or None."""
        query = select(Occurrence).where(_o.person_id == person_id, _o.state.in_(states))
        return self._session.scalar(query.order_by(_o.due_at.desc(), _o.id.desc()).limit(1))

    def all_in(self, person_id: int, states: Sequence[NudgeState]) -> list[Occurrence]:
        """Return the occurrences of a person in `states`, oldest first."""
        query = select(Occurrence).where(_o.person_id == person_id, _o.state.in_(states))
        return list(self._session.scalars(query.order_by(_o.due_at, _o.id)))

    def carried_by(self, occurrence_id: int) -> list[Occurrence]:
        """Return the occurrences that went out in the message of another one."""
        query = select(Occurrence).where(_o.with_id == occurrence_id)
        return list(self._session.scalars(query))

    def move(self, occurrence: Occurrence, state: NudgeState, now: datetime) -> None:
        """Bring an occurrence to another state. Raises WrongNudgeTransition."""
        assert occurrence.id is not None
        check_transition(occurrence.state, state)
        self._session.flush()
        self._log((occurrence.id,), _o.state, state, now)
        occurrence.become(state)
        self._session.flush()

    def hasten(self, person_id: int, now: datetime) -> None:
        """Let what waits for its turn with a person come now: nothing is in its way any more."""
        self._session.execute(
            update(Occurrence)
            .where(_o.person_id == person_id, _o.state == NudgeState.DUE, _o.due_at > now)
            .values(due_at=now)
        )

    def add(self, occurrence: Occurrence, now: datetime) -> bool:
        """Keep a new occurrence; tell whether its date was still free for its kind."""
        taken = select(_o.id).where(
            _o.person_id == occurrence.person_id,
            _o.kind == occurrence.kind,
            _o.on_date == occurrence.on_date,
        )
        if self._session.scalar(taken) is not None:
            return False
        self._session.add(occurrence)
        self._session.flush()
        assert occurrence.id is not None
        self._log((occurrence.id,), null(), occurrence.state, now)
        return True

    def passages(self, occurrence_id: int) -> list[Passage]:
        """Return what an occurrence went through, in order."""
        p = t.passage.c
        query = select(p.occurrence_id, p.old, p.new, p.at).where(p.occurrence_id == occurrence_id)
        return [Passage(*row) for row in self._session.execute(query.order_by(p.id))]
