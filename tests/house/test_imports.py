"""Who may import whom: the contracts in pyproject.toml hold, and would notice a breach."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

# One wrong import for each contract: the file it is written into, and the contract it breaks.
BREACHES = {
    "bot/coaching/times/days.py: from bot.usecases import ports": "The core",
    "bot/usecases/tell.py: from bot.texts import catalogue": "Use cases",
    "bot/chat/pace.py: from bot.dialogue import client": "Adapters",
    "bot/store/figures.py: from bot.store.tables import people": "The console's queries",
    "actions/privacy.py: from bot.store import vault": "Actions and console",
    "bot/console/app.py: from bot import wiring": "Only entry points",
    "bot/doctor.py: import sqlalchemy": "The database",
    "bot/usecases/deliver.py: import telegram": "Telegram",
    "bot/usecases/turn.py: import rasa_sdk": "rasa-sdk",
    "bot/chat/telegram.py: import starlette.routing": "Web pages",
    "bot/usecases/tell.py: import openpyxl": "Spreadsheets",
    "bot/usecases/marks.py: import matplotlib.figure": "Pictures",
    "bot/coaching/practice.py: import yaml": "Templates",
    "bot/chat/updates.py: import apscheduler": "The clock",
    "bot/nudges/clock.py: import aiosmtplib": "Mails go out",
    "bot/wiring.py: import authlib.oidc": "Single sign-on",
}


def lint(folder: Path) -> tuple[int, dict[str, str]]:
    """Return the status of import-linter in a folder, and KEPT or BROKEN by contract."""
    done = subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    assert verdicts, done.stdout + done.stderr
    return done.returncode, dict(verdicts)


def contracts() -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in config["tool"]["importlinter"]["contracts"]]


def test_the_contracts_hold() -> None:
    """Every import in bot and actions is one that the design allows."""
    assert lint(ROOT) == (0, dict.fromkeys(contracts(), "KEPT"))


def test_every_contract_would_notice(tmp_path: Path) -> None:
    """With one wrong import for each contract, every one of them is broken."""
    for package in ("bot", "actions"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for breach in BREACHES:
        file, _, line = breach.partition(": ")
        with (tmp_path / file).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    status, verdicts = lint(tmp_path)
    assert status != 0
    assert verdicts == dict.fromkeys(contracts(), "BROKEN")
    assert all(any(name.startswith(how) for name in verdicts) for how in BREACHES.values())


def imported(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each module that the files of a folder import."""
    for file in (file for file in folder.rglob("*.py") if ".venv" not in file.parts):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((file, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file} imports by a relative path"
                yield file, str(node.module)


@pytest.mark.parametrize("package", ["coaching", "usecases"])
def test_the_inside_needs_no_library(package: str) -> None:
    """The core and the use cases stand on the standard library alone."""
    foreign = {
        f"{file.name}: {module}"
        for file, module in imported(ROOT / "bot" / package)
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "bot"}
    }
    assert foreign == set()


@pytest.mark.parametrize("package", ["bot", "actions", "tests"])
def test_rasa_stays_in_its_own_house(package: str) -> None:
    """Nobody imports the Rasa server's code but the Rasa server."""
    guests = {
        str(file.relative_to(ROOT))
        for file, module in imported(ROOT / package)
        if module.partition(".")[0] in {"rasa", "leo_rasa", "rasa_server"}
    }
    assert guests == set()


def test_the_rasa_server_stands_alone() -> None:
    """What runs inside the Rasa server, on its older Python, imports nothing of Leo's."""
    modules = {module.partition(".")[0] for _, module in imported(ROOT / "rasa_server/leo_rasa")}
    assert modules
    assert not modules & {"bot", "actions", "tests", "bench"}
