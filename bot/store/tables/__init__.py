"""The tables by topic, and which record each one holds."""

from sqlalchemy import Column, Integer, Table

from bot.store.tables.base import mapping, metadata
from bot.store.tables.cohorts import cohort, invitation, member
from bot.store.tables.console import (
    audit,
    erasure,
    hr_access,
    hr_attempt,
    hr_link,
    hr_session,
    hr_sign_on,
    hr_user,
)
from bot.store.tables.exercises import answer, plan, run
from bot.store.tables.letters import letter, letter_test
from bot.store.tables.mails import mail
from bot.store.tables.messages import inbox, outbox
from bot.store.tables.nudges import lease, occurrence, passage
from bot.store.tables.people import consent, person, served
from bot.store.tables.rhythm import preferences
from bot.store.tables.support import contact
from bot.store.tables.tallies import tally
from bot.store.types import Sealed
from bot.usecases import records

# One row that proves the key: what it holds can be opened, or the key is the wrong one.
seal = Table("seal", metadata, Column("id", Integer, primary_key=True), Column("proof", Sealed))

for record, table in {
    records.Person: person,
    records.Served: served,
    records.Consent: consent,
    records.Run: run,
    records.Answer: answer,
    records.Plan: plan,
    records.InboxItem: inbox,
    records.OutboxItem: outbox,
    records.Cohort: cohort,
    records.Member: member,
    records.Invitation: invitation,
    records.Preferences: preferences,
    records.HrUser: hr_user,
    records.HrLink: hr_link,
    records.HrSession: hr_session,
    records.HrAccess: hr_access,
    records.HrAttempt: hr_attempt,
    records.HrSignOn: hr_sign_on,
    records.Mail: mail,
    records.AuditEntry: audit,
    records.Erasure: erasure,
    records.OwnContact: contact,
    records.Occurrence: occurrence,
    records.Letter: letter,
    records.LetterTest: letter_test,
}.items():
    mapping.map_imperatively(record, table)

__all__ = [
    "answer",
    "audit",
    "cohort",
    "consent",
    "contact",
    "erasure",
    "hr_access",
    "hr_attempt",
    "hr_link",
    "hr_session",
    "hr_sign_on",
    "hr_user",
    "inbox",
    "invitation",
    "lease",
    "letter",
    "letter_test",
    "mail",
    "mapping",
    "member",
    "metadata",
    "occurrence",
    "outbox",
    "passage",
    "person",
    "plan",
    "preferences",
    "run",
    "seal",
    "served",
    "tally",
]
