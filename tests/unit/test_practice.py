"""Practices: what is checked on loading, and that no practice can lead astray."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.coaching.practice import (
    END,
    MAX_CHOICE_ID,
    MAX_STEP_ID,
    REVIEWS,
    SCALE,
    Choice,
    Form,
    Kind,
    Practice,
    Step,
    check,
)
from bot.coaching.run import Given
from bot.errors import PracticeError
from bot.texts.practices import FORMS, load_library, load_practice

DATA = Path(__file__).parents[2] / "data"
LONGEST_ID = 2**63 - 1


def both(en: str, fr: str = "") -> dict[str, str]:
    return {"en": en, "fr": fr or en}


SOUND: dict[str, Any] = {
    "id": "small",
    "title": both("Small", "Petit"),
    "purpose": both("To look.", "Regarder."),
    "steps": [
        {
            "id": "mood",
            "kind": "rating",
            "label": both("Mood", "Humeur"),
            "low": both("low", "basse"),
            "high": both("high", "haute"),
            "ask": both("How is {{ about }}?", "Comment va {{ about }} ?"),
            "again": both("From 1 to 5?", "De 1 à 5 ?"),
            "why": {"en": ["To look.", "To see."], "fr": ["Pour regarder.", "Pour voir."]},
        },
        {
            "id": "sure",
            "kind": "choice",
            "ask": both("Sure?", "Vraiment ?"),
            "again": both("Yes or no?", "Oui ou non ?"),
            "why": {"en": ["To know.", "To ask."], "fr": ["Pour savoir.", "Pour demander."]},
            "choices": [
                {
                    "id": "yes",
                    "label": both("Yes", "Oui"),
                    "words": {"en": ["sure"], "fr": ["bien sûr"]},
                },
                {
                    "id": "no",
                    "label": both("No", "Non"),
                    "words": {"en": [], "fr": []},
                    "next": "end",
                },
            ],
        },
    ],
    "closing": {"text": both("<b>Done</b>.", "<b>Voilà</b>.")},
}

type Breaking = Callable[[dict[str, Any]], None]


def write(folder: Path, content: Any, name: str = "small.yml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    file.write_text(text, encoding="utf-8")
    return file


def complaint(file: Path) -> str:
    with pytest.raises(PracticeError) as caught:
        load_practice(file)
    return str(caught.value)


def put(value: Any, *way: str | int) -> Breaking:
    """Return what puts a value at a place of a practice; None takes the place away."""

    def breaking(practice: dict[str, Any]) -> None:
        *before, last = way
        place: Any = practice
        for key in before:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value

    return breaking


YES = ("steps", 1, "choices", 0)
BROKEN: dict[str, tuple[Breaking, list[str]]] = {
    "no French": (put(None, "steps", 0, "ask", "fr"), ["“mood”", "ask", "French", "required"]),
    "no English": (put(None, "steps", 1, "why", "en"), ["“sure”", "why", "English", "required"]),
    "empty sentence": (put("", "steps", 0, "again", "fr"), ["“mood”", "again", "French"]),
    "one reason only": (put(["So."], "steps", 0, "why", "fr"), ["“mood”", "why", "French", "2"]),
    "unknown kind": (put("guess", "steps", 0, "kind"), ["“mood”", "kind", "'rating'"]),
    "misspelt field": (put("x", "steps", 0, "askk"), ["“mood”", "askk"]),
    "unknown tag": (put(["kindness"], "tags"), ["tags", "'empathy'"]),
    "no steps": (put([], "steps"), ["steps"]),
    "long button": (put("x" * 29, *YES, "label", "fr"), ["“sure”", "“yes”", "French", "28"]),
    "yes without quotes": (put(True, *YES, "words", "en"), ["“sure”", "“yes”", "words", "English"]),
    "two steps of one id": (put("mood", "steps", 1, "id"), ["“mood”", "steps"]),
    "two choices of one id": (put("no", *YES, "id"), ["“sure”", "“no”", "choices"]),
    "long id": (put("x" * 24, "steps", 0, "id"), ["“" + "x" * 24 + "”", "23"]),
    "capitals in an id": (put("Mood", "steps", 0, "id"), ["“Mood”", "a-z"]),
    "a dot in an id": (put("y.s", *YES, "id"), ["“sure”", "“y.s”", "a-z"]),
    "rating without ends": (put(None, "steps", 0, "low"), ["“mood”", "low"]),
    "rating with choices": (put("rating", "steps", 1, "kind"), ["“sure”", "choices"]),
    "choice without choices": (put([], "steps", 1, "choices"), ["“sure”", "choices"]),
    "leads nowhere": (put("moood", *YES, "next"), ["“sure”", "“yes”", "“moood”"]),
    "leads back": (put("mood", *YES, "next"), ["“sure”", "“yes”", "“mood”", "back"]),
    "leads to itself": (put("mood", "steps", 0, "next"), ["“mood”", "back"]),
    "words of two choices": (
        put(["non"], *YES, "words", "fr"),
        ["“sure”", "“yes”", "fr", "“non”", "“no”"],
    ),
    "words that are none": (put(["…"], *YES, "words", "fr"), ["“sure”", "“yes”", "fr", "“…”"]),
    "unknown value": (put("{{ name }}?", "steps", 0, "ask", "en"), ["“mood”", "ask", "en", "name"]),
    "unclosed braces": (put("{{ about", "steps", 0, "again", "fr"), ["“mood”", "again", "fr"]),
    "unknown filter": (
        put("{{ about|shout }}", "steps", 0, "ask", "fr"),
        ["“mood”", "fr", "shout"],
    ),
    "unknown step": (
        put("{% if said['mod'] is defined %}a{% else %}b{% endif %}", "steps", 1, "ask", "en"),
        ["“sure”", "ask", "en", "“mod”"],
    ),
    "answer that may be skipped": (
        put("{{ 'Low' if said.mood <= 2 else 'High' }}", "steps", 1, "ask", "fr"),
        ["“sure”", "ask", "fr", "mood", "is defined"],
    ),
    "words taken for a number": (
        put(
            "{% if said.sure is defined and said.sure > 2 %}a{% endif %}b", "closing", "text", "en"
        ),
        ["Closing", "en"],
    ),
    "nothing left to say": (
        put("{% if said.mood is defined %}So?{% endif %}", "steps", 1, "ask", "en"),
        ["“sure”", "ask", "en", "nothing"],
    ),
    "unknown HTML": (put("a<br>b", "steps", 0, "ask", "en"), ["“mood”", "ask", "en", "<br>"]),
    "a bare sign": (put("is 1 < 2?", "steps", 0, "ask", "en"), ["“mood”", "ask", "en", "&lt;"]),
    "tag not closed": (put("<b>a", "steps", 0, "ask", "fr"), ["“mood”", "ask", "fr", "<b>"]),
    "tags crossed": (put("<b><i>a</b></i>", "closing", "text", "fr"), ["Closing", "fr", "</b>"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_says_where_and_what(case: str, tmp_path: Path) -> None:
    """A mistake is named with its file, its step and its language."""
    breaking, named = BROKEN[case]
    content = copy.deepcopy(SOUND)
    breaking(content)
    told = complaint(write(tmp_path, content))
    assert told.startswith(str(tmp_path / "small.yml"))
    assert [word for word in named if word not in told] == []


@pytest.mark.parametrize("content", ["id: [", "", "- a list", "just words", "id: \0"])
def test_a_file_that_is_no_practice_is_named(content: str, tmp_path: Path) -> None:
    """What is no YAML, or no mapping, is refused with the file's name."""
    file = write(tmp_path, content)
    assert complaint(file).startswith(str(file))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A file saved in Latin-1 is refused with its name, not read as something else."""
    file = tmp_path / "small.yml"
    file.write_bytes("title: été".encode("latin-1"))
    assert complaint(file).startswith(str(file))


def test_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    """The id names a practice: a second one is refused with its file."""
    write(tmp_path / "practices", SOUND, "a.yml")
    write(tmp_path / "practices", SOUND, "b.yml")
    with pytest.raises(PracticeError, match=r"b\.yml.*“small”"):
        load_library(tmp_path)


def test_a_sound_file_is_read_as_it_stands(tmp_path: Path) -> None:
    """Steps, choices and texts come as they stand in the file."""
    practice = load_practice(write(tmp_path, SOUND))
    assert [(step.id, step.kind) for step in practice.steps] == [
        ("mood", Kind.RATING),
        ("sure", Kind.CHOICE),
    ]
    assert practice.title == both("Small", "Petit")
    assert practice.steps[0].why["fr"] == ("Pour regarder.", "Pour voir.")
    assert practice.steps[1].choices[1] == Choice(
        "no", both("No", "Non"), {"en": (), "fr": ()}, END
    )
    assert not practice.dialogue


def test_the_shipped_files_load() -> None:
    """Greenleaf's test, the check-in, the reflections and Leo's own dialogues are in order."""
    library = load_library(DATA)
    files = [file for folder in FORMS for file in DATA.glob(f"{folder}/*.yml")]
    reflections = [one for one in library.values() if one.form is Form.REFLECTION]
    assert len(library) - len(reflections) == len(files) > 0
    assert {"best-test", "weekly", "consent", "erase", "language", "unfinished"} <= library.keys()
    dialogues = {practice.id for practice in library.values() if practice.dialogue}
    assert dialogues == {file.stem for file in DATA.glob("dialogues/*.yml")}


def test_greenleafs_test_asks_what_he_asked() -> None:
    """The six marks of 1970 are rated; then come the least privileged, hurt, and a step to take."""
    steps = load_library(DATA)["best-test"].steps
    ratings = [step.id for step in steps if step.kind is Kind.RATING]
    assert ratings == ["grown", "healthier", "wiser", "freer", "autonomous", "serving"]
    rest = [step.id for step in steps if step.kind is not Kind.RATING and "-seen" not in step.id]
    assert rest == ["person", "least", "least-who", "hurt", "hurt-what", "plan", "plan-date"]


# --- any practice -----------------------------------------------------------------------


def slugs(longest: int) -> st.SearchStrategy[str]:
    letters = st.text("az09-", min_size=1, max_size=longest)
    return letters.map(lambda text: re.sub("-+", "-", text).strip("-") or "a")


step_ids, choice_ids = slugs(MAX_STEP_ID), slugs(MAX_CHOICE_ID)


@st.composite
def small_practices(draw: st.DrawFn) -> Practice:
    """Draw a practice whose steps lead anywhere: ahead, back, to the end, to no step at all."""
    ids = draw(st.lists(step_ids, min_size=1, max_size=5, unique=True))
    targets = st.none() | st.sampled_from([*ids, END])

    def drawn(id_: str) -> Step:
        kind = draw(st.sampled_from(Kind))
        names = draw(st.lists(choice_ids, min_size=1, max_size=3, unique=True))
        choices = tuple(
            Choice(name, both(name), {"en": (), "fr": ()}, draw(targets))
            for name in (names if kind is Kind.CHOICE else ())
        )
        ends = both("x") if kind is Kind.RATING else None
        reasons = {"en": ("x", "y"), "fr": ("x", "y")}
        return Step(
            id_, kind, both("x"), both("y"), reasons, choices, ends, ends, ends, draw(targets)
        )

    return Practice(draw(step_ids), both("x"), both("x"), tuple(map(drawn, ids)))


def sound(practice: Practice) -> bool:
    try:
        check(practice)
    except PracticeError:
        return False
    return True


def ways(practice: Practice, step: Step | None, depth: int = 0) -> Iterator[int]:
    """Yield the length of every way from a step to the end."""
    if step is None:
        yield depth
        return
    assert depth < len(practice.steps), "a way longer than the practice goes in circles"
    for choice in [None, *(choice.id for choice in step.choices)]:
        yield from ways(practice, practice.after(step, choice), depth + 1)


@settings(deadline=None)
@given(small_practices())
def test_every_way_through_a_practice_ends(practice: Practice) -> None:
    """In a practice that passes the check, whatever is chosen or skipped comes to the end."""
    assume(sound(practice))
    assert all(1 <= length <= len(practice.steps) for length in ways(practice, practice.steps[0]))


@settings(deadline=None)
@given(small_practices(), st.data())
def test_a_way_back_is_always_found(practice: Practice, data: st.DataObject) -> None:
    """A practice that leads back to an earlier step never passes the check."""
    assume(sound(practice))
    place = data.draw(st.integers(0, len(practice.steps) - 1))
    back = practice.steps[data.draw(st.integers(0, place))].id
    steps = list(practice.steps)
    steps[place] = replace(steps[place], next=back)
    assert not sound(replace(practice, steps=tuple(steps)))


def payload(step: Step, choice: str) -> bytes:
    return f"{LONGEST_ID}.{step.id}.{choice}".encode()


@settings(deadline=None)
@given(small_practices())
def test_every_button_fits_in_telegrams_64_bytes(practice: Practice) -> None:
    """For all allowed ids, and run and person ids as long as they can be, a button fits."""
    assume(sound(practice))
    for step in practice.steps:
        others = ["skip", *map(str, SCALE), "d2026-11-27", f"p{LONGEST_ID}"]
        for choice in [*(choice.id for choice in step.choices), *others]:
            assert len(payload(step, choice)) <= 64


@pytest.mark.parametrize("kind", Kind)
def test_the_longest_button_fits_too(kind: Kind) -> None:
    """The longest ids that pass the check still make a button of 64 bytes at most."""
    names = {Kind.CHOICE: ("c" * MAX_CHOICE_ID,), Kind.REVIEW: REVIEWS}.get(kind, ())
    choices = tuple(Choice(name, both("x"), {"en": (), "fr": ()}) for name in names)
    ends = both("x") if kind is Kind.RATING else None
    longest = Step("s" * MAX_STEP_ID, kind, both("x"), both("y"), {}, choices, ends, ends, ends)
    check(Practice("p", both("x"), both("x"), (longest,)))
    assert max(len(payload(longest, name)) for name in [*names, f"p{LONGEST_ID}"]) <= 64


def test_a_skipped_choice_leads_to_the_next_step() -> None:
    """A step that was skipped leads on like one that was answered without a branch."""
    practice = load_library(DATA)["best-test"]
    hurt = practice.step("hurt")
    assert hurt is not None
    assert practice.after(hurt, Given().choice) == practice.step("hurt-what")
    assert practice.after(hurt, "nobody") == practice.step("plan")
