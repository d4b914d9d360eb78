"""What somebody chose about when Leo writes."""

from dataclasses import dataclass, field
from datetime import date, time


@dataclass(eq=False)
class Preferences:
    """A person's own rhythm, which goes before the cohort's and the programme's.

    `daily`, `weekly` and `practice` are rhythms in local time ("mon,wed 08:30"), "off" for none,
    and None for what the cohort or the programme says. All times and dates are the person's own.
    """

    person_id: int
    id: int | None = field(default=None, kw_only=True)
    daily: str | None = None
    weekly: str | None = None
    practice: str | None = None
    # No message between these, which may span midnight.
    quiet_from: time | None = None
    quiet_until: time | None = None
    # The first day of a pause that lies ahead; None for one that has begun.
    paused_from: date | None = None
    # The first day on which messages come again; None while nothing is paused.
    paused_until: date | None = None
    # Paused with no end said.
    paused: bool = False
    # Days of work, such as "mon-fri", and whose public holidays are left out ("FR").
    working_days: str | None = None
    country: str | None = None
