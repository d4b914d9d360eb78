"""Pictures of what was said, of the weeks, and of what was done: what they show, in any words."""

import io
import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.charts import (
    DRAWINGS,
    Box,
    BoxesPicture,
    TallyPicture,
    TallyRow,
    TallySection,
    WeeksPicture,
    WeeksRow,
    draw,
    svg,
)
from bot.charts.canvas import Canvas

SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 60
LONG = "anticonstitutionnellement " * 60

CHAIN = BoxesPicture(
    "Les équipes, les clients, le résultat",
    "chain",
    (
        Box("Fait pour nos équipes", ("Deux heures sans réunion",)),
        Box("Senti par les clients", ()),
        Box("Ce que cela a ramené", ("Moins de rappels", "Un merci")),
    ),
)
WEEKS = WeeksPicture(
    "The weeks so far",
    ("9 Nov", "16 Nov", "23 Nov"),
    (WeeksRow("Freer", (1, None, 5)), WeeksRow("Wiser", (None, None, None))),
)
TALLY = TallyPicture(
    "What you have done",
    (
        TallySection("Exercises", (TallyRow("The best test", 3, "full"),)),
        TallySection("Steps", (TallyRow("Partly", 2, "half"), TallyRow("Open", 99, "dotted"))),
    ),
)
PICTURES = {"boxes": CHAIN, "weeks": WEEKS, "tally": TALLY}


def words(drawn: str) -> list[str]:
    """Every line of text, from the first drawn to the last."""
    return [text.text or "" for text in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def paths(drawn: str) -> list[dict[str, str]]:
    return [path.attrib for path in ElementTree.fromstring(drawn).iter(f"{SVG}path")]


def numbers(outline: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", outline)]


def discs(drawn: str) -> list[tuple[float, float]]:
    """The middle of every disc and ring."""
    found = []
    for path in paths(drawn):
        if path["d"].count("C") == 8:
            xs, ys = numbers(path["d"])[::2], numbers(path["d"])[1::2]
            found.append(((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))
    return found


def image(name: str, picture: Any) -> Image.Image:
    return Image.open(io.BytesIO(draw({name: picture.to_json(), "alt": "x"})))


def assert_margins_are_empty(drawn: Image.Image) -> None:
    width, height = drawn.size
    picture = drawn.convert("RGB")
    for edge in (
        (0, 0, MARGIN, height),
        (width - MARGIN, 0, width, height),
        (0, 0, width, MARGIN // 2),
        (0, height - MARGIN // 2, width, height),
    ):
        assert len(picture.crop(edge).getcolors() or []) == 1, f"something is drawn in {edge}"


def test_every_kind_of_picture_has_one_drawing() -> None:
    """What stands in the registry is drawn; a description of no known kind is refused."""
    assert DRAWINGS.keys() == {"marks", "bars", "funnel", "heat", "spread", *PICTURES}
    with pytest.raises(KeyError, match="no drawing for portrait"):
        draw({"portrait": {}})


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_opaque_and_fit_for_a_phone(name: str) -> None:
    """1080 pixels wide, no transparency that a dark chat would shine through, free margins."""
    drawn = image(name, PICTURES[name])
    assert drawn.width == 1080
    assert drawn.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert_margins_are_empty(drawn)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_survives_being_stored(name: str) -> None:
    """A picture goes through the outbox as JSON and comes out the same."""
    picture = PICTURES[name]
    assert type(picture).from_json(json.loads(json.dumps(picture.to_json()))) == picture


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        (CHAIN, ["Fait pour nos équipes", "Deux heures sans réunion", "–", "•", "Un merci"]),
        (WEEKS, ["The weeks so far", "Freer", "5", "23 Nov", "–"]),
        (TALLY, ["Exercises", "The best test", "3", "Partly", "99"]),
    ],
)
def test_the_words_are_on_the_picture(picture: Any, shown: list[str]) -> None:
    """Titles, labels, figures and what was said can be read; what is missing is a dash."""
    found = words(svg(picture))
    assert [text for text in shown if text not in found] == []


@pytest.mark.parametrize("layout", ["columns", "chain", "grid"])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_boxes_of_any_layout_and_number(layout: Any, count: int) -> None:
    """Two to four boxes stand in each layout with long words, none of them over the edge."""
    boxes = tuple(Box(f"Box {n} {LONG[:40]}", (LONG, LONG, "short")) for n in range(count))
    picture = BoxesPicture(LONG, layout, boxes)
    assert_margins_are_empty(image("boxes", picture))
    found = words(svg(picture))
    assert sum(line.startswith("Box ") for line in found) == count


def test_what_a_box_cannot_hold_ends_in_an_ellipsis() -> None:
    """A long answer, and a long list, are cut kindly and not in silence."""
    for lines in (
        (LONG,),
        ("x" * 999,),
        (LONG, "left out"),
        tuple(f"thing {n}" for n in range(30)),
    ):
        found = words(svg(replace(CHAIN, boxes=(Box("One", lines), Box("Two", ("x",))))))
        assert any(line.endswith("…") for line in found), lines
        assert "left out" not in found


def test_arrows_lead_from_box_to_box_in_a_chain_only() -> None:
    """A chain of three has two arrows; columns and grids have none."""

    def heads(layout: Any) -> int:
        outlines = [path["d"] for path in paths(svg(replace(CHAIN, layout=layout)))]
        return sum(d.count("L") == 2 and "z" in d and "Q" not in d for d in outlines)

    assert (heads("chain") - heads("grid"), heads("columns") - heads("grid")) == (2, 0)


def test_a_week_without_rating_breaks_the_line() -> None:
    """Only the ratings of neighbouring weeks are joined; a missing one leaves a gap."""

    def joined(*ratings: int | None) -> int:
        picture = WeeksPicture("x", ("1", "2", "3"), (WeeksRow("Freer", ratings),))
        lines = [numbers(path["d"]) for path in paths(svg(picture)) if "C" not in path["d"]]
        return sum(line[1] != line[3] for line in lines if len(line) == 4)

    assert (joined(1, 2, 3), joined(1, None, 3), joined(None, 2, 3)) == (2, 0, 1)


def test_higher_ratings_stand_higher_and_later_weeks_further_right() -> None:
    """The dots of a mark read from left to right and from low to high."""
    picture = replace(WEEKS, rows=(WeeksRow("Freer", (1, 3, 5)),))
    (x1, y1), (x2, y2), (x3, y3) = discs(svg(picture))
    assert x1 < x2 < x3 and y1 > y2 > y3
    assert x2 - x1 == pytest.approx(x3 - x2) and y1 - y2 == pytest.approx(y2 - y3)


def test_the_first_and_the_last_week_are_always_named() -> None:
    """With many weeks the names that would run into each other are left out."""
    names = tuple(f"{n} sept." for n in range(10, 22))
    picture = WeeksPicture("x", names, (WeeksRow("Freer", (3,) * 12),))
    found = words(svg(picture))
    assert names[0] in found and names[-1] in found and len(set(found) & set(names)) < 12


def test_a_row_with_other_weeks_is_refused() -> None:
    """Each row has as many ratings as there are weeks, each from 1 to 5."""
    with pytest.raises(ValueError, match="one rating"):
        replace(WEEKS, rows=(WeeksRow("Freer", (1, 2)),))
    with pytest.raises(ValueError, match="from 1 to 5"):
        WeeksRow("Freer", (0,))


def test_a_dot_for_each_until_the_figure_says_the_rest() -> None:
    """Few are counted in dots; many show three lines of dots, an ellipsis and their number."""
    rows = (TallyRow("Few", 3, "empty"),)
    assert len(discs(svg(replace(TALLY, sections=(TallySection("x", rows),))))) == 3
    for count in (21, 22, 500, 1000):
        many = (TallyRow("Many", count, "full"),)
        drawn = svg(replace(TALLY, sections=(TallySection("x", many),)))
        assert (len(discs(drawn)) == count) == ("…" not in words(drawn)) == (count == 21)


@pytest.mark.parametrize("count", [99, 999, 99_999])
def test_a_figure_never_lies_on_the_dots(count: int) -> None:
    """The longer the figure, the fewer dots stand in a line."""
    many = (TallyRow("Many", count, "full"),)
    drawn = svg(replace(TALLY, sections=(TallySection("x", many),)))
    digits = f"{count:,}".replace(",", "\u00a0")
    assert digits in words(drawn)
    left = 1080 - 72 - Canvas.span(digits, 46, bold=True)
    assert max(x for x, _ in discs(drawn)) + 17 < left


def test_boxes_with_long_words_stand_below_each_other() -> None:
    """Side by side a long answer would make a tall box beside a bare one."""
    short, tall = (
        replace(CHAIN, layout="grid", boxes=(Box("One", (said,)), Box("Two", ())))
        for said in ("kurz", "so many words " * 20)
    )

    def tops(picture: BoxesPicture) -> list[float]:
        texts = ElementTree.fromstring(svg(picture)).iter(f"{SVG}text")
        return [float(text.attrib["y"]) for text in texts if text.text in ("One", "Two")]

    assert len(set(tops(short))) == 1
    assert len(set(tops(tall))) == 2


def test_a_title_of_two_lines_breaks_at_its_comma() -> None:
    """Where each half has room, a line ends with the thought."""
    for halves in (
        ["What moves this change,", "what stops it"],
        ["Ce qui pousse ce changement,", "ce qui le retient"],
    ):
        assert words(svg(replace(CHAIN, title=" ".join(halves))))[:2] == halves
    assert words(svg(replace(CHAIN, title="One, two")))[0] == "One, two"


@pytest.mark.parametrize(("weeks", "dots"), [(16, 16), (52, 1)])
def test_many_weeks_are_a_line_without_dots(weeks: int, dots: int) -> None:
    """More dots than can stand side by side would hide the line; the last one stays."""
    names = tuple(map(str, range(weeks)))
    picture = WeeksPicture("x", names, (WeeksRow("Freer", (3,) * weeks),))
    assert len(discs(svg(picture))) == dots


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_any_words_can_be_drawn(text: str) -> None:
    """Whatever somebody wrote, the pictures can be drawn and read back."""
    boxes = (Box(text[:28], (text, text)), Box("x", (text,)))
    assert_margins_are_empty(image("boxes", replace(CHAIN, layout="grid", boxes=boxes)))
    ElementTree.fromstring(svg(replace(CHAIN, boxes=boxes)))
    ElementTree.fromstring(svg(replace(WEEKS, title=text)))
