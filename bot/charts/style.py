"""What all pictures share: the paper, the colours, the sizes of type, and how words are set.

The paper is light and opaque, so that a picture looks the same in a light and in a dark chat.
All sizes are in pixels. A phone shows a picture at about a third of its width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.charts.canvas import Align, Canvas, Point

    # What draws the sample at a place, how wide it is, and what it stands for.
    type Entry = tuple[Callable[[Canvas, Point], None], float, str]

WIDTH = 1080
PAD = 72
INNER = WIDTH - 2 * PAD

LABEL, NOTE, VALUE, TICK = 42, 34, 46, 28
LEADING = 1.28  # from one line to the next, in sizes of type
MIDDLE = 0.36  # from a baseline up to the middle of its capitals, in sizes of type
_TITLE_SIZES = (56, 48, 40)  # the largest that needs no more than the lines below
_TITLE_LINES = 2
_LEGEND_GAP, _LEGEND_LEADING, _LEGEND_INDENT = 56, 16, 18  # pixels
_NAMES_APART = 24  # least space between two names along a line, in pixels
_TITLE_LENGTH = 160  # characters looked at: two lines of letters hold fewer

# A label to the left, a scale or dots in the middle, a figure to the right.
LABEL_WIDTH = 424
FIRST, LAST = 552, 920
VALUE_MIDDLE = 992

# Blue and ochre differ for every kind of colour vision, and neither praises nor blames.
PAPER, INK, QUIET, GRID = "#f7f3ea", "#2a3340", "#626b7a", "#ddd6c7"
NOW, BEFORE = "#2f5f8f", "#b07a2a"
TRACK, TINT = "#ebe5d8", "#c3d3e3"  # what a bar could fill; what lies around a line
HIDDEN = "#c9c0ad"  # the stripes where a figure may not be shown
NOTHING = "–"


def figure(count: int) -> str:
    """A count in figures, as both languages can read it."""
    return f"{count:,}".replace(",", "\u00a0")


# Each of these draws from `top` down and returns where it ended.


def draw_title(canvas: Canvas, title: str, top: float) -> float:
    """Draw a title in the largest type that two lines hold; what they cannot hold is cut."""
    size, lines = _title_lines(canvas, title[:_TITLE_LENGTH])
    return draw_lines(canvas, lines, (PAD, top), size, colour=INK, bold=True)


def _title_lines(canvas: Canvas, title: str) -> tuple[int, list[str]]:
    """The size of a title and its lines, broken after its comma where that is not much smaller."""
    fitting = [(size, canvas.wrap(title, size, INNER, bold=True)) for size in _TITLE_SIZES]
    head, comma, tail = title.partition(", ")
    if len(fitting[0][1]) > 1 and tail and "," not in tail:
        for size in _TITLE_SIZES[:2]:
            halves = [canvas.wrap(half, size, INNER, bold=True) for half in (head + comma, tail)]
            if all(len(lines) == 1 for lines in halves):
                return size, [line for lines in halves for line in lines]
    for size, lines in fitting:
        if len(lines) <= _TITLE_LINES:
            return size, lines
    size = _TITLE_SIZES[-1]
    return size, canvas.wrap(title, size, INNER, bold=True, most=_TITLE_LINES)


def draw_lines(
    canvas: Canvas,
    lines: list[str],
    corner: Point,
    size: float,
    *,
    colour: str,
    align: Align = "left",
    bold: bool = False,
) -> float:
    """Draw lines of words one below the other from a corner."""
    x, y = corner
    for line in lines:
        baseline = y + (LEADING / 2 + MIDDLE) * size
        canvas.text((x, baseline), line, size, colour=colour, bold=bold, align=align)
        y += LEADING * size
    return y


def draw_value(canvas: Canvas, value: str, y: float, *, colour: str = NOW) -> None:
    """Draw the figure at the right end of a row whose middle is at `y`."""
    at = (VALUE_MIDDLE, y + MIDDLE * VALUE)
    canvas.text(at, value, VALUE, colour=colour, bold=True, align="center")


def draw_legend(canvas: Canvas, entries: Sequence[Entry], top: float) -> float:
    """Draw samples and their words: side by side where there is room, else below each other."""
    x, end = float(PAD), top
    for draw_sample, sample, words in entries:
        indent = sample + _LEGEND_INDENT
        lines = canvas.wrap(words, NOTE, INNER - indent)
        width = indent + max(canvas.span(line, NOTE) for line in lines)
        if x + width > PAD + INNER:
            x, top = float(PAD), end + _LEGEND_LEADING
        draw_sample(canvas, (x + sample / 2, top + NOTE * LEADING / 2))
        end = draw_lines(canvas, lines, (x + indent, top), NOTE, colour=INK)
        x += width + _LEGEND_GAP
    return end


def draw_nothing(canvas: Canvas, top: float) -> float:
    """Draw a dash where there is nothing to draw."""
    return draw_lines(canvas, [NOTHING], (PAD, top), LABEL, colour=QUIET)


def draw_along(
    canvas: Canvas, names: Sequence[str], places: Sequence[float], top: float, *, size: float
) -> float:
    """Draw names below their places: the last and the first, the others where there is room."""
    end = top
    taken: list[tuple[float, float]] = []
    last = len(names) - 1
    for number in dict.fromkeys((last, 0, *range(last, -1, -1)) if names else ()):
        x, half = places[number], (canvas.span(names[number], size) + _NAMES_APART) / 2
        if any(x - half < right and x + half > left for left, right in taken):
            continue
        taken.append((x - half, x + half))
        end = draw_lines(canvas, [names[number]], (x, top), size, colour=QUIET, align="center")
    return end
