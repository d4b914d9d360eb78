"""Wall time: what a clock on somebody's wall shows, and the instant at which it does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which it is `at` on `day` in a zone.

    A time that comes twice (the clocks go back) is the first of the two; one that does not come
    (they go forward) is the first that does, which may be on a later day where a zone left one out.
    """
    wall = datetime.combine(day, at, zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    # Read with the offset from after the gap, the time lies before the gap: look in between.
    before = wall.replace(fold=1).astimezone(UTC)
    return _gap_end(before, found, zone)


def _gap_end(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, to the second, with the offset that holds at `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


@dataclass(frozen=True)
class Quiet:
    """Hours without messages, from `start` until `end`, which may span midnight."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Tell whether a time lies in them."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def calm(self, at: time) -> time | None:
        """Return the time to write instead of `at`, on the same day; None where there is none.

        It waits for the end of the quiet hours; where they last beyond midnight, it comes an hour
        before they begin.
        """
        if not self.covers(at):
            return at
        if at < self.end:
            return self.end
        early = time(self.start.hour - 1, self.start.minute) if self.start.hour else self.start
        return None if self.covers(early) else early
