"""Read the audit log."""

from bot.usecases.hr import Actor, HrDeps, only_administrators
from bot.usecases.ports import Mode
from bot.usecases.records import AuditEntry


def entries(deps: HrDeps, actor: Actor, before: int | None, limit: int | None) -> list[AuditEntry]:
    """Return entries below an id, the latest first; all of them without a limit."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return unit.audit(before, limit)
