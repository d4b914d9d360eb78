"""When Leo writes, as people set it in their own words and by buttons, in both languages."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest

from actions.__main__ import executor
from bot.coaching.places import Places
from bot.coaching.practice import LANGUAGES
from bot.texts.places import load_places
from bot.texts.programmes import load_programmes
from bot.usecases.messages import Outgoing
from bot.usecases.nudges.preferences import rhythms_of
from bot.usecases.settings.zone import bring_home
from tests.unit.talk import (
    ADDRESS,
    CHANNEL,
    ROOT,
    SHIPPED,
    Chat,
    Stage,
    is_said,
    payloads,
    titles,
)

PROGRAMMES = load_programmes(ROOT / "data", SHIPPED)
# What the first programme says.
DAILY, WEEKLY, PRACTICE = (
    str(getattr(PROGRAMMES["first-eight-weeks"], kind)) for kind in ("daily", "weekly", "practice")
)
N = "\u00a0"


@cache
def places() -> Places:
    return load_places(ROOT / "data")


def enrolled(stage: Stage, language: str) -> Chat:
    """Return somebody who walks a programme, with Leo knowing all places."""
    chat = stage.friend(language)
    chat.deps = replace(
        chat.deps, programmes=PROGRAMMES, default_programme="first-eight-weeks", places=places
    )
    run = executor(chat.deps).actions
    chat._actions = {name: run[name].__self__ for name in run}
    return chat


@pytest.fixture(params=LANGUAGES)
def both(stage: Stage, request: pytest.FixtureRequest) -> Chat:
    return enrolled(stage, request.param)


@pytest.fixture
def chat(stage: Stage) -> Chat:
    return enrolled(stage, "en")


@pytest.fixture
def french(stage: Stage) -> Chat:
    return enrolled(stage, "fr")


def kept(chat: Chat) -> Any:
    """Return when Leo writes as things stand."""
    with chat.deps.open() as uow:
        person = uow.person(CHANNEL, ADDRESS)
        assert person is not None
        return rhythms_of(chat.deps, uow, person)


def text(messages: list[Outgoing]) -> str:
    return "\n".join(message.html for message in messages)


def by_language(chat: Chat, english: str, french: str) -> str:
    return english if chat.language == "en" else french


# --- days and hours -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "french", "daily"),
    [
        ("send the question at 8:30", "envoyez la question à 8 h 30", "mon-fri 08:30"),
        ("only tuesdays and thursdays", "seulement le mardi et le jeudi", "tue,thu 08:30"),
        ("monday to thursday at 7", "du lundi au jeudi à 7h", "mon-thu 07:00"),
        ("once a week is enough", "une fois par semaine suffit", "mon 08:30"),
        ("once a week, on wednesday", "une fois par semaine, le mercredi", "wed 08:30"),
        ("less often please", "moins souvent svp", "mon,wed,fri 08:30"),
        ("every day except friday", "tous les jours sauf le vendredi", "mon-thu,sat,sun 08:30"),
        ("no question on fridays", "pas de question le vendredi", "mon-thu 08:30"),
        ("the question an hour later", "la question une heure plus tard", "mon-fri 09:30"),
        ("the question later in the day", "la question plus tard", "mon-fri 10:30"),
    ],
)
def test_the_daily_question_comes_as_wished(
    both: Chat, english: str, french: str, daily: str
) -> None:
    """Hour, days and how often are read from the words, done, and said back."""
    assert kept(both).daily == DAILY
    both.does("change_rhythm", "the question at 8:30 monday to friday")
    said = both.does("change_rhythm", by_language(both, english, french))
    assert kept(both).daily == daily
    assert (kept(both).weekly, kept(both).practice) == (WEEKLY, PRACTICE)
    hour = both.deps.texts.times.clock(both.language, time.fromisoformat(daily.split()[1]))
    assert hour in text(said)


def test_a_change_can_be_undone_by_a_tap(both: Chat) -> None:
    """Below what was changed is a button that puts it back."""
    said = both.does("change_rhythm", by_language(both, "the check-in at 9", "le bilan à 9h"))
    assert kept(both).weekly != WEEKLY
    both.presses(payloads(said)[0])
    assert kept(both).weekly == WEEKLY


def test_where_it_is_unclear_which_message_is_meant_leo_asks(both: Chat) -> None:
    """An hour alone may be meant for each message: one tap says for which, or for all."""
    said = both.does("change_rhythm", by_language(both, "send it at 7", "envoyez-le à 7h"))
    assert is_said(said, both.language, "rhythm_which")
    assert kept(both).daily == DAILY
    assert len(titles(said)) == 4
    both.presses(payloads(said)[-1])
    now = kept(both)
    assert all(one.endswith(" 07:00") for one in (now.daily, now.weekly, now.practice))


def test_what_cannot_be_read_is_asked_with_examples(both: Chat) -> None:
    """Nothing is guessed: Leo asks, reads the answer, and leaves all as it was on a skip."""
    said = both.does("change_rhythm", "hmm")
    assert is_said(said, both.language, "time_unread")
    said = both.says("hmm hmm")
    assert is_said(said, both.language, "time_unread")
    both.says(by_language(both, "the question at 6:45", "la question à 6h45"))
    assert kept(both).daily == "mon-fri 06:45"
    both.presses("do.change_rhythm")
    assert is_said(both.does("skip"), both.language, "settings_kept")
    assert kept(both).daily == "mon-fri 06:45"


def test_a_question_of_settings_leaves_the_exercise_open(chat: Chat) -> None:
    """After a change in the middle of an exercise its question is asked again."""
    chat.begins("Ana")
    said = chat.does("change_rhythm", "the question at 8")
    assert "Ana" in said[-1].html
    assert chat.states()[-1] == ("best-test", "open")


def test_messages_of_a_kind_can_be_stopped(both: Chat) -> None:
    """“Stop the daily question” is for good, and said."""
    said = both.does(
        "change_rhythm", by_language(both, "stop the questions", "arrêtez les questions")
    )
    assert kept(both).daily == "off"
    assert by_language(both, "never", "jamais") in text(said)


# --- quiet hours ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "french", "start", "end"),
    [
        ("nothing before 9 or after 18:00", "rien avant 9h ni après 18h", time(18), time(9)),
        ("nothing after 7 pm", "rien après 19h", time(19), time(0)),
        ("nothing before 8", "rien avant 8h", time(0), time(8)),
        ("quiet between 12 and 14", "silence entre 12h et 14h", time(12), time(14)),
    ],
)
def test_quiet_hours_are_kept(
    both: Chat, english: str, french: str, start: time, end: time
) -> None:
    """Quiet hours are read, kept and said; the button takes them back."""
    said = both.does("quiet_hours", by_language(both, english, french))
    assert (kept(both).quiet_from, kept(both).quiet_until) == (start, end)
    assert both.deps.texts.times.clock(both.language, start) in text(said)
    both.presses(payloads(said)[0])
    assert kept(both).quiet_from is None


def test_one_end_of_quiet_hours_leaves_the_other(both: Chat) -> None:
    """“Nothing after 20:00” keeps the morning as it was; “no quiet hours” ends them."""
    both.does("quiet_hours", by_language(both, "nothing before 9", "rien avant 9h"))
    both.does("quiet_hours", by_language(both, "nothing after 20:00", "rien après 20h"))
    assert (kept(both).quiet_from, kept(both).quiet_until) == (time(20), time(9))
    both.does("quiet_hours", by_language(both, "no more quiet hours", "plus d’heures calmes"))
    assert kept(both).quiet_from is None


def test_free_days_are_no_hours(both: Chat) -> None:
    """“Nothing on weekends” sets the days of work."""
    both.does("quiet_hours", by_language(both, "nothing on weekends", "rien le week-end"))
    assert kept(both).working_days == "mon-fri"


# --- where somebody is ------------------------------------------------------------------------


def test_a_city_sets_the_hours(both: Chat) -> None:
    """The zone of a city is kept for good, confirmed by its city and the hour it is there."""
    said = both.does("change_zone", by_language(both, "I live in Tokyo now", "je vis à Tokyo"))
    assert kept(both).zone == "Asia/Tokyo"
    assert "Tokyo" in text(said)
    local = both.now.astimezone(UTC) + timedelta(hours=9)
    assert both.deps.texts.times.clock(both.language, local.time()) in text(said)
    both.presses(payloads(said)[0])
    assert kept(both).zone == "Europe/Paris"


def test_a_city_is_called_by_its_name(both: Chat) -> None:
    """Leo speaks of Montréal, not of the city that its zone is called after."""
    said = both.does("change_zone", by_language(both, "in montreal", "à Montréal"))
    assert "Montréal" in text(said) and kept(both).zone == "America/Toronto"


def test_a_journey_ends_by_itself(both: Chat) -> None:
    """“In Tokyo this week”: from Monday, where the traveller is, the hours are those of home."""
    said = both.does(
        "change_zone", by_language(both, "I’m in Tokyo this week", "je suis à Tokyo cette semaine")
    )
    assert by_language(both, "Monday 30 November", "undi 30 novembre") in text(said)
    monday = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
    bring_home(both.deps, monday - timedelta(minutes=1))
    assert kept(both).zone == "Asia/Tokyo"
    assert bring_home(both.deps, monday) == 1
    assert kept(both).zone == "Europe/Paris"
    assert bring_home(both.deps, monday) == 0


def test_going_on_from_a_journey_keeps_home(chat: Chat) -> None:
    """Whoever travels on comes home in the end, and whoever comes back sooner is at home."""
    chat.does("change_zone", "in Tokyo until Friday")
    chat.does("change_zone", "in New York until 3 December")
    assert kept(chat).zone == "America/New_York"
    bring_home(chat.deps, datetime(2026, 12, 4, tzinfo=UTC))
    assert kept(chat).zone == "Europe/Paris"
    chat.does("change_zone", "in Tokyo until 10 December")
    chat.does("change_zone", "I am back in Paris")
    assert kept(chat).zone == "Europe/Paris"
    assert chat.rows("person")[0]["home_at"] is None


def test_a_name_of_several_places_is_asked_about(both: Chat) -> None:
    """There is a Portland on either coast: a button for each, and the journey is not forgotten."""
    said = both.does(
        "change_zone",
        by_language(both, "in Portland until 3 December", "à Portland jusqu’au 3 décembre"),
    )
    assert list(titles(said)) == ["Portland (Oregon)", "Portland (Maine)"]
    both.presses(payloads(said)[1])
    assert kept(both).zone == "America/New_York"
    bring_home(both.deps, datetime(2026, 12, 4, tzinfo=UTC))
    assert kept(both).zone == "Europe/Paris"


@pytest.mark.parametrize("words", ["in Xyzzy", "UTC+5:30"])
def test_a_place_that_is_not_known_is_asked_for(both: Chat, words: str) -> None:
    """Leo says so and asks for a city; the answer is read as one."""
    said = both.does("change_zone", words)
    assert is_said(said, both.language, "time_unread")
    both.says(by_language(both, "London", "Londres"))
    assert kept(both).zone == "Europe/London"


# --- pauses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "french", "until"),
    [
        ("pause until 3 March", "pause jusqu’au 3 mars", date(2027, 3, 3)),
        ("on holiday until Monday", "en congé jusqu’à lundi", date(2026, 11, 30)),
        ("no messages for two weeks", "pas de message pendant quinze jours", date(2026, 12, 8)),
        ("pause this week", "pause cette semaine", date(2026, 11, 30)),
        ("no messages tomorrow", "pas de message demain", date(2026, 11, 26)),
        ("I’m off through Sunday", "en vacances jusqu’à dimanche inclus", date(2026, 11, 30)),
    ],
)
def test_a_pause_ends_on_a_day(both: Chat, english: str, french: str, until: date) -> None:
    """The day on which messages begin again is kept and named; “I’m back” ends it sooner."""
    said = both.does("pause_messages", by_language(both, english, french))
    assert kept(both).paused_until == until and not kept(both).paused
    assert both.deps.texts.day(both.language, until) in text(said)
    said = both.does("resume_messages", by_language(both, "I’m back", "me revoilà"))
    assert kept(both).paused_until is None
    assert both.deps.texts.times.moment(both.language, first_of(both), date(2026, 11, 24)) in text(
        said
    )


@pytest.mark.parametrize(
    ("english", "french", "since", "until"),
    [
        (
            "pause from 3 to 17 August",
            "mes vacances : du 3 au 17 août",
            date(2027, 8, 3),
            date(2027, 8, 17),
        ),
        (
            "no messages from Monday to Friday",
            "silence du lundi 30 au vendredi 4 décembre",
            date(2026, 11, 30),
            date(2026, 12, 4),
        ),
        (
            "pause from December 22 until January 4",
            "pause du 22 décembre au 4 janvier",
            date(2026, 12, 22),
            date(2027, 1, 4),
        ),
        (
            "pause from Monday on for a week",
            "pause à partir de lundi pour une semaine",
            date(2026, 11, 30),
            date(2026, 12, 7),
        ),
        (
            "no messages on Friday",
            "pas de message vendredi",
            date(2026, 11, 27),
            date(2026, 11, 28),
        ),
    ],
)
def test_a_pause_may_lie_ahead(
    both: Chat, english: str, french: str, since: date, until: date
) -> None:
    """A holiday named from its first day begins on it, and both days are said back."""
    said = both.does("pause_messages", by_language(both, english, french))
    mine = kept(both)
    assert (mine.paused, mine.paused_from, mine.paused_until) == (False, since, until)
    words = {
        key: both.deps.texts.day(both.language, day)
        for key, day in (("since", since), ("until", until))
    }
    assert is_said(said, both.language, "paused", **words)
    assert all(day in text(both.does("see_settings")) for day in words.values())
    both.does("resume_messages", "")
    assert (kept(both).paused_from, kept(both).paused_until) == (None, None)


def test_a_pause_ahead_without_an_end(both: Chat) -> None:
    """Who names only the first day hears nothing from then on, and everything until then."""
    both.does(
        "pause_messages", by_language(both, "pause from Monday on", "pause à partir de lundi")
    )
    assert kept(both).paused and kept(both).paused_from == date(2026, 11, 30)
    assert both.deps.texts.times.moment(both.language, first_of(both), date(2026, 11, 24)) in text(
        both.does("see_next")
    )


def first_of(chat: Chat) -> datetime:
    """Return when the next daily question comes: the days begin on Wednesday."""
    at = time.fromisoformat(DAILY.split()[1])
    return datetime.combine(date(2026, 11, 25), at)


def test_a_pause_without_an_end_is_said_so(both: Chat) -> None:
    """Whoever asks for quiet gets it at once; how to end it is said, a week is a tap away."""
    said = both.does("pause_messages", by_language(both, "stop writing to me", "ne m’écrivez plus"))
    assert kept(both).paused
    assert is_said(said, both.language, "paused", since="", until="")
    both.presses(payloads(said)[0])
    assert kept(both).paused_until == date(2026, 12, 1) and not kept(both).paused


def test_nothing_paused_is_nothing_to_resume(both: Chat) -> None:
    """Leo says that nothing is paused, and what comes next."""
    said = both.does("resume_messages", "")
    assert by_language(both, "aused", "pause") in text(said)


# --- what is set, and what comes ----------------------------------------------------------------


def test_settings_show_what_is_set_with_buttons(both: Chat) -> None:
    """Each thing that is set is told, and each button leads to its question."""
    both.does("quiet_hours", "nothing before 9 or after 18:00")
    said = both.does("see_settings")
    shown = text(said)
    times = both.deps.texts.times
    for part in (times.clock(both.language, time(18)), times.zone(both.language, "Europe/Paris")):
        assert part in shown
    for payload in payloads(said):
        if payload.endswith("choose_language"):
            continue
        asked = both.presses(payload)
        assert asked and asked[-1].buttons
        assert is_said(both.does("skip"), both.language, "settings_kept")


def test_free_days_and_holidays_are_set_from_the_settings(both: Chat) -> None:
    """Days of work and the country of public holidays are asked for in words, and undone."""
    both.presses("do.see_settings.workdays")
    said = both.says(by_language(both, "Monday to Thursday", "du lundi au jeudi"))
    assert kept(both).working_days == "mon-thu"
    both.presses(payloads(said)[0])
    assert kept(both).working_days is None
    both.presses("do.see_settings.country")
    said = both.says(by_language(both, "Switzerland", "la Suisse"))
    assert kept(both).country == "CH"
    both.presses("do.see_settings.country")
    both.says(by_language(both, "none", "aucun"))
    assert kept(both).country is None


def test_what_comes_next_is_told_in_local_time(both: Chat) -> None:
    """The next messages are listed with their days and hours; in a pause Leo says so."""
    shown = text(both.does("see_next"))
    assert both.deps.texts.times.moment(both.language, first_of(both), date(2026, 11, 24)) in shown
    both.does("pause_messages", by_language(both, "until 3 March", "jusqu’au 3 mars"))
    assert by_language(both, "3 March", "3 mars") in text(both.does("see_next"))


# --- putting off --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "french", "due"),
    [
        ("in two hours", "dans deux heures", timedelta(hours=2)),
        ("not now, in half an hour", "pas maintenant, dans une demi-heure", timedelta(minutes=30)),
    ],
)
def test_an_exercise_is_put_off_for_so_long(
    both: Chat, english: str, french: str, due: timedelta
) -> None:
    """The open exercise rests and is due again when it was said."""
    both.begins()
    said = both.does("later", by_language(both, english, french))
    assert both.states()[-1] == ("best-test", "rested")
    [occurrence] = both.rows("occurrence")
    assert occurrence["state"] == "snoozed"
    assert datetime.fromisoformat(occurrence["due_at"]).replace(tzinfo=UTC) == both.now + due
    assert both.deps.texts.times.moment(
        both.language, (both.now + due).astimezone(UTC) + timedelta(hours=1), date(2026, 11, 24)
    ) in text(said)


def test_an_exercise_is_put_off_until_tomorrow(both: Chat) -> None:
    """“Tomorrow 8:30” is half past eight in the person’s own zone, and is said back."""
    both.begins()
    said = both.does("later", by_language(both, "tomorrow 8:30", "demain à 8h30"))
    [occurrence] = both.rows("occurrence")
    due = datetime.fromisoformat(occurrence["due_at"]).replace(tzinfo=UTC)
    assert due == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
    assert by_language(both, "Wednesday 8:30", f"mercredi à 8{N}h{N}30") in text(said)


def test_not_now_asks_once_for_when(both: Chat) -> None:
    """Without a time the exercise rests, and there are buttons for the usual ones."""
    both.begins()
    said = both.does("later", by_language(both, "not now", "pas maintenant"))
    assert is_said(said, both.language, "later_when")
    assert len(titles(said)) == 4
    both.presses("do.later.morning")
    assert both.states()[-1] == ("best-test", "rested")
    [occurrence] = both.rows("occurrence")
    assert datetime.fromisoformat(occurrence["due_at"]).hour == 8
    both.does("resume")
    both.does("later", by_language(both, "not now", "pas maintenant"))
    assert is_said(both.presses("do.later.none"), both.language, "later")
    assert both.states()[-1] == ("best-test", "rested")


def test_a_time_may_follow_not_now(both: Chat) -> None:
    """What rests since “not now” comes back at the time said after it."""
    both.begins()
    both.does("later", by_language(both, "not now", "pas maintenant"))
    assert both.states()[-1] == ("best-test", "rested")
    both.does("later", by_language(both, "tomorrow 8:30", "demain 8h30"))
    [occurrence] = both.rows("occurrence")
    assert occurrence["state"] == "snoozed"
    assert both.states()[-1] == ("best-test", "rested")


def test_nothing_open_is_nothing_to_put_off(both: Chat) -> None:
    """With nothing at hand Leo says so."""
    for words in ("not now", "tomorrow 8:30"):
        assert is_said(both.does("later", words), both.language, "nothing_to_put_off")


def test_settings_are_part_of_the_copy(chat: Chat) -> None:
    """Who asks for a copy of everything gets what was set, too."""
    chat.does("change_rhythm", "the question at 8:30")
    chat.does("quiet_hours", "nothing before 9 or after 18:00")
    chat.does("change_zone", "in Tokyo until Friday")
    documents = [m.document for m in chat.does("export_data") if m.document]
    [copy] = [json.loads(one.content) for one in documents if one.name.endswith(".json")]
    assert copy["settings"]["daily"] == "mon-fri 08:30"
    assert copy["settings"]["quiet_from"] == "18:00:00"
    assert copy["person"]["home_zone"] == "Europe/Paris"


def test_buttons_carry_no_more_than_telegram_takes(chat: Chat) -> None:
    """Whatever was set, a button carries at most 64 bytes."""
    chat.does("change_rhythm", "every day at 7:45")
    said = chat.does("change_rhythm", "send it at 8") + chat.does(
        "change_zone", "in Portland until 3 December"
    )
    assert all(len(payload.encode()) <= 64 for payload in payloads(said))
