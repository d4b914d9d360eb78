"""Splitting a long message: nothing is lost, nothing is too long, every part stands alone."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.usecases.splitting import LIMIT, split, units

TAGS = ("b", "i", "blockquote", 'a href="https://example.org/?a=1&amp;b=2"')


class Reader(HTMLParser):
    """Reads a part as Telegram does: every tag closed in order, nothing closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.seen = "", [], []
        self.feed(html)
        self.close()
        assert self.open == [], "a tag is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, "tags are crossed"

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(html: str) -> str:
    return Reader(html).text


def bare(text: str) -> str:
    return "".join(text.split())


prose = st.lists(
    st.sampled_from(["word", "été", "🦊", "«", "A.", "B!", "\n\n", "\n", "<", "&amp;"])
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
    max_size=12,
).map(" ".join)


def tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = st.builds(
        lambda tag, html: f"<{tag}>{html}</{tag.split()[0]}>", st.sampled_from(TAGS), inner
    )
    return st.lists(inner | wrapped, max_size=4).map("".join)


messages = st.recursive(prose.map(lambda text: escape(text, quote=False)), tagged, max_leaves=12)


@settings(deadline=None)
@given(messages, st.integers(16, 400))
def test_no_word_is_lost(html: str, limit: int) -> None:
    """All parts together show what the message shows, in its order."""
    parts = split(html, limit)
    assert bare("".join(map(shown, parts))) == bare(shown(html))


@settings(deadline=None)
@given(messages, st.integers(16, 400))
def test_every_part_can_be_sent(html: str, limit: int) -> None:
    """Each part is within the limit in UTF-16 units, not empty, and its tags are balanced."""
    parts = split(html, limit)
    assert all(units(shown(part)) <= limit for part in parts)
    assert len(parts) == 1 or all(shown(part).strip() for part in parts)


@settings(deadline=None)
@given(st.lists(st.text("abcé🦊", min_size=1, max_size=90), min_size=1, max_size=1500))
def test_no_word_is_cut(words: list[str]) -> None:
    """In a message for Telegram a part ends between words."""
    parts = split(" ".join(words) * 3)
    assert [word for part in parts for word in part.split()] == (" ".join(words) * 3).split()
    assert all(units(part) <= LIMIT for part in parts)


@pytest.mark.parametrize("letter", ["a", "é", "🦊", "&amp;"])
def test_a_message_at_the_limit_stays_whole(letter: str) -> None:
    """4096 units as shown are one message, one more makes two; an emoji counts two."""
    many = LIMIT // units(shown(letter))
    assert len(split(letter * many)) == 1
    first, second = split(letter * (many + 1))
    assert (shown(first), shown(second)) == (shown(letter) * many, shown(letter))


def test_a_short_message_is_left_as_it_is() -> None:
    """Within the limit, not a character changes."""
    html = "  <b>Ana</b> &amp; “Paul”\n"
    assert split(html) == [html]


def test_a_message_is_cut_where_a_reader_would() -> None:
    """A paragraph's end is preferred to a sentence's, and that to a space."""
    assert split("One two. Three.\n\nFour five six. Seven", 24) == [
        "One two. Three.",
        "Four five six. Seven",
    ]
    assert split("Un, deux trois. Quatre cinq six", 24) == ["Un, deux trois.", "Quatre cinq six"]
    assert split("un deux trois quatre cinq six", 16) == ["un deux trois", "quatre cinq six"]


def test_a_tag_goes_on_behind_the_cut() -> None:
    """What was bold before a cut is bold behind it; a link keeps its address."""
    assert split("<b>one two</b>", 5) == ["<b>one </b>", "<b>two</b>"]
    parts = split('<a href="https://example.org/?a=1&amp;b=2">one two three four</a>', 10)
    assert [Reader(part).seen for part in parts] == [
        [("a", [("href", "https://example.org/?a=1&b=2")])]
    ] * len(parts)


def test_a_quotation_stays_one() -> None:
    """A quotation with a line in italics is not torn into several, and two stay two."""
    one = "<blockquote>“Ana spoke up.”\n— <i>Tuesday</i></blockquote>"
    parts = split(f"{one}\n{one * 2}" + " And more." * 20, 120)
    assert parts[0].count("<blockquote>") == 3
    assert parts[0].startswith(f"{one}\n{one * 2}")
