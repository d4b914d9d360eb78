"""What people say about time, English and French, in their own zone.

One grammar in three layers: `words` turns what was written into a line of tokens that is the
same for both languages; `days`, `week` and `clock` read days, days of the week, spans and hours
from that line; `instants` puts a day and an hour together, and turns them into an instant.
"""

from bot.coaching.times.clock import Hush, clock_in, hush_in
from bot.coaching.times.days import Span, day_in, from_in, span_in, until_in
from bot.coaching.times.instants import instant_in, minutes_in
from bot.coaching.times.week import days_in
from bot.coaching.times.words import fold

__all__ = [
    "Hush",
    "Span",
    "clock_in",
    "day_in",
    "days_in",
    "fold",
    "from_in",
    "hush_in",
    "instant_in",
    "minutes_in",
    "span_in",
    "until_in",
]
