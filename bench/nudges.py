"""Nudges: a year of them over every change of clocks, a peak, its sending, and what goes wrong."""

import asyncio
import itertools
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, insert, select

from bench.report import MS, Measured, Row, tell
from bot.chat import telegram
from bot.chat.lanes import Lanes
from bot.chat.pace import Pace
from bot.chat.updates import CHANNEL
from bot.coaching.occurrence import UNSENT, NudgeState
from bot.simulation import Plan, simulate
from bot.simulation.life import Dialogue
from bot.simulation.people import EAGER
from bot.store import database
from bot.store import tables as t
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.messages import Incoming, Told
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import plan_due, tick
from bot.usecases.receive import receive
from bot.usecases.records import OutboxState
from bot.usecases.turn import Deps
from tests.nudge_worker import no_picture
from tests.store.databases import KINDS, empty_database
from tests.store.nudging import deps_for, paris
from tests.telegram.double import TOKEN, TelegramDouble

ZONES = (
    *("Europe/Paris", "Europe/London", "Europe/Athens", "America/New_York", "America/St_Johns"),
    *("America/Los_Angeles", "America/Santiago", "America/Sao_Paulo", "America/Havana", "UTC"),
    *("Africa/Cairo", "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo"),
    *("Asia/Jerusalem", "Asia/Beirut", "Australia/Sydney", "Australia/Adelaide", "Asia/Tehran"),
    *("Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Atlantic/Azores"),
)
DAYS = 400
ENROLLED, DUE = 100_000, 10_000
WAITING, SENDING_S = 10_000, 40.0
KILLS, AT_WORK = 50, 300
PEAK = paris(2, 9)
BATCH = 5_000
ROWS = (
    *(
        Row(
            f"year {what} {kind}",
            f"nudges in 400 days, {what}, {kind}",
            "",
            "1,000 people in 24 zones, half of them at 09:00 and half at 02:30 (which some nights "
            "leave out or have twice), every day; planned through the database. The local hour is "
            "checked by walking the clock minute by minute.",
            at_most=0,
        )
        for kind in KINDS
        for what in ("missing", "duplicate", "wrong hour")
    ),
    *(
        Row(
            f"peak {kind}",
            f"10,000 of 100,000 due in one tick, {kind}",
            "s",
            "Planned, ripened and claimed, with a passage for each step.",
            at_most=most,
        )
        for kind, most in zip(KINDS, (3, 2), strict=True)
    ),
    *(
        Row(
            f"idle {kind}",
            f"a tick with nothing due, 100,000 enrolled, {kind}",
            "ms",
            "The median of fifty.",
            at_most=10,
        )
        for kind in KINDS
    ),
    *(
        row
        for kind in KINDS
        for row in (
            Row(
                f"rate {kind}",
                f"nudges sent while 10,000 wait, {kind}",
                "per s",
                "At a double that enforces 30 a second, and one a second in a chat; replies to "
                "people who write meanwhile are counted, too.",
                at_least=28,
            ),
            Row(f"refused {kind}", f"429 answers meanwhile, {kind}", "", "The same.", at_most=0),
            Row(
                f"reply {kind}",
                f"a reply while 10,000 nudges wait, p95, {kind}",
                "s",
                "From the stored message to the reply at the double. Rasa is left out: what is "
                "said answers the open question.",
                at_most=1,
            ),
        )
    ),
    *(
        Row(
            f"kill {what} {kind}",
            f"nudges {what} after {KILLS} kills, {kind}",
            "",
            "Scheduler and sender in one process, killed by SIGKILL at random moments while 300 "
            "nudges are due. The documented window is between Telegram’s yes and the note of it: "
            "a message that was being sent when the process was killed is sent again.",
            at_most=most,
        )
        for kind in KINDS
        for what, most in (("lost", 0), ("doubled outside the window", 0), ("doubled in it", None))
    ),
    Row(
        "outage",
        "nudges neither sent nor expired after an outage",
        "",
        "Telegram is gone for ten minutes in the peak of 1,000 people; on a virtual clock.",
        at_most=0,
    ),
    Row("outage late", "delivered late after it", "", "By more than five minutes, of the same."),
)


def measure(folder: Path, *, quick: bool) -> Measured:
    """Return the figures; a quick run has a tenth of the people, seconds and kills."""
    small = 10 if quick else 1
    measured: Measured = {}
    for kind in KINDS:
        tell(f"Nudges on {kind} …")
        with _database(kind, folder / f"nudges-{kind}") as (engine, _):
            measured |= _year(engine, kind, 1_000 // small)
        with _database(kind, folder / f"peak-{kind}") as (engine, _):
            measured |= _peak(engine, kind, ENROLLED // small, DUE // small)
        with _database(kind, folder / f"sending-{kind}") as (engine, _):
            measured |= asyncio.run(_sending(engine, kind, SENDING_S / small * 2))
        with _database(kind, folder / f"kill-{kind}") as (engine, key):
            measured |= _kills(engine, key, kind, KILLS // small)
    with _database("sqlite", folder / "outage") as (engine, _):
        measured |= _outage(deps_for(units_of_work(engine)), 1_000 // small)
    return measured


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[Engine, str]]:
    folder.mkdir(parents=True)
    with empty_database(kind, folder) as url:
        engine, key = database.connect(url), new_key()
        database.unlock(engine, Vault([key]))
        database.upgrade(engine)
        yield engine, key
        engine.dispose()


def _enrol(engine: Engine, count: int, due: int, *, zones: tuple[str, ...], at: datetime) -> None:
    """Insert people: so many to be looked at from `at` on, the others a month later."""
    for numbers in itertools.batched(range(1, count + 1), BATCH):
        people = [
            {
                **{"id": n, "channel": CHANNEL, "address": str(n), "language": "en", "turns": 0},
                **{"zone": zones[n % len(zones)], "consented_at": at, "unanswered": 0},
                "next_at": at if n <= due else at + timedelta(days=30),
            }
            for n in numbers
        ]
        with engine.begin() as connection:
            connection.execute(insert(t.person), people)
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT setval('person_id_seq', %s)", (count,))


# --- a year ------------------------------------------------------------------------------


def _year(engine: Engine, kind: str, people: int) -> Measured:
    first = date(2027, 1, 1)
    start = datetime.combine(first, clock_time(), UTC) - timedelta(days=1)
    _enrol(engine, people, people, zones=ZONES, at=start)
    hours = [clock_time(9), clock_time(2, 30)]
    with engine.begin() as connection:
        connection.execute(
            insert(t.preferences),
            [
                {
                    **{"person_id": n, "paused": False, "weekly": "off", "practice": "off"},
                    "daily": f"mon-sun {hours[n // len(ZONES) % 2]:%H:%M}",
                }
                for n in range(1, people + 1)
            ],
        )
    deps = deps_for(units_of_work(engine), default_programme=None)
    for quarter in range((DAYS + 3) * 4):
        while plan_due(deps, start + timedelta(hours=6 * quarter)):
            pass
    seen: Counter[tuple[int, date]] = Counter()
    wrong = 0
    o = t.occurrence.c
    with engine.connect() as connection:
        for person, day, due_at in connection.execute(select(o.person_id, o.on_date, o.due_at)):
            zone, at = ZONES[person % len(ZONES)], hours[person // len(ZONES) % 2]
            seen[person, day] += 1
            wrong += due_at != _by_walking(zone, day, at)
    expected = {
        (n, first + timedelta(days=ahead)) for n in range(1, people + 1) for ahead in range(DAYS)
    }
    return {
        f"year missing {kind}": len(expected - seen.keys()),
        f"year duplicate {kind}": sum(count - 1 for count in seen.values()),
        f"year wrong hour {kind}": wrong,
    }


_walked: dict[tuple[str, date, clock_time], datetime] = {}


def _by_walking(zone: str, day: date, at: clock_time) -> datetime:
    """Return when the clock there first shows that time or a later one of that day."""
    key = (zone, day, at)
    if key not in _walked:
        place = ZoneInfo(zone)
        wanted = datetime.combine(day, at)
        instant = datetime.combine(day, at, UTC) - timedelta(hours=15)
        # Offsets are whole quarters of an hour, so that such steps meet every change.
        while instant.astimezone(place).replace(tzinfo=None) < wanted:
            instant += timedelta(minutes=15)
        _walked[key] = instant
    return _walked[key]


# --- a peak ------------------------------------------------------------------------------


def _peak(engine: Engine, kind: str, enrolled: int, due: int) -> Measured:
    _enrol(engine, enrolled, due, zones=("Europe/Paris",), at=PEAK - timedelta(hours=1))
    deps = deps_for(units_of_work(engine))
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    plan_due(deps, PEAK - timedelta(minutes=50), 1)  # Connected, and each query built once.
    while plan_due(deps, PEAK - timedelta(minutes=50)):
        pass
    began = time.perf_counter()
    claimed = tick(deps, PEAK)
    peak_s = time.perf_counter() - began
    assert claimed == due, claimed
    with engine.begin() as connection:
        connection.execute(t.occurrence.update().values(opened_at=PEAK))
    idle = []
    for _ in range(50):
        began = time.perf_counter()
        assert tick(deps, PEAK + timedelta(seconds=1)) == 0
        idle.append(time.perf_counter() - began)
    return {f"peak {kind}": peak_s, f"idle {kind}": statistics.median(idle) * MS}


# --- sending -----------------------------------------------------------------------------


async def _sending(engine: Engine, kind: str, seconds: float) -> Measured:
    """Let nudges wait, send as many as go in so many seconds, and let people write meanwhile."""
    _enrol(engine, WAITING, WAITING, zones=("Europe/Paris",), at=PEAK - timedelta(hours=1))
    deps, offset = deps_for(units_of_work(engine)), PEAK - datetime.now(UTC)

    def now() -> datetime:
        return datetime.now(UTC) + offset

    tick(deps, now())
    with TelegramDouble(rate=(30, 1)) as double:
        _introduce(double, int(seconds * 40))
        bot = telegram.build_bot(TOKEN, double.url)
        await bot.initialize()
        messenger = telegram.TelegramMessenger(bot, Pace(28.5), no_picture, now)
        lanes = Lanes(deps, Dialogue(deps, now), {CHANNEL: messenger}, now)
        jobs = [
            asyncio.create_task(lanes.sweep()),
            asyncio.create_task(_keep_opening(deps, now)),
        ]
        await asyncio.sleep(3)  # Until it flows.
        before = len(double.calls_of("sendMessage"))
        began = time.perf_counter()
        replies = await _people_write(deps, lanes, double, now, seconds)
        rate = (len(double.calls_of("sendMessage")) - before) / (time.perf_counter() - began)
        refused = double.too_many_requests
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await lanes.close()
        await bot.shutdown()
    p95 = statistics.quantiles(replies, n=20)[-1]
    return {f"rate {kind}": rate, f"refused {kind}": refused, f"reply {kind}": p95}


def _introduce(double: TelegramDouble, people: int) -> None:
    """Have people begin the chat, since a bot cannot; the updates are of no interest."""
    for number in range(1, people + 1):
        double.user(number).command("/start")
    double.state.updates.waiting.clear()


async def _keep_opening(deps: Deps, now: object) -> None:
    while True:
        await asyncio.to_thread(open_due, deps, now())  # type: ignore[operator]
        await asyncio.sleep(1)


async def _people_write(
    deps: Deps, lanes: Lanes, double: TelegramDouble, now: object, seconds: float
) -> list[float]:
    """Have one person after the other, who got their nudge, answer it; return the seconds each."""
    took: list[float] = []
    end, numbers, answered = time.perf_counter() + seconds, itertools.count(1), set[int]()
    while time.perf_counter() < end:
        calls = double.calls_of("sendMessage")
        # Who got a message a second ago: the double takes one a second in a chat.
        ready = [
            call.params["chat_id"]
            for call in calls
            if call.at < time.monotonic() - 1.5 and call.params["chat_id"] not in answered
        ]
        if ready:
            chat = ready[-1]
            answered.add(chat)
            took.append(await _answer(deps, lanes, double, now, chat, next(numbers)))
        await asyncio.sleep(0.25)
    return took


async def _answer(
    deps: Deps, lanes: Lanes, double: TelegramDouble, now: object, chat: int, number: int
) -> float:
    incoming = Incoming(CHANNEL, number, str(chat), Told.TEXT, "I listened.", message_ref=number)
    before = sum(call.params["chat_id"] == chat for call in double.calls_of("sendMessage"))
    await asyncio.to_thread(receive, deps.open, [incoming], now())  # type: ignore[operator]
    began = time.perf_counter()
    lanes.wake((CHANNEL, str(chat)))
    while True:
        sent = sum(call.params["chat_id"] == chat for call in double.calls_of("sendMessage"))
        if sent > before:
            return time.perf_counter() - began
        await asyncio.sleep(0.01)


# --- kills -------------------------------------------------------------------------------


def _kills(engine: Engine, key: str, kind: str, kills: int) -> Measured:
    """Kill scheduler and sender again and again, until all nudges have come."""
    _enrol(engine, AT_WORK, AT_WORK, zones=("Europe/Paris",), at=PEAK - timedelta(hours=1))
    chance, in_window = random.Random(4), set[int]()
    with TelegramDouble() as double:
        _introduce(double, AT_WORK)
        ahead_s = (PEAK - datetime.now(UTC)).total_seconds()
        for number in range(kills):
            # The last ones find little to do; nobody waits for the lease of the dead.
            _free_lease(engine)
            worker = _worker(engine, key, double.url, ahead_s)
            time.sleep(1.5 + chance.random() * 2)
            worker.kill()
            worker.wait()
            in_window |= _being_sent(engine)
            if number == kills // 2:
                tell(f"{number} kills on {kind} …")
        _free_lease(engine)
        worker = _worker(engine, key, double.url, ahead_s)
        try:
            _wait_until_all_sent(engine)
        finally:
            worker.kill()
            worker.wait()
        got = {number: len(double.user(number).messages) for number in range(1, AT_WORK + 1)}
    doubled = {chat for chat, count in got.items() if count > 1}
    return {
        f"kill lost {kind}": sum(count == 0 for count in got.values()),
        f"kill doubled outside the window {kind}": len(doubled - in_window),
        f"kill doubled in it {kind}": len(doubled & in_window),
    }


def _worker(engine: Engine, key: str, api: str, ahead_s: float) -> subprocess.Popen[bytes]:
    url = engine.url.render_as_string(hide_password=False)
    words = ("-m", "tests.nudge_worker", url, key, api, str(ahead_s))
    return subprocess.Popen(
        (sys.executable, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _free_lease(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(t.lease.delete())


def _being_sent(engine: Engine) -> set[int]:
    sending = t.outbox.c.state == OutboxState.SENDING
    with engine.connect() as connection:
        return {int(chat) for chat in connection.scalars(select(t.outbox.c.address).where(sending))}


def _wait_until_all_sent(engine: Engine) -> None:
    end = time.monotonic() + 120
    sent = select(func.count()).where(t.occurrence.c.state == NudgeState.SENT)
    while time.monotonic() < end:
        with engine.connect() as connection:
            if connection.scalar(sent) == AT_WORK:
                return
        time.sleep(0.2)


# --- an outage ---------------------------------------------------------------------------


def _outage(deps: Deps, people: int) -> Measured:
    """Let Telegram be gone in the peak of the first Monday, in every zone's peak in turn."""
    monday = paris(1, 9)
    plan = Plan(
        people,
        1,
        monday.date(),
        habit=EAGER,
        outage=(monday - timedelta(minutes=1), monday + timedelta(minutes=9)),
    )
    result = simulate(deps, plan, no_picture)
    left = sum(count for (_, state), count in result.states.items() if state in UNSENT)
    planned = sum(c for (kind, s), c in result.states.items() if s is NudgeState.PLANNED)
    return {"outage": left - planned, "outage late": result.late.total()}
