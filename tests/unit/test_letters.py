"""The rules of HR's letters: what may stand in one, and when the next one is possible."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.letters import fill
from bot.usecases.cohorts.letters import next_day
from bot.usecases.hr import Refused
from bot.usecases.letters import in_language
from bot.usecases.records import Cohort, Letter, LetterKind

VALUES = {"name": "Ana <Ruiz>", "cohort": "Lyon"}
NOW = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)  # 23:30 in Paris
COHORT = Cohort("Lyon", "first-eight-weeks", date(2026, 11, 30), "Europe/Paris", "fr", NOW)


@pytest.mark.parametrize(
    ("source", "filled"),
    [
        ("Dear {{ name }},\n\nall of {{cohort}}.", "Dear Ana <Ruiz>,\n\nall of Lyon."),
        ("100 % {sure} #1", "100 % {sure} #1"),
        ("{% if cohort == 'Lyon' %}Here{% else %}There{% endif %}", "Here"),
        ("{% if cohort == 'Paris' and name %}Here{% elif name %}There{% endif %}", "There"),
        ("{# a remark #}Hello", "Hello"),
    ],
)
def test_what_a_letter_may_hold(source: str, filled: str) -> None:
    """Names are filled in, conditions decided, and all else stays as it is written."""
    assert fill(source, **VALUES) == filled


@pytest.mark.parametrize(
    ("source", "key", "line"),
    [
        ("\n\n{{ name", "letter_syntax", 3),
        ("a\n{% if name %}", "letter_syntax", 2),
        ("{{ }}", "letter_syntax", 1),
        ("{% nonsense %}", "letter_syntax", 1),
        ("{{ " + "(" * 2_000, "letter_syntax", 1),
        ("{% if " + "not " * 450 + "name %}x{% endif %}" * 1, "letter_syntax", 1),
        ("a\n{{ firstname }}", "letter_unknown_name", 2),
        ("{% if weekday %}x{% endif %}", "letter_unknown_name", 1),
        ("{{ self }}", "letter_unknown_name", 1),
        ("{{ name.__class__.__mro__ }}", "letter_only_names", 1),
        ("{{ name['__class__'] }}", "letter_only_names", 1),
        ("{{ name | upper }}", "letter_only_names", 1),
        ("{{ range(9) }}", "letter_only_names", 1),
        ("{{ 'x' * 999999999 }}", "letter_only_names", 1),
        ("{{ name ~ name }}", "letter_only_names", 1),
        ("{% for one in name %}x{% endfor %}", "letter_only_names", 1),
        ("{% set x = name %}", "letter_only_names", 1),
        ("{% macro m() %}{% endmacro %}", "letter_only_names", 1),
        ("{% include 'x' %}", "letter_only_names", 1),
        ("{% import 'x' as x %}", "letter_only_names", 1),
        ("{% extends 'x' %}", "letter_only_names", 1),
    ],
)
def test_what_a_letter_may_not_hold(source: str, key: str, line: int) -> None:
    """All else of a template is refused with its line."""
    with pytest.raises(Refused) as refused:
        fill(source, **VALUES)
    assert (refused.value.key, refused.value.values["line"]) == (key, line)


@given(st.text(st.sampled_from("{}%#|.()*'\" \nname cohort if else endif not == 9"), max_size=60))
def test_whatever_is_written(source: str) -> None:
    """Whatever somebody types is filled in or refused, and nothing else happens."""
    try:
        assert len(fill(source, **VALUES)) < 2_000
    except Refused as refused:
        assert refused.values["line"] >= 1


def letter(at: datetime, kind: LetterKind = LetterKind.MESSAGE) -> Letter:
    return Letter(1, kind, at, 9)


def test_one_a_fortnight() -> None:
    """Two weeks after the last message, by the calendar of the cohort, the next is possible."""
    letters = [letter(NOW - timedelta(days=40)), letter(NOW), letter(NOW, LetterKind.FAREWELL)]
    day = date(2026, 12, 9)
    assert next_day(COHORT, letters, NOW) == day
    assert next_day(COHORT, letters, datetime(2026, 12, 8, 22, 59, tzinfo=UTC)) == day
    assert next_day(COHORT, letters, datetime(2026, 12, 8, 23, 0, tzinfo=UTC)) is None


def test_only_messages_count() -> None:
    """A farewell is no message, and before the first message nothing is in its way."""
    assert next_day(COHORT, [], NOW) is None
    assert next_day(COHORT, [letter(NOW, LetterKind.FAREWELL)], NOW) is None


@pytest.mark.parametrize(
    ("sources", "read"),
    [
        ({"en": "A", "fr": "B"}, "A"),
        ({"fr": "B"}, "B"),
        ({"de": "C"}, "C"),
        ({"de": "C", "fr": "B"}, "B"),
        ({}, None),
    ],
)
def test_the_language_that_is_read(sources: dict[str, str], read: str | None) -> None:
    """Who reads a language without words reads those in the cohort's, or the only ones."""
    assert in_language(sources, "en", "fr") == read
