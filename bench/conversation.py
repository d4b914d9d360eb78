"""What people say in the bench: one conversation, round after round, which both assistants follow.

A round is Greenleaf's test from beginning to end, with the asides that people make.
"""

from collections.abc import Iterator
from itertools import chain, cycle

# Only Leo asks for consent.
ARRIVAL = ("/start", "yes")
ROUND = (
    "start the test",
    "Ana",
    "why do you ask",
    "4",
    "She opened the Monday meeting on her own and let the quiet ones speak first.",
    "3",
    "She is less tired since the night shifts are shared out, though she still skips lunch.",
    "4",
    "how does this work",
    "She asked the supplier two questions that I had not thought of.",
    "5",
    "She turned down a task this week and told me why, which she would not have done in spring.",
    "4",
    "She settled the customer’s complaint before I had heard of it.",
    "3",
    "She sat down with the new trainee for an hour, although nobody had asked her to.",
    "better off",
    "The two temps in the warehouse choose their own shifts now.",
    "no",
    "When we meet on Tuesday, I will let Ana choose what we talk about first.",
    "thank you",
)
ASIDES = ("why do you ask", "how does this work")


def newcomer() -> Iterator[str]:
    """What somebody new says to Leo, without end."""
    return chain(ARRIVAL, cycle(ROUND))


def doubtful() -> Iterator[str]:
    """The same test by somebody who asks back twice at each question before they answer."""
    start, *answers, _ = (line for line in ROUND if line not in ASIDES)
    yield start
    for answer in answers:
        yield from (*ASIDES, answer)
