"""Every sentence a person reads stands in bot/texts or data, none in Python or in the domain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CODE = sorted(
    file
    for folder in ("bot/usecases", "bot/chat", "actions")
    for file in ROOT.glob(f"{folder}/**/*.py")
)
VALUE = "…"
# Two words, or a word and a value put beside it.
SENTENCE = re.compile(
    rf"[^\W\d_]{{2,}}[,.:;!?’']*\s+(?:[^\W\d_]{{2,}}|{VALUE})|{VALUE}\s+[^\W\d_]{{2,}}"
)
# What a program that lacks the token is answered; no person reads it.
ALLOWED = {"The loopback token is missing or wrong."}
# What these take first is shown to a person as it is.
SHOWN = {"Button", "Outgoing", "say_filled"}


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
    )


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each text in a piece of code that is no docstring, no log event and no error."""
    if is_docstring(node) or is_log(node) or isinstance(node, ast.Raise):
        return
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else VALUE for part in node.values)
        yield node.lineno, "".join(map(str, parts))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


def sentences(code: str) -> list[str]:
    return [
        f"{line}: {text}"
        for line, text in texts(ast.parse(code))
        if SENTENCE.search(text) and text not in ALLOWED
    ]


def shown(code: str) -> list[str]:
    """Return each text that is handed as it is to what shows it to a person."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in SHOWN
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]


@pytest.mark.parametrize("file", CODE, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_sentence_stands_in_code(file: Path) -> None:
    """What Leo says comes from the texts; code holds keys, ids and errors for operators."""
    code = file.read_text(encoding="utf-8")
    assert sentences(code) == []
    assert shown(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "turn.say('Good morning')",
        "html = 'Merci, c’est noté.'",
        "html = f'Hello, {name}'",
        "html = f'{name} is here'",
        "x = {'title': ['Not now']}",
    ],
)
def test_a_sentence_in_code_would_be_noticed(code: str) -> None:
    """The check finds a sentence, whole or with a value in it."""
    assert sentences(code) != []


@pytest.mark.parametrize("code", ["Button('Skip', payload)", "messages.Outgoing(f'{x}')"])
def test_a_word_on_a_button_would_be_noticed(code: str) -> None:
    """The check finds a single word, too, where it is handed to what shows it."""
    assert shown(code) != []


@pytest.mark.parametrize(
    "file",
    [*ROOT.glob("domain/*.yml"), *ROOT.glob("data/rules/*.yml")],
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_no_sentence_stands_in_domain_or_rules(file: Path) -> None:
    """Rasa's files name intents and actions; they hold no responses."""

    def names(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from (str(key), *names(item))
        elif isinstance(value, list):
            for item in value:
                yield from names(item)
        else:
            yield str(value)

    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert "responses" not in content
    assert [name for name in names(content) if not re.fullmatch(r"[\w.]+", name)] == []
