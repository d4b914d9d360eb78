"""Reading an answer: what a typed text says as a rating, a choice, a day, a name."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import chain

from bot.coaching.practice import SCALE, Kind, Step
from bot.coaching.run import Given
from bot.coaching.times import day_in, fold
from bot.errors import LeoError

MAX_NICKNAME = 60
# As long as a message can be.
MAX_WORDS = 4096
MAX_ITEMS = 12
_ITEM_ENDS = re.compile(r"\n|;|,(?!\d)|\s+·\s+")
_BULLET = re.compile(r"^\s*(?:[-*•–—]|\d{1,2}[.)])\s+")

_RATING_WORDS = {
    word: number
    for number, words in enumerate(
        ("one un une", "two deux", "three trois", "four quatre", "five cinq"), start=1
    )
    for word in words.split()
}
_OUT_OF = re.compile(r"\b(?:out of|sur|on)\s+(?:5|five|cinq)\b|/\s*5\b")
_BETWEEN = re.compile(r"\b(?:between|entre|or|ou|half|demie?)\b|\d\s*-\s*\d")
# These are numbers only where they end the text: "plutôt un", but not "c'est un ami".
_ARTICLES = frozenset({"one", "un", "une"})
_MAX_RATING_LENGTH = 8
_NEGATION = re.compile(r"(?:\b(?:not|never|no|pas|aucun|jamais|ni)|n't)\b")
_FILLERS = re.compile(
    r"^(?:(?:i think|i guess|i would say|i'd say|well|hmm+|um+|euh+|oh|so|maybe|probably|perhaps"
    r"|rather|more like|let's say|the answer is|it is|it's|they are|they're|she is|he is"
    r"|je crois(?: que)?|je pense(?: que)?|je dirais|disons|bon|ben|alors|plutot|peut etre"
    r"|sans doute|probablement|c'est|a mon avis|elle est|il est|ils sont)[ ,:]+)+"
)


class Unreadable(LeoError):
    """The text is no answer to this question; `reason` is the key of the sentence that says so."""

    def __init__(self, reason: str) -> None:
        """Take the reason: unclear_rating, person_too_long, answer_too_long or not_understood."""
        super().__init__(reason)
        self.reason = reason


def read(step: Step, text: str, today: date) -> Given:
    """Return what `text` answers at `step`. Raises Unreadable with the reason.

    `today` is the date in the person's own zone.
    """
    text = text.strip()
    if not text:
        raise Unreadable("not_understood")
    match step.kind:
        case Kind.RATING:
            return Given(number=_rating(text))
        case Kind.CHOICE | Kind.REVIEW:
            return Given(choice=_choice(step, text))
        case Kind.DATE:
            return Given(day=_day(text, today))
        case Kind.PERSON:
            return Given(words=_nickname(text))
        case Kind.PLAN:
            return Given(words=_words(text), day=day_in(text, today))
        case Kind.LIST:
            return Given(words="\n".join(items(_words(text))))
    return Given(words=_words(text))


def fits(step: Step, text: str, today: date) -> bool:
    """Tell whether the text is by its form an answer to a rating, choice or date step.

    For a step that takes free words the form says nothing: False.
    """
    if step.kind not in (Kind.RATING, Kind.CHOICE, Kind.REVIEW, Kind.DATE):
        return False
    try:
        read(step, text, today)
    except Unreadable as unreadable:
        # Two numbers are an answer too, only an unclear one: Leo asks which.
        return unreadable.reason == "unclear_rating"
    return True


def items(text: str) -> list[str]:
    """Return the things a text lists, one a line or with commas between; at most MAX_ITEMS.

    What goes beyond stays together in the last one, so that nothing is lost. Raises Unreadable
    where nothing is listed.
    """
    parts = [_BULLET.sub("", part).strip(" .") for part in _ITEM_ENDS.split(text)]
    found = [part for part in parts if part]
    if not found:
        raise Unreadable("not_understood")
    if len(found) > MAX_ITEMS:
        found[MAX_ITEMS - 1 :] = [", ".join(found[MAX_ITEMS - 1 :])]
    return found


def _rating(text: str) -> int:
    plain = _OUT_OF.sub(" ", fold(text))
    words = re.findall(r"[a-z']+|(?:(?<!\S)-)?\d+(?:[.,]\d+)?", plain)
    digits = [word for word in words if word[-1].isdigit()]
    spelt = [
        str(_RATING_WORDS[word])
        for position, word in enumerate(words, start=1)
        if word in _RATING_WORDS and (word not in _ARTICLES or position == len(words))
    ]
    numbers = set(digits or spelt)
    if not numbers or len(words) > _MAX_RATING_LENGTH or _NEGATION.search(plain):
        raise Unreadable("not_understood")
    if len(numbers) > 1 or _BETWEEN.search(plain):
        raise Unreadable("unclear_rating")
    number = numbers.pop()
    if number.startswith("-"):
        raise Unreadable("not_understood")
    if not number.isdigit():
        raise Unreadable("unclear_rating")
    if len(number) > 2 or int(number) not in SCALE:
        raise Unreadable("not_understood")
    return int(number)


def _choice(step: Step, text: str) -> str:
    plain = _bare(text)
    phrases = _bare_phrases(
        tuple(
            (phrase, choice.id)
            for choice in step.choices
            for phrase in chain(choice.label.values(), *choice.words.values())
        )
    )
    if plain and plain in phrases:
        return phrases[plain]
    raise Unreadable("not_understood")


@cache
def _bare_phrases(phrases: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return what is said for the choices of a step, bare: what people wrote is never in it."""
    return {_bare(phrase): choice for phrase, choice in phrases}


def _bare(text: str) -> str:
    plain = re.sub(r"[^\w' ]+", " ", fold(text)).replace("_", " ")
    plain = re.sub(r"\s+", " ", plain).strip()
    # A filler alone is all that was said: "maybe" may be a choice, "hmm" is none.
    return _FILLERS.sub("", plain + " ").strip() or plain


def _day(text: str, today: date) -> date:
    day = day_in(text, today)
    if day is None:
        raise Unreadable("not_understood")
    return day


def _nickname(text: str) -> str:
    name = " ".join(text.split()).strip(' .,…!?"«»“”')
    if not name:
        raise Unreadable("not_understood")
    if len(name) > MAX_NICKNAME:
        raise Unreadable("person_too_long")
    return name


def _words(text: str) -> str:
    if len(text) > MAX_WORDS:
        raise Unreadable("answer_too_long")
    return text
