"""What Leo keeps, as plain objects; the store maps them to tables.

Text a person wrote is marked as words: the store encrypts those fields.
`repr` shows ids only.
"""

from bot.usecases.records.cohorts import Cohort, CohortState, Invitation, Member
from bot.usecases.records.console import (
    AuditEntry,
    Erasure,
    HrAccess,
    HrAttempt,
    HrLink,
    HrRole,
    HrSession,
    HrSignOn,
    HrUser,
)
from bot.usecases.records.exercises import Answer, Plan, PlanState, Run
from bot.usecases.records.letters import Letter, LetterKind, LetterTest
from bot.usecases.records.mail import Mail, MailState, Trouble
from bot.usecases.records.messages import InboxItem, InboxState, OutboxItem, OutboxState
from bot.usecases.records.nudges import Occurrence, Passage, Standing
from bot.usecases.records.people import Consent, Person, Served
from bot.usecases.records.rhythm import Preferences
from bot.usecases.records.support import OwnContact

__all__ = [
    "Answer",
    "AuditEntry",
    "Cohort",
    "CohortState",
    "Consent",
    "Erasure",
    "HrAccess",
    "HrAttempt",
    "HrLink",
    "HrRole",
    "HrSession",
    "HrSignOn",
    "HrUser",
    "InboxItem",
    "InboxState",
    "Invitation",
    "Letter",
    "LetterKind",
    "LetterTest",
    "Mail",
    "MailState",
    "Member",
    "Occurrence",
    "OutboxItem",
    "OutboxState",
    "OwnContact",
    "Passage",
    "Person",
    "Plan",
    "PlanState",
    "Preferences",
    "Run",
    "Served",
    "Standing",
    "Trouble",
]
