"""Pictures of a cohort: what they show, and that what may not be shown is never drawn."""

import io
import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.charts import (
    BarRow,
    BarsPicture,
    FunnelPicture,
    FunnelStage,
    HeatPicture,
    HeatRow,
    SpreadMark,
    SpreadPicture,
    SpreadPoint,
    draw,
    png,
    svg,
)

pytestmark = pytest.mark.filterwarnings("error")

SVG = "{http://www.w3.org/2000/svg}"
MARGIN = 60
HIDDEN = "too few to show"
LONG = "Anticonstitutionnellement vôtre\u00a0: réflexions quotidiennes, bilans et exercices " * 2
BLUE, TINT, STRIPES = "#2f5f8f", "#c3d3e3", "#c9c0ad"

FUNNEL = FunnelPicture(
    "From the invitation to the answers",
    (
        FunnelStage("Invited", 120, ""),
        FunnelStage("Joined", 90, "75% of those invited"),
        FunnelStage("Active", None, HIDDEN),
    ),
)
HEAT = HeatPicture(
    "Who takes part",
    "People who answered, in %",
    "Week",
    ("1", "2", "3"),
    (
        HeatRow("Reflections", (0.12, 0.34, None)),
        HeatRow("Check-in", (0.56, 0.78, 1.0)),
        HeatRow("Practice", (0.0, 0.23, 0.89)),
    ),
    HIDDEN,
)
BARS = BarsPicture(
    "Plans",
    (BarRow("Done", 40), BarRow("Partly", 20), BarRow("Not done", None, HIDDEN), BarRow("Open", 0)),
)

SPREAD = SpreadPicture(
    title="The marks over the weeks",
    weeks=("W1", "W2", "W3"),
    rows=(
        SpreadMark("Healthier", (SpreadPoint(1.2, 1, 1), None, SpreadPoint(3.5, 3, 4))),
        SpreadMark("Wiser", (SpreadPoint(3.0, 2, 4), SpreadPoint(4.0, 3, 5), SpreadPoint(5, 5, 5))),
    ),
    scale="1: not at all, 5: very much",
    average="Average",
    half="Middle half of the ratings",
    too_few=HIDDEN,
    decimal=".",
    columns=2,
)


def heat_of(weeks: int, share: float | None, label: str = "Reflections") -> HeatPicture:
    names = tuple(f"{week + 1}" for week in range(weeks))
    return replace(HEAT, weeks=names, rows=(HeatRow(label, (share,) * weeks),) * 3)


def spread_of(*weeks: SpreadPoint | None) -> SpreadPicture:
    names = tuple(f"W{week + 1}" for week in range(len(weeks)))
    return replace(SPREAD, weeks=names, rows=(SpreadMark("Wiser", weeks),))


PICTURES: dict[str, Any] = {
    "funnel": FUNNEL,
    "funnel, empty": replace(FUNNEL, title="", stages=()),
    "funnel, nobody": replace(FUNNEL, stages=(FunnelStage("Invited", 0, "0%"),) * 3),
    "funnel, long": FunnelPicture(LONG, (FunnelStage(LONG, 123_456_789, LONG),) * 3),
    "funnel, hidden": FunnelPicture(LONG, (FunnelStage(LONG, None, LONG),) * 3),
    "heat": HEAT,
    "heat, empty": replace(HEAT, weeks=(), rows=()),
    "heat, one week": heat_of(1, 1.0),
    "heat, a year": heat_of(52, 1.0),
    "heat, hidden": heat_of(52, None),
    "heat, long": replace(heat_of(9, None, LONG), legend=LONG, week=LONG, too_few=LONG),
    "spread": SPREAD,
    "spread, empty": replace(SPREAD, weeks=(), rows=()),
    "spread, one week": spread_of(SpreadPoint(5.0, 5, 5)),
    "spread, a year": replace(
        SPREAD,
        weeks=("24 September",) * 52,
        rows=(SpreadMark(LONG, (SpreadPoint(3.7, 2, 5),) * 52),) * 6,
    ),
    "spread, long": replace(
        spread_of(SpreadPoint(5.0, 5, 5), SpreadPoint(1.0, 1, 1)),
        weeks=(LONG, LONG),
        scale=LONG,
        average=LONG,
        half=LONG,
        columns=1,
    ),
    "spread, hidden": replace(
        SPREAD, too_few=LONG, rows=(SpreadMark("Wiser", (None, None, None)),) * 6
    ),
    "bars": BARS,
    "bars, empty": replace(BARS, rows=()),
    "bars, nobody": replace(BARS, rows=(BarRow("Done", 0),) * 2),
    "bars, hidden": BarsPicture(LONG, (BarRow(LONG, None, LONG),) * 24),
    "bars, long": BarsPicture(LONG, (BarRow(LONG, 123_456_789), BarRow("W" * 90, 1))),
}


def words(picture: Any) -> list[str]:
    """Every line of text, in the order drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg(picture)).iter(f"{SVG}text")]


def shapes(picture: Any, colour: str) -> list[list[float]]:
    """The numbers in the outline of every shape that is filled or drawn in a colour."""
    paths = ElementTree.fromstring(svg(picture)).iter(f"{SVG}path")
    return [
        [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
        for path in paths
        if colour in path.attrib["style"]
    ]


def widths(picture: Any, colour: str) -> list[float]:
    return [max(shape[::2]) - min(shape[::2]) for shape in shapes(picture, colour)]


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_drawn_outside_the_margins(name: str) -> None:
    """A picture is an opaque sheet 1080 pixels wide with free margins, whatever is on it."""
    drawn = Image.open(io.BytesIO(png(PICTURES[name])))
    assert drawn.width == 1080
    assert drawn.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    width, height = drawn.size
    for edge in (
        (0, 0, MARGIN, height),
        (width - MARGIN, 0, width, height),
        (0, 0, width, MARGIN // 2),
        (0, height - MARGIN // 2, width, height),
    ):
        assert len(drawn.convert("RGB").crop(edge).getcolors() or []) == 1, edge


@pytest.mark.parametrize("name", PICTURES)
def test_a_document_is_scalable_small_and_the_same_each_time(name: str) -> None:
    """The SVG has a view box, words instead of outlines of letters, and no random names."""
    drawn = svg(PICTURES[name])
    root = ElementTree.fromstring(drawn)
    assert root.attrib["viewBox"].startswith("0 0 1080 ")
    assert not list(root.iter(f"{SVG}use"))
    assert len(drawn) < 150_000
    assert drawn == svg(PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_survives_being_stored(name: str) -> None:
    """From its plain description comes the same picture."""
    picture = PICTURES[name]
    stored = json.loads(json.dumps(picture.to_json()))
    assert type(picture).from_json(stored) == picture


@pytest.mark.parametrize("picture", [FUNNEL, HEAT, SPREAD, BARS])
def test_the_registry_draws_a_stored_picture(picture: Any) -> None:
    """By its plain description alone, and just as its own function does."""
    stored = json.loads(json.dumps(picture.to_json()))
    kind = type(picture).__name__.removesuffix("Picture").lower()
    assert draw({kind: stored}) == png(picture)


@pytest.mark.parametrize("picture", [FUNNEL, HEAT, SPREAD, BARS])
def test_stored_data_of_another_shape_is_refused(picture: Any) -> None:
    """What has a field too many or none at all is no picture."""
    with pytest.raises(TypeError):
        type(picture).from_json({**picture.to_json(), "colour": "red"})
    with pytest.raises(KeyError):
        type(picture).from_json({})


# --- the funnel -------------------------------------------------------------------------


def test_a_funnel_says_every_stage_its_count_and_its_share() -> None:
    """What is known of a stage is written beside its bar."""
    wanted = {"Invited", "Joined", "Active", "120", "90", "75% of those invited", HIDDEN}
    assert wanted <= set(words(FUNNEL))


def test_the_bars_of_a_funnel_are_as_long_as_their_counts() -> None:
    """A stage of three quarters has a bar of three quarters."""
    invited, joined = widths(FUNNEL, BLUE)[:2]
    assert joined == pytest.approx(0.75 * invited)


def test_a_hidden_stage_of_a_funnel_shows_neither_bar_nor_share() -> None:
    """A count that may not be shown is stripes and a phrase; nobody is a zero without stripes."""
    hidden = replace(FUNNEL, stages=(FunnelStage("Active", None, HIDDEN),))
    nobody = replace(FUNNEL, stages=(FunnelStage("Active", 0, "0%"),))
    assert HIDDEN in words(hidden)
    assert not {"0", "None"} & set(words(hidden))
    assert (len(widths(hidden, BLUE)), len(widths(hidden, STRIPES))) == (0, 1)
    assert {"0", "0%"} <= set(words(nobody))
    assert HIDDEN not in words(nobody)
    assert widths(nobody, STRIPES) == []


def test_thousands_stand_apart() -> None:
    """Long figures are grouped in a way that both languages know."""
    assert "12\u00a0500" in words(replace(FUNNEL, stages=(FunnelStage("Invited", 12_500, ""),)))


# --- the heat map -----------------------------------------------------------------------


def test_a_heat_map_says_every_week_kind_and_share() -> None:
    """Each cell bears its share in per cent, under its week and beside its kind."""
    shown = words(HEAT)
    wanted = ["Reflections", "Check-in", "Practice", "Week", "1", "2", "3", HEAT.legend]
    wanted += ["12", "34", "56", "78", "100", "0", "23", "89"]
    assert [word for word in wanted if word not in shown] == []


def test_a_hidden_cell_is_striped_and_bears_no_figure() -> None:
    """What may not be shown is told in the legend; a share of zero is a figure of its own."""
    hidden, zero = heat_of(1, None), heat_of(1, 0.0)
    assert HIDDEN in words(hidden)
    assert len(shapes(hidden, STRIPES)) == 1 + 3  # the legend's own
    assert words(hidden).count("0") == 1  # the scale's own
    assert HIDDEN not in words(zero)
    assert shapes(zero, STRIPES) == []
    assert words(zero).count("0") == 1 + 3


@pytest.mark.parametrize("share", [0, 0.1, 0.199, 0.2, 0.45, 0.59, 0.6, 0.79, 0.8, 1])
def test_figures_stand_out_from_their_cells(share: float) -> None:
    """Every figure can be read on its shade: a contrast of 4.5 to 1 or more."""
    root = ElementTree.fromstring(svg(heat_of(1, share)))
    fills = [
        re.findall("fill: (#\\w{6})", path.attrib["style"]) for path in root.iter(f"{SVG}path")
    ]
    figure = [text.attrib["style"] for text in root.iter(f"{SVG}text")][-1]
    ink = re.findall("fill: (#\\w{6})", figure)[0]
    darker, lighter = sorted((luminance(fills[-1][0]), luminance(ink)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """How light a colour is, as the guidelines for web content count it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_more_is_darker() -> None:
    """The shades go one way from none to all."""
    root = ElementTree.fromstring(svg(heat_of(1, 1.0)))
    scale = [
        re.findall("fill: (#\\w{6})", path.attrib["style"]) for path in root.iter(f"{SVG}path")
    ]
    shades = [luminance(fill[0]) for fill in scale[1:6]]
    assert all(lighter > darker for lighter, darker in pairwise(shades))


def test_a_year_is_broken_into_bands_with_every_week_named() -> None:
    """52 weeks do not fit side by side: they go on below, each with its name."""
    names = {str(week) for week in range(1, 53)}
    assert names <= set(words(heat_of(52, 0.99)))


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_share_off_its_bounds_is_refused(share: float) -> None:
    """A share is from 0 to 1."""
    with pytest.raises(ValueError, match="from 0 to 1"):
        HeatRow("Practice", (share,))


def test_a_row_of_a_heat_map_has_a_share_for_every_week() -> None:
    """Too many shares, or too few, are refused."""
    with pytest.raises(ValueError, match="for each week"):
        replace(HEAT, weeks=("1", "2"))


# --- the spread -------------------------------------------------------------------------


def test_a_spread_says_every_mark_week_and_last_average() -> None:
    """Each panel has its mark, its scale, its weeks and the figure its line ends with."""
    shown = words(SPREAD)
    wanted = ["Healthier", "Wiser", "3.5", "5.0", SPREAD.scale, SPREAD.average, SPREAD.half]
    assert [word for word in wanted if word not in shown] == []
    for word in ("W1", "W2", "W3", "1", "3", "5"):
        assert shown.count(word) == 2


def test_tenths_stand_after_the_sign_that_is_given() -> None:
    """In French a comma stands before them."""
    assert "3,5" in words(replace(SPREAD, decimal=","))


def test_the_line_is_broken_where_a_week_may_not_be_shown() -> None:
    """A gap is no zero: nothing is drawn in it, and the legend says what it is."""
    known = SpreadPoint(3.5, 3, 4)
    whole, broken = (spread_of(known, week, known) for week in (SpreadPoint(3.0, 2, 4), None))
    assert HIDDEN not in words(whole)
    assert HIDDEN in words(broken)
    (band,) = shapes(whole, TINT)[1:]
    one, other = shapes(broken, TINT)[1:]
    assert max(one[::2]) < min(other[::2])
    assert min(band[::2]) < max(one[::2])
    middle = (min(band[::2]) + max(band[::2])) / 2

    def across(picture: SpreadPicture) -> list[list[float]]:
        """What of the panel's line lies over the week in the middle."""
        lines = [line for line in shapes(picture, BLUE) if min(line[1::2]) >= min(band[1::2])]
        return [line for line in lines if min(line[::2]) <= middle <= max(line[::2])]

    assert across(whole)
    assert not across(broken)


def test_a_mark_without_a_week_to_show_has_neither_line_nor_figure() -> None:
    """Its panel says why it is bare."""
    hidden = spread_of(None, None)
    assert words(hidden).count(HIDDEN) == 2  # in the legend and in the panel
    assert not [word for word in words(hidden) if re.fullmatch(r"\d[.,]\d", word)]
    assert len(shapes(hidden, TINT)) == 1  # the legend's own


def test_the_band_is_wide_where_ratings_are_far_apart() -> None:
    """It spans the middle half of the ratings, and is seen where they are all alike."""
    weeks = SpreadPoint(3.0, 3, 3), SpreadPoint(3.0, 2, 4), SpreadPoint(3.2, 1, 5)
    alike, near, far = (shapes(spread_of(week), TINT)[1][1::2] for week in weeks)
    heights = [max(band) - min(band) for band in (alike, near, far)]
    assert 0 < heights[0] < heights[1] < heights[2]
    assert heights[2] - heights[1] == pytest.approx(heights[1] - heights[0])


def test_panels_stand_in_as_many_columns_as_asked_for() -> None:
    """Two columns are lower than one; other numbers are refused."""
    one, two = (
        Image.open(io.BytesIO(png(replace(SPREAD, columns=columns)))).height for columns in (1, 2)
    )
    assert two < one
    with pytest.raises(ValueError, match="one column or in two"):
        SpreadPicture.from_json({**SPREAD.to_json(), "columns": 3})


@pytest.mark.parametrize("week", [(3.0, 4, 2), (0.5, 1, 2), (3.0, 0, 4), (5.1, 5, 5)])
def test_ratings_are_on_the_scale_and_in_order(week: tuple[float, int, int]) -> None:
    """A mean off the scale, or a lowest rating above the highest, is refused."""
    with pytest.raises(ValueError, match="from 1 to 5"):
        SpreadPoint(*week)


def test_a_row_of_a_spread_has_counts_for_every_week() -> None:
    """Too many weeks, or too few, are refused."""
    with pytest.raises(ValueError, match="for each week"):
        replace(SPREAD, weeks=("W1",))


# --- the bars ---------------------------------------------------------------------------


def test_bars_say_every_label_and_count() -> None:
    """Each row has its words and, where it may be shown, its figure."""
    assert {"Done", "40", "Partly", "20", "Not done", HIDDEN, "Open", "0"} <= set(words(BARS))


def test_bars_are_as_long_as_their_counts_and_none_has_none() -> None:
    """Half as many is half as long; zero and what may not be shown have no bar."""
    done, partly = widths(BARS, f"fill: {BLUE}")[:2]
    assert partly == pytest.approx(done / 2)
    hidden = replace(BARS, rows=(BarRow("Done", None, HIDDEN), BarRow("Open", None, HIDDEN)))
    assert [path for path in shapes(hidden, f"fill: {BLUE}") if path] == []
    assert words(hidden).count(HIDDEN) == 2
    assert "0" not in words(hidden)


def test_a_count_below_zero_is_refused() -> None:
    """There is no such count."""
    with pytest.raises(ValueError, match="not below zero"):
        BarRow("Done", -1)
    with pytest.raises(ValueError, match="not below zero"):
        FunnelStage("Invited", -1, "")
