"""Caring for people from the shell: the same use cases as in the console."""

from bot.service import now
from bot.usecases.erase import erase_asked
from tests.operator.conftest import Operator

LYON = ("--programme", "first-eight-weeks", "--start", "2026-11-30", "--zone", "Europe/Paris")
CONTACT = {
    "--name-en": "Works doctor",
    "--name-fr": "Médecin du travail",
    "--note-en": "Confidential & free.",
    "--note-fr": "Confidentiel.",
    "--country": "FR",
}


def test_people(operator: Operator) -> None:
    """People are listed with their numbers, moved, withdrawn, and erased with a receipt."""
    (operator.folder / "people.csv").write_text("name,email\nAna Ruiz,ana@example.org\nTheo,\n")
    for name in ("Lyon", "Nice"):
        operator.leo("cohort", "create", name, *LYON).success()
    operator.leo("cohort", "import", "Lyon", "people.csv", "--yes").success()
    operator.leo("cohort", "move", "1", "--to", "Nice").success()
    operator.leo("cohort", "withdraw", "2", "--yes").success()
    assert operator.leo("cohort", "people", "Lyon").out == "2  Theo  -  withdrawn\n"
    erase = ("hr", "erase", "1", "--reference", "Letter 12")
    assert "is not this person’s" in operator.leo(*erase, "--name", "Theo").refusal()
    operator.leo(*erase, stdin="ana ruiz\n").success()
    assert operator.leo("cohort", "people", "Nice").out == (
        "1  Ana Ruiz  ana@example.org  being erased\n"
    )
    with operator.inside() as deps:
        assert erase_asked(deps, now()) == 1
    receipt = operator.leo("hr", "receipt", "1", "--language", "fr").out
    assert "Référence\u00a0: Letter 12" in receipt and "Ana" not in receipt


def test_contacts_for_people_in_distress(operator: Operator) -> None:
    """A contact is added, shown as the chat shows it, and removed."""
    options = [word for pair in CONTACT.items() for word in pair]
    refused = operator.leo("hr", "support", "add", "ring us", *options).refusal()
    assert "no phone number" in refused
    operator.leo("hr", "support", "add", "4711", *options).success()
    shown = operator.leo("hr", "support", "preview", "FR").out
    assert shown.startswith("• Works doctor: 4711. Confidential & free.\n") and "3114" in shown
    operator.leo("hr", "support", "remove", "1").success()
    assert operator.leo("hr", "support", "list").out == ""
