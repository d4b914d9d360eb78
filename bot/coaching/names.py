"""Finding a name in what somebody wrote: whatever its case, accents and ending."""

import re
from collections.abc import Iterable

from bot.coaching.times import fold

_ABOUT = re.compile(
    r"\b(?:about|on|regarding|concerning|of|with|sur|a propos de|au sujet de|concernant|avec|de)"
    r"\b[ ']+|\bd'"
)
_FILLER = re.compile(r"^(?:my|the|our|mon|ma|mes|le|la|les|notre|nos) ")
# What somebody means who names nobody.
_NOBODY = frozenset(
    word
    for line in (
        "it that this him her them me myself people everyone someone somebody team",
        "lui elle eux moi cela ca quelqu'un monde equipe",
    )
    for word in line.split()
)
MAX_NAME = 40


def mentions(text: str, name: str) -> bool:
    """Tell whether a text names somebody, also as "Ana's", "Anas" or "d'Ana"."""
    words = re.split(r"\s+", fold(name))
    pattern = r"\s+".join(map(re.escape, filter(None, words)))
    found = pattern and re.search(rf"(?<![^\W_]){pattern}(?:'?s|s')?(?![^\W_])", fold(text))
    return bool(found)


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the names that a text holds; of "Ana" and "Ana Maria" only the longer one."""
    found = [name for name in names if mentions(text, name)]
    return [
        name
        for name in found
        if not any(other != name and mentions(other, name) for other in found)
    ]


def asked_about(text: str) -> str | None:
    """Return what stands behind the last "about" or "sur" of a question: a name, perhaps."""
    plain = " ".join(text.replace("’", "'").split()).strip(' .,;:!?…"«»“”')
    ends = [match.end() for match in _ABOUT.finditer(_same_length(plain))]
    if not ends:
        return None
    name = _FILLER.sub("", plain[ends[-1] :]).strip()
    return None if not name or len(name) > MAX_NAME or fold(name) in _NOBODY else name


def _same_length(text: str) -> str:
    """Return the text folded letter by letter, so that places in it stay the same."""
    return "".join(fold(letter)[:1] or " " for letter in text)
