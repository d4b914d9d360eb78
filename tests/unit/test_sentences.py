"""Sentence models: read as sentence-transformers reads them, used beside the n-grams, or refused.

They run in the Rasa server's Python, which has no pytest: each test runs a few lines there.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.dialogue import model
from bot.errors import SettingsError
from tests.unit import tiny_model

ROOT = Path(__file__).parents[2]
# What sentence-transformers 5.7 makes of the tiny model for these two texts.
TEXTS = ["calm day", "a stormy night at sea"]
EXPECTED = {
    "bert": [[0.20311, -0.5657, 0.56467, -0.56558], [0.03541, -0.63946, 0.42632, -0.63881]],
    "xlm-roberta": [
        [0.15092, -0.57114, 0.57005, -0.57102],
        [0.10725, -0.60096, 0.51296, -0.6035],
    ],
}
LEARN = """
import joblib
from leo_rasa.reader import Reader
texts = ["calm", "calm a", "stormy", "stormy a", "sea", "sea a"]
labels = ["rest", "rest", "alert", "alert", "distress", "distress"]
def shares(reader, word):
    read = reader.read(word).shares
    return [round(read[label], 4) for label in ("rest", "alert")]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a tiny model, and a stand-in for the library that it needs."""
    shutil.copy(Path(__file__).with_name("tokenizers_stand_in.py"), tmp_path / "tokenizers.py")
    made = tmp_path / "tiny"
    made.mkdir()
    tiny_model.write(made)
    return made


def in_rasa(lines: str, folder: Path) -> str:
    """Run lines in the Rasa server's Python; return what they print."""
    start = (
        "import json, sys; from pathlib import Path\n"
        "from leo_rasa import sentences\n"
        f"folder = Path({str(folder)!r}); sentences.KEPT = folder.parent / 'kept'\n"
    )
    paths = os.pathsep.join([str(folder.parent), str(ROOT / "rasa_server")])
    done = subprocess.run(
        [str(model.python(ROOT)), "-c", start + lines],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.parametrize("kind", EXPECTED)
def test_vectors_are_those_of_sentence_transformers(folder: Path, kind: str) -> None:
    """Attention, padding, pooling, the sheet after it and the length come out as there."""
    tiny_model.write(folder, kind)
    lines = f"print(json.dumps(sentences.find(str(folder)).transform({TEXTS}).tolist()))"
    vectors = json.loads(in_rasa(lines, folder))
    assert vectors == [pytest.approx(row, abs=2e-5) for row in EXPECTED[kind]]


def test_a_long_or_an_empty_text_has_a_vector(folder: Path) -> None:
    """Only its beginning is read, as the model's limit has it; nothing said is no error."""
    lines = (
        "long, same, empty = sentences.find(str(folder)).transform("
        "['calm ' * 50, 'calm ' * 6, '']).tolist(); print(json.dumps([long, same, empty]))"
    )
    long, same, empty = json.loads(in_rasa(lines, folder))
    assert long == pytest.approx(same)
    assert sum(part * part for part in empty) == pytest.approx(1)


def test_words_never_taught_are_understood_beside_the_n_grams(folder: Path) -> None:
    """To n-grams two new words are alike; the model tells them apart, also when read back."""
    lines = LEARN + (
        "bare = Reader().fit(texts, labels)\n"
        "rich = Reader(sentences.find(str(folder))).fit(texts, labels)\n"
        "joblib.dump(rich, folder.parent / 'reader')\n"
        "back = joblib.load(folder.parent / 'reader')\n"
        "words = ('placid', 'rough')\n"
        "print(json.dumps([[shares(r, word) for word in words] for r in (bare, rich, back)]))"
    )
    bare, rich, back = json.loads(in_rasa(lines, folder))
    assert bare[0] == bare[1]
    (calm, alarmed), (calmer, more_alarmed) = rich
    assert calm > calmer and more_alarmed > alarmed
    assert back == rich


def test_a_second_training_computes_no_vector_anew(folder: Path) -> None:
    """The vectors of the examples are kept; a new example alone is computed."""
    lines = (
        "view = sentences.find(str(folder)); first = view.fit_transform(['calm', 'day']).tolist()\n"
        "asked = []; real = view.transform\n"
        "view.transform = lambda texts: asked.extend(texts) or real(texts)\n"
        "second = view.fit_transform(['day', 'calm', 'sea']).tolist()\n"
        "print(asked, second[:2] == first[::-1])"
    )
    assert in_rasa(lines, folder) == "['sea'] True"


REFUSED = {
    "modules.json": None,
    "config.json": {**tiny_model.BERT, "model_type": "t5"},
    "model.safetensors": None,
    "tokenizer.json": None,
    "1_Pooling/config.json": {"pooling_mode_max_tokens": True},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_usable_model_is_refused_by_its_file(folder: Path, name: str) -> None:
    """A file that is missing, or a kind of model that cannot be computed: the message names it."""
    content = REFUSED[name]
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(json.dumps(content))
    lines = "try: sentences.find(str(folder)); print('taken')\nexcept ValueError as no: print(no)"
    assert str(folder / name) in in_rasa(lines, folder)


def test_without_the_library_it_says_how_to_install_it(folder: Path) -> None:
    """The setting alone is not enough."""
    lines = (
        "sys.modules['tokenizers'] = None\n"
        "try: sentences.find(str(folder)); print('taken')\nexcept ValueError as no: print(no)"
    )
    assert "make sentences" in in_rasa(lines, folder)


def test_leo_says_so_before_it_starts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there is a wrong setting, said in one line and without a traceback."""
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))
    missing = f"{folder}/no such place"
    with pytest.raises(SettingsError) as refused:
        model.ensure_model(ROOT, print, missing)
    assert missing in str(refused.value) and "Traceback" not in str(refused.value)


def test_another_sentence_model_makes_the_model_stale(folder: Path) -> None:
    """With none, with one, and with that one changed, the trained model has another name."""
    before = {model.model_path(ROOT), model.model_path(ROOT, folder)}
    (folder / "config.json").write_text("{}")
    assert len(before | {model.model_path(ROOT, folder)}) == 3
