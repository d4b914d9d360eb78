"""Pictures: what they show, that any name can be on them, and that they come out the same."""

import io
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.charts import MarkRow, MarksPicture, png, svg

pytestmark = pytest.mark.filterwarnings("error")

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 60

ENGLISH = MarksPicture(
    title="How you see Sofia growing",
    rows=(
        MarkRow("Grows as a person", 4, 3),
        MarkRow("Healthier", 3, 3),
        MarkRow("Wiser", None, 2),
        MarkRow("Freer", 5, 2),
        MarkRow("More autonomous", 2, None),
        MarkRow("More likely to serve", None, None),
    ),
    low="not at all",
    high="very much",
    now_legend="Now",
    before_legend="Last time, 12 September",
)
FRENCH = MarksPicture(
    title="Comment vous voyez grandir Jean-Sébastien\u00a0: « cette fois »",
    rows=(
        MarkRow("Grandit en tant que personne", 4, None),
        MarkRow("Plus susceptible de se mettre à son tour au service des autres", 3, None),
        MarkRow(
            "Parmi les moins favorisés, nul n’est lésé\u00a0; au mieux, chacun y gagne", None, None
        ),
    ),
    low="pas du tout",
    high="tout à fait",
    now_legend="Cette fois",
    before_legend="La dernière fois, le 12 septembre",
)


def image(picture: MarksPicture) -> Image.Image:
    return Image.open(io.BytesIO(png(picture)))


def words(picture: MarksPicture) -> list[str]:
    """Every line of text in the SVG, from the top down."""
    texts = ElementTree.fromstring(svg(picture)).iter(f"{SVG}text")
    return [text.text or "" for text in texts]


def dots(picture: MarksPicture) -> tuple[list[float], list[float]]:
    """The x of every filled and of every hollow dot, from the top down, legend first."""
    filled: list[float] = []
    hollow: list[float] = []
    for path in paths(picture):
        if "C" in path["d"]:
            xs = numbers(path["d"])[::2]
            kind = hollow if "stroke:" in path["style"] else filled
            kind.append((min(xs) + max(xs)) / 2)
    return filled, hollow


def lines(picture: MarksPicture) -> list[tuple[float, float]]:
    """From which x to which x every straight line goes."""
    straight = [numbers(path["d"]) for path in paths(picture) if "C" not in path["d"]]
    return [(line[0], line[2]) for line in straight]


def paths(picture: MarksPicture) -> list[dict[str, str]]:
    tree = ElementTree.fromstring(svg(picture))
    return [path.attrib for path in tree.iter(f"{SVG}path")]


def numbers(outline: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", outline)]


def one_row(now: int | None, before: int | None) -> MarksPicture:
    return replace(ENGLISH, rows=(MarkRow("Wiser", now, before),))


def named(nickname: str) -> MarksPicture:
    return replace(ENGLISH, title=f"How you see {nickname} growing")


@pytest.mark.parametrize("picture", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_png_is_an_opaque_picture_fit_for_a_phone(picture: MarksPicture) -> None:
    assert png(picture).startswith(b"\x89PNG\r\n\x1a\n")
    drawn = image(picture)
    assert drawn.width == 1080
    assert 700 < drawn.height < 1600
    assert drawn.convert("RGBA").getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize("picture", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_nothing_is_cut_at_the_edges(picture: MarksPicture) -> None:
    assert_margins_are_empty(image(picture))


@pytest.mark.parametrize("picture", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_every_word_is_on_the_picture(picture: MarksPicture) -> None:
    shown = " ".join(words(picture))
    wanted = [picture.title, picture.low, picture.high, picture.now_legend]
    wanted += [row.label for row in picture.rows]
    assert [text for text in wanted if text not in shown] == []


def test_a_long_title_takes_two_lines_at_most() -> None:
    titles = [word for word in words(replace(ENGLISH, title="Serving " * 30)) if "Serv" in word]
    assert len(titles) == 2
    assert titles[1].endswith("…")


def test_lines_never_break_at_a_no_break_space() -> None:
    for length in range(1, 16):
        label = f"{'a' * length} bcd\u00a0: efg"
        shown = words(replace(ENGLISH, rows=(MarkRow(label, 1, None),)))
        assert any("bcd\u00a0:" in line for line in shown)


def test_the_legend_of_before_is_shown_only_with_something_from_before() -> None:
    assert ENGLISH.before_legend in words(ENGLISH)
    assert FRENCH.before_legend not in words(FRENCH)
    assert dots(FRENCH)[1] == []


def test_ratings_stand_evenly_from_low_to_high() -> None:
    xs = [dots(one_row(rating, None))[0][1] for rating in range(1, 6)]
    steps = [right - left for left, right in pairwise(xs)]
    assert steps[0] > 60
    assert steps == pytest.approx([steps[0]] * 4)


def test_now_is_filled_and_before_is_hollow_on_the_same_scale() -> None:
    filled, hollow = dots(ENGLISH)
    assert (len(filled), len(hollow)) == (1 + 4, 1 + 4)
    assert filled[2] == pytest.approx(hollow[2])  # healthier: 3 both times
    assert filled[1] > hollow[1]  # grows as a person: from 3 to 4


@pytest.mark.parametrize(("now", "before"), [(4, 2), (1, 5)])
def test_a_line_joins_the_two_dots_of_a_mark(now: int, before: int) -> None:
    picture = one_row(now, before)
    filled, hollow = dots(picture)
    assert (hollow[1], filled[1]) in lines(picture)


@pytest.mark.parametrize("before", [None, 2])
def test_a_skipped_mark_shows_a_dash_and_no_dot_for_now(before: int | None) -> None:
    skipped, rated = one_row(None, before), one_row(4, before)
    assert words(skipped).count("–") == 1
    assert len(dots(skipped)[0]) == 1  # the legend's own
    assert "–" not in words(rated)
    assert len(dots(rated)[0]) == 2


@pytest.mark.parametrize(
    "nickname",
    [
        "$x^2$ costs $5 \\frac{1}{2} \\",
        "<b>&amp;</b> ]]> -- \"'",
        "line\none\r\nline\ttwo\u2028three\x00\x1b[0m",
        "سارة",
        "小林花子",
        "🌸👩\u200d👩\u200d👧🏽❤️",
        "Z" + "\u0351\u036b\u0343\u036a" * 15,
        "\u202egnihton\u202c\u200b",
        "\ud800",
        "W" * 60,
        "﷽" * 60,
        "",
        " ",
    ],
)
def test_any_nickname_can_be_drawn(nickname: str) -> None:
    assert_margins_are_empty(image(named(nickname)))
    ElementTree.fromstring(svg(named(nickname)))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_can_be_drawn(text: str) -> None:
    picture = replace(named(text), rows=(MarkRow(text, 1, 2),), now_legend=text, low=text)
    assert_margins_are_empty(image(picture))
    ElementTree.fromstring(svg(picture))


def test_dollars_and_backslashes_are_shown_as_written() -> None:
    assert "$x^2$ \\alpha" in words(replace(ENGLISH, title="$x^2$ \\alpha"))


def test_what_the_font_lacks_becomes_one_ellipsis() -> None:
    assert words(replace(ENGLISH, title="Sofia 小林 花子 grows"))[0] == "Sofia … grows"


def test_drawing_is_the_same_every_time_and_in_every_thread() -> None:
    pictures = [ENGLISH, FRENCH, named("سارة")] * 3
    alone = [(png(picture), svg(picture)) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        pngs, svgs = pool.map(png, pictures), pool.map(svg, pictures)
        assert list(zip(pngs, svgs, strict=True)) == alone


def test_a_picture_survives_being_stored() -> None:
    stored = json.dumps(ENGLISH.to_json())
    assert MarksPicture.from_json(json.loads(stored)) == ENGLISH


def test_stored_data_of_another_shape_is_refused() -> None:
    data = ENGLISH.to_json()
    with pytest.raises(TypeError):
        MarksPicture.from_json({**data, "colour": "red"})
    with pytest.raises(KeyError):
        MarksPicture.from_json({})
    with pytest.raises(ValueError, match="from 1 to 5"):
        MarksPicture.from_json({**data, "rows": [{"label": "Wiser", "now": 6, "before": None}]})


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_off_the_scale_is_refused(rating: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        MarkRow("Wiser", rating, None)
    with pytest.raises(ValueError, match="from 1 to 5"):
        MarkRow("Wiser", None, rating)


def test_matplotlib_is_loaded_only_to_draw_and_pyplot_never() -> None:
    check = (
        "import sys; from bot.charts import MarksPicture, png\n"
        "assert 'matplotlib' not in sys.modules\n"
        "png(MarksPicture('', (), '', '', '', ''))\n"
        "assert 'matplotlib' in sys.modules\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)


def assert_margins_are_empty(drawn: Image.Image) -> None:
    """The outermost pixels all round are bare background."""
    width, height = drawn.size
    picture = drawn.convert("RGB")
    for edge in (
        (0, 0, MARGIN, height),
        (width - MARGIN, 0, width, height),
        (0, 0, width, MARGIN // 2),
        (0, height - MARGIN // 2, width, height),
    ):
        assert len(picture.crop(edge).getcolors() or []) == 1, f"something is drawn in {edge}"
