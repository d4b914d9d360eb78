"""What is shown of a cohort, section by section: a picture, and the table that says the same.

Page, file, report and chat are all made of this and of nothing else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Protocol

from bot.coaching.practice import MARKS, REVIEWS, Text
from bot.privacy.groups import Count, Spread
from bot.usecases import tally
from bot.usecases.cohorts.figures import Picture

PARTICIPATION, SPREADS, PRACTICES, PLANS, HOURS = SECTIONS = (
    "participation",
    "marks",
    "practices",
    "plans",
    "hours",
)
FUNNEL = "funnel"
# What the columns of a spread are called in a file.
OF_A_SPREAD = ("mean", "low", "high")

type Cell = str | int | Count | Spread
type Drawing = dict[str, Any]
# The columns of a table, its rows, and the picture that says the same.
type _Made = tuple[Mapping[str, str], Sequence[Sequence[Cell]], Drawing]


class Word(Protocol):
    """Gives words in a language."""

    def __call__(self, key: str, **values: Any) -> str:
        """Return the words `key`, filled with values."""


@dataclass(frozen=True)
class Words:
    """The words of a language; `titles` are those of the practices, by their ids."""

    word: Word
    language: str
    titles: Mapping[str, Text]

    def practice(self, practice_id: str) -> str:
        """Return how a practice is called."""
        title = self.titles.get(practice_id)
        return title[self.language] if title else practice_id


@dataclass(frozen=True)
class Section:
    """Figures that belong together: a picture, and a table with a row for each week.

    `weeks` are numbers as people count, from 1. `columns` has the title of each column by its
    name in a file; `rows` what stands in it.
    """

    name: str
    title: str
    caption: str
    weeks: Sequence[str]
    columns: Mapping[str, str]
    rows: Sequence[Sequence[Cell]]
    drawing: Drawing

    def header(self) -> list[str]:
        """Return the columns as a file has them: three for the spread of a rating."""
        if self.name != SPREADS:
            return list(self.columns)
        return [f"{column}_{of}" for column in self.columns for of in OF_A_SPREAD]

    def lines(self) -> list[list[object]]:
        """Return the rows as a file has them."""
        return [[value for cell in row for value in values(cell)] for row in self.rows]


def told(cell: Cell, word: Word) -> str:
    """Return what is said of a figure, or why it is not shown."""
    match cell:
        case Count(people=None, held=held):
            return word(str(held))
        case Count(people=people):
            return str(people)
        case Spread(mean=None):
            return word("too_few")
        case Spread(mean=mean, low=low, high=high):
            return word("spread", mean=str(mean).replace(".", word("decimal")), low=low, high=high)
    return str(cell)


def is_held(cell: Cell) -> bool:
    """Tell whether a figure is held back."""
    return (isinstance(cell, Count) and cell.people is None) or cell == Spread()


def values(cell: Cell) -> list[object]:
    """Return what stands for a figure in a file."""
    match cell:
        case Count(people=people, held=held):
            return [held if people is None else people]
        case Spread(mean=mean, low=low, high=high):
            return [mean, low, high]
    return [cell]


def table(sections: Iterable[Section]) -> tuple[list[str], list[list[object]]]:
    """Return sections as one table with a row for each week: its first row, and the others."""
    some = list(sections)
    header = ["week", *(column for section in some for column in section.header())]
    lines = zip(some[0].weeks, *(section.lines() for section in some), strict=True)
    return header, [[week, *chain(*parts)] for week, *parts in lines]


# --- whom HR enrolled, and how far they came ------------------------------------------------


def stages(picture: Picture) -> dict[str, Cell]:
    """Return how many are on the list, joined, and were active or silent in the last week."""
    count = picture.headcount
    found: dict[str, Cell] = {"enrolled": count.enrolled, "joined": count.joined}
    if picture.weeks:
        found |= {"active": picture.weeks[-1].active, "silent": picture.weeks[-1].silent}
    return found


def funnel(picture: Picture, words: Words) -> Drawing:
    """Return the description of the picture of those invited, joined, and active."""
    word = words.word
    enrolled, joined = picture.headcount.enrolled, picture.headcount.joined
    drawn: list[tuple[int | None, str]] = [
        (enrolled, ""),
        (joined, _share(word, "share_enrolled", joined, enrolled)),
    ]
    if picture.weeks:
        last = picture.weeks[-1]
        people = last.active.people
        if people is None:
            note = told(last.active, word)
        else:
            note = _share(word, "share_members", people, last.joined)
        drawn.append((people, note))
    labels = [word(f"funnel_{name}") for name in ("enrolled", "joined", "active")]
    rows = [
        {"label": label, "count": count, "note": note}
        for label, (count, note) in zip(labels, drawn, strict=False)
    ]
    return {"funnel": {"title": word("funnel_title"), "stages": rows}}


def _share(word: Word, key: str, people: int, of: int) -> str:
    return word(key, share=round(100 * people / of)) if of else ""


# --- what they did, week by week ------------------------------------------------------------


def sections(picture: Picture, words: Words) -> dict[str, Section]:
    """Return all that is shown of the weeks that have ended, by name."""
    made = {
        PARTICIPATION: _participation,
        SPREADS: _marks,
        PRACTICES: _practices,
        PLANS: _plans,
        HOURS: _hours,
    }
    return {name: _section(name, picture, words, make) for name, make in made.items()}


def _section(
    name: str, picture: Picture, words: Words, make: Callable[[Picture, Words], _Made]
) -> Section:
    columns, rows, drawing = make(picture, words)
    title, caption = words.word(f"{name}_title"), words.word(f"{name}_caption")
    return Section(name, title, caption, _weeks(picture), columns, rows, drawing)


def _participation(picture: Picture, words: Words) -> _Made:
    kinds = (tally.ACTIVE, *tally.KINDS.values())
    columns = {kind: words.word(f"kind_{kind}") for kind in kinds}
    groups = [{tally.ACTIVE: week.active, **week.kinds} for week in picture.weeks]
    heat = {
        "title": words.word("participation_title"),
        "legend": words.word("participation_legend"),
        "week": words.word("column_week"),
        "weeks": _weeks(picture),
        "rows": [
            {
                "label": columns[kind],
                "shares": [
                    _part(group[kind], week.joined)
                    for group, week in zip(groups, picture.weeks, strict=True)
                ],
            }
            for kind in kinds
        ],
        "too_few": words.word("not_shown"),
    }
    rows: list[list[Cell]] = [
        [week.joined, *(group[kind] for kind in kinds), week.silent]
        for group, week in zip(groups, picture.weeks, strict=True)
    ]
    columns = {"members": words.word("column_members"), **columns}
    columns["silent"] = words.word("kind_silent")
    return columns, rows, {"heat": heat}


def _weeks(picture: Picture) -> list[str]:
    return [str(week.week + 1) for week in picture.weeks]


def _part(count: Count, members: int) -> float | None:
    return count.people / members if count.people is not None else None


def _marks(picture: Picture, words: Words) -> _Made:
    columns = {mark: words.word(f"mark_{mark}") for mark in MARKS}
    spread = {
        "title": words.word("marks_title"),
        "weeks": _weeks(picture),
        "rows": [
            {"label": label, "weeks": [_point(week.marks[mark]) for week in picture.weeks]}
            for mark, label in columns.items()
        ],
        "scale": words.word("marks_scale"),
        "average": words.word("marks_mean"),
        "half": words.word("marks_half"),
        "too_few": words.word("too_few"),
        "decimal": words.word("decimal"),
    }
    rows: list[list[Cell]] = [[week.marks[mark] for mark in MARKS] for week in picture.weeks]
    return columns, rows, {"spread": spread}


def _point(spread: Spread) -> dict[str, Any] | None:
    return None if spread.mean is None else asdict(spread)


def _practices(picture: Picture, words: Words) -> _Made:
    names = [
        words.practice(picture.practices[week.week]) if week.week < len(picture.practices) else ""
        for week in picture.weeks
    ]
    done = [(name, week.practised) for name, week in zip(names, picture.weeks, strict=True)]
    columns = {
        "practice_of_week": words.word("column_practice"),
        "practised": words.word("column_practised"),
    }
    rows: list[list[Cell]] = [[name, count] for name, count in done]
    bars = _bars(words.word("practices_title"), [one for one in done if one[0]], words.word)
    return columns, rows, bars


def _plans(picture: Picture, words: Words) -> _Made:
    columns = {f"plan_{name}": words.word(f"plan_{name}") for name in REVIEWS}
    return _of_last_week(PLANS, picture, words, columns, [week.plans for week in picture.weeks])


def _hours(picture: Picture, words: Words) -> _Made:
    columns = {f"hour_{name}": words.word(f"hour_{name}") for name in tally.HOURS}
    return _of_last_week(HOURS, picture, words, columns, [week.hours for week in picture.weeks])


def _of_last_week(
    name: str,
    picture: Picture,
    words: Words,
    columns: Mapping[str, str],
    cells: Sequence[Mapping[str, Count]],
) -> _Made:
    """Return parts of those in a week; only the last week is drawn, the table has them all."""
    rows: list[list[Cell]] = [list(week.values()) for week in cells]
    if not picture.weeks:
        return columns, rows, _bars(words.word(f"{name}_title"), [], words.word)
    last = list(zip(columns.values(), cells[-1].values(), strict=True))
    title = words.word(f"{name}_of_week", week=picture.weeks[-1].week + 1)
    return columns, rows, _bars(title, last, words.word)


def _bars(title: str, counts: Sequence[tuple[str, Count]], word: Word) -> Drawing:
    rows = [
        {
            "label": label,
            "count": count.people,
            "instead": told(count, word) if count.people is None else "",
        }
        for label, count in counts
    ]
    return {"bars": {"title": title, "rows": rows}}
