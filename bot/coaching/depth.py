"""Whether an answer in words says anything yet: "ok" and "rien de spécial" do not."""

import re

from bot.coaching.times import fold

# Up to so many words are few.
FEW = 2
# Where the coach wrote a question for thin answers, a few more are still few.
FEW_ASKED = 4
# Said instead of an answer. Folded: no accents, lower case.
_EMPTY = frozenset(
    word
    for line in (
        "a all alright and any anything as at bad be been can cannot comment did didn't do don't",
        "dunno easy enough everything fine for good great had hard have hmm how i i'm idea in is",
        "it it's just know less lot me more much my n/a nah never no nope normal not nothing of",
        "ok okay or particular particularly pretty quite really right same say so sort special",
        "still stuff sure thank thanks that that's the then there things think this to today too",
        "usual very was we well went what whatever yeah yes you",
        "ah assez au aucun aucune aujourd'hui autre avec beaucoup ben bien bof bon c'est c'etait",
        "ca cela chose comme d'accord d'habitude de depend des dire du en est et etait euh fait",
        "grand grand-chose habitude idee il j'ai je la le les mais mal merci mmh moins n'ai ne",
        "non normal on ouais oui pareil particulier pas peu plus plutot pour que quoi rien s'est",
        "sais sans si special toujours tout tres trop un une va vais voila vraiment y",
    )
    for word in line.split()
)
_WORD = re.compile(r"[^\W_]+(?:['’/-][^\W_]+)*")


def is_thin(text: str, *, few: int = FEW) -> bool:
    """Tell whether an answer holds only few words, or only words that say nothing."""
    found = _WORD.findall(fold(text))
    return len(found) <= few or _EMPTY.issuperset(found)


def is_empty(text: str) -> bool:
    """Tell whether an answer holds only words that say nothing."""
    return _EMPTY.issuperset(_WORD.findall(fold(text)))
