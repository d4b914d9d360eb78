"""A sheet to draw on, measured in pixels from its top left corner, for PNG, SVG or PDF.

The one home of matplotlib. Only its object-oriented side is used: no pyplot, nothing global.
Words are set in the font that matplotlib carries, so a picture looks the same on every machine.
"""

import io
import re
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import (
    Circle,
    FancyBboxPatch,
    Patch,
    PathPatch,
    Polygon,
    Rectangle,
    Wedge,
)
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform
from PIL import Image

type Point = tuple[float, float]
type Align = Literal["left", "center", "right"]
type Span = Callable[[str], float]  # how wide words are, in pixels

_DPI = 72  # a point is a pixel, so that sizes are the same in PNG and SVG
_ROUND = 22  # the radius of a box's corners
_STRIPES = 16  # from one stripe of a hatched place to the next
# What a browser takes that lacks the font: letters of about the same width.
_SVG_FONTS = ["DejaVu Sans", "Bitstream Vera Sans", "Verdana", "sans-serif"]
_ELLIPSIS = "…"
_NO_BREAK_SPACES = "\u00a0\u202f"
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_PILED_ACCENTS = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_ELLIPSES = re.compile(f"{_ELLIPSIS}(?: *{_ELLIPSIS})+")
_SETTINGS_LOCK = threading.Lock()  # matplotlib takes some choices from settings threads share


class Canvas:
    """A sheet `width` pixels wide; what is drawn later lies on top.

    Its height is set by `cut`, once what lies on it is known.
    """

    def __init__(self, width: float, background: str) -> None:
        self._width, self.background = width, background
        self._figure = Figure(dpi=_DPI, facecolor=background)
        self._sheet: Any = FigureCanvasAgg(self._figure)
        self._from_top = Affine2D().scale(1, -1)
        self._scale = 1.0
        self._place: Transform = Affine2D()

    def blank(self, width: float) -> "Canvas":
        """Another sheet of the same colour."""
        return Canvas(width, self.background)

    def inset(self, corner: Point, scale: float) -> "Canvas":
        """A place on this sheet to draw on, from its top left corner, with pixels of its own.

        One of them is `scale` of this sheet's. Only the sheet itself is cut and exported.
        """
        inner = copy(self)
        inner._scale = self._scale * scale
        inner._place = Affine2D().scale(scale).translate(*corner) + self._place
        return inner

    def cut(self, height: float) -> None:
        """Cut the sheet off at `height` pixels; to be done once, before it is exported."""
        self._figure.set_size_inches(self._width / _DPI, height / _DPI)
        self._from_top.translate(0, height)

    def line(self, start: Point, end: Point, *, colour: str, thick: float) -> None:
        """A straight line, `thick` pixels across."""
        xs, ys = zip(start, end, strict=True)
        self._add(Line2D(xs, ys, color=colour, linewidth=thick, solid_capstyle="butt"))

    def trace(self, points: Sequence[Point], *, colour: str, thick: float) -> None:
        """A line from point to point, `thick` pixels across."""
        xs, ys = zip(*points, strict=True)
        self._add(Line2D(xs, ys, color=colour, linewidth=thick, solid_joinstyle="round"))

    def area(self, corners: Sequence[Point], *, colour: str) -> None:
        """A filled shape with these corners."""
        self._add(Polygon(corners, closed=True, facecolor=colour, linewidth=0))

    def bar(self, corner: Point, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle, from its top left corner."""
        self._add(Rectangle(corner, width, height, facecolor=colour, linewidth=0))

    def hatch(self, corner: Point, width: float, height: float, *, colour: str) -> None:
        """A rectangle of slanting stripes, from its top left corner."""
        x, y = corner
        sums = range(_STRIPES // 2, int(width + height), _STRIPES)  # along a stripe, x + y is one
        ends = [
            (
                (x + min(at, width), y + max(0, at - width)),
                (x + max(0, at - height), y + min(at, height)),
            )
            for at in sums
        ]
        path = Outline.make_compound_path(*map(Outline, ends))
        self._add(PathPatch(path, edgecolor=colour, facecolor="none", linewidth=2))

    def disc(self, centre: Point, radius: float, *, colour: str) -> None:
        """A filled disc."""
        self._add(Circle(centre, radius, facecolor=colour, linewidth=0))

    def ring(self, centre: Point, radius: float, *, colour: str, fill: str, thick: float) -> None:
        """A disc of `fill` inside an outline `thick` pixels across, `radius` to its outer edge."""
        middle = radius - thick / 2
        self._add(Circle(centre, middle, facecolor=fill, edgecolor=colour, linewidth=thick))

    def half_disc(self, centre: Point, radius: float, *, colour: str) -> None:
        """The lower half of a filled disc."""
        self._add(Wedge(centre, radius, 0, 180, facecolor=colour, linewidth=0))

    def box(
        self, corner: Point, width: float, height: float, *, colour: str, fill: str, thick: float
    ) -> None:
        """A box with round corners, from its top left one, in an outline `thick` pixels across."""
        style = f"round,pad=0,rounding_size={_ROUND}"
        self._add(
            FancyBboxPatch(
                corner,
                width,
                height,
                boxstyle=style,
                facecolor=fill,
                edgecolor=colour,
                linewidth=thick,
            )
        )

    def arrow_down(self, tip: Point, size: float, *, colour: str) -> None:
        """The head of an arrow that points down, `size` pixels high and twice as wide."""
        x, y = tip
        self.area([(x, y), (x - size, y - size), (x + size, y - size)], colour=colour)

    def text(
        self,
        at: Point,
        words: str,
        size: float,
        *,
        colour: str,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """One line of words as `wrap` gives them, letters `size` pixels high, baseline at `at`."""
        text = Text(*at, words, fontproperties=_font(size, bold), color=colour)
        text.set_horizontalalignment(align)
        text.set_parse_math(False)  # a "$" in a nickname is a dollar
        self._add(text)

    @staticmethod
    def span(words: str, size: float, *, bold: bool = False) -> float:
        """How wide one line of words is, in pixels."""
        font = _font(size, bold)
        return float(text_to_path.get_text_width_height_descent(words, font, False)[0])

    @classmethod
    def wrap(
        cls, words: str, size: float, width: float, *, bold: bool = False, most: int | None = None
    ) -> list[str]:
        """Break any text into even lines at most `width` pixels wide, for `text` to draw.

        What the font cannot show becomes an ellipsis, and so does what `most` lines cannot hold.
        A word too long for a line is divided.
        """
        span = partial(cls.span, size=size, bold=bold)
        pieces = list(_pieces(_legible(words), span, width))
        lines = _filled(pieces, span, width)
        if most is not None and len(lines) > most:
            return [*lines[: most - 1], _ended(lines[most - 1], span, width)]
        while len(lines) > 1:
            narrower = max(map(span, lines)) - 1
            evener = _filled(pieces, span, narrower)
            if len(evener) > len(lines) or max(map(span, evener)) > narrower:
                break
            lines = evener
        return lines

    def png(self) -> bytes:
        """The sheet as a PNG file."""
        self._sheet.draw()
        rgba = self._sheet.buffer_rgba()
        image = Image.frombuffer("RGBA", self._sheet.get_width_height(), rgba, "raw", "RGBA", 0, 1)
        out = io.BytesIO()
        # Nothing shines through, and without that channel a file is smaller and made sooner.
        image.convert("RGB").save(out, "PNG")
        return out.getvalue()

    def svg(self) -> str:
        """The sheet as an SVG document of its own; show it as an image, not inside a page."""
        out = io.StringIO()
        text = mpl.rc_context({"svg.fonttype": "none", "font.sans-serif": _SVG_FONTS})
        with _SETTINGS_LOCK, text:  # words stay text
            self._figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        return out.getvalue()

    def pdf(self, title: str) -> bytes:
        """The sheet as a PDF file of one page, with its fonts."""
        out = io.BytesIO()
        fonts = mpl.rc_context({"pdf.fonttype": 42})  # letters that can be searched and copied
        metadata = {"Title": title, "Creator": None, "Producer": None, "CreationDate": None}
        with _SETTINGS_LOCK, fonts:
            self._figure.savefig(out, format="pdf", metadata=metadata)
        return out.getvalue()

    def _add(self, artist: Text | Line2D | Patch) -> None:
        if isinstance(artist, Text):
            artist.set_fontsize(float(artist.get_fontsize()) * self._scale)
        else:
            artist.set_linewidth(artist.get_linewidth() * self._scale)
        artist.set_transform(self._place + self._from_top)
        artist.set_zorder(len(self._figure.get_children()))
        self._figure.add_artist(artist)


def _pieces(words: str, span: Span, width: float) -> Iterator[str]:
    """The words one by one, those too wide for a line in parts that fit."""
    for word in words.split(" "):
        rest = word
        while span(rest) > width:
            fitting = _fitting(rest, span, width)
            yield rest[:fitting]
            rest = rest[fitting:]
        yield rest


def _fitting(word: str, span: Span, width: float) -> int:
    """How many characters of a word that is too wide fit: at least one, so that work ends."""
    too_many = bisect_right(range(len(word)), width, key=lambda count: span(word[:count]))
    return max(1, too_many - 1)


def _filled(pieces: list[str], span: Span, width: float) -> list[str]:
    """Lines with as many pieces each as `width` allows."""
    lines = pieces[:1]
    for piece in pieces[1:]:
        longer = f"{lines[-1]} {piece}"
        if span(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _ended(line: str, span: Span, width: float) -> str:
    """`line` with an ellipsis after it, cut so that both fit."""
    while line and span(line + _ELLIPSIS) > width:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS


def _legible(words: str) -> str:
    """`words` on one line, with an ellipsis in place of what the font cannot show."""
    composed = _PILED_ACCENTS.sub(r"\1", unicodedata.normalize("NFC", words))
    shown = _ELLIPSES.sub(_ELLIPSIS, "".join(map(_shown, composed)))
    return re.sub(" +", " ", shown).strip()


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if char in _NO_BREAK_SPACES:
        return char
    if category == "Cf" or ord(char) in _VARIATION_SELECTORS:
        return ""  # invisible: joiners, changes of direction, variants of emoji
    if char.isspace() or category == "Cc":
        return " "
    if ord(char) in _characters():
        return char
    return "" if category.startswith("M") else _ELLIPSIS


@cache
def _characters() -> frozenset[int]:
    """The code points that both weights of the font have."""
    regular, bold = (FT2Font(_font_file(bold)).get_charmap() for bold in (False, True))
    return frozenset(regular.keys() & bold.keys())


@cache
def _font(size: float, bold: bool) -> FontProperties:
    weight = "bold" if bold else "normal"
    return FontProperties(fname=_font_file(bold), size=size, weight=weight)


def _font_file(bold: bool) -> Path:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path(), "fonts", "ttf", name)
