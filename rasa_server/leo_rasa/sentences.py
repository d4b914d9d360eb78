"""Vectors of whole sentences, from a model in the format of sentence-transformers.

They stand beside the n-grams when `LEO_SENTENCE_MODEL` names a model. A model is a folder; one of
a hub is fetched into a folder once, and read from there. Messages never leave the machine.
"""

import hashlib
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List, Sequence, Text

import numpy as np

from leo_rasa.transformer import Transformer, read_json, read_weights

SETTING = "LEO_SENTENCE_MODEL"
BATCH = 64
FILES = ["*.json", "*.safetensors"]
# Vectors of the examples are kept here, for the next training.
KEPT = Path(__file__).resolve().parents[1] / "models"
_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_ACTIVATIONS = {"Tanh": np.tanh, "Identity": lambda vectors: vectors}


def find(name: Text) -> "Sentences":
    """Return a model by its folder or its name at the hub, from where it is fetched once.

    Raises ValueError saying what is missing and how to mend it.
    """
    if find_spec("tokenizers") is None:
        raise ValueError(
            f"{SETTING} is set, but what sentence models need is not installed: "
            "run `make sentences`, or unset it."
        )
    folder = Path(name).expanduser()
    if not folder.exists():
        folder = _fetched(name)
    return Sentences(folder.resolve())


def _fetched(name: Text) -> Path:
    if not _HUB_NAME.fullmatch(name):
        raise ValueError(f"{SETTING}: there is no folder {name}, and no hub has such a name.")
    from huggingface_hub import snapshot_download

    refused = None
    for here_already in (True, False):
        try:
            return Path(
                snapshot_download(name, allow_patterns=FILES, local_files_only=here_already)
            )
        except Exception as error:  # The library names its errors anew with each version.
            refused = type(error).__name__
    raise ValueError(
        f"{SETTING}: there is no folder {name}, and the hub gave no such model ({refused}). "
        "Mend the name, or fetch the model's folder where there is a network, and name that folder."
    )


class Sentences:
    """A view of texts, as scikit-learn has them: a vector for each."""

    def __init__(self, folder: Path) -> None:
        """Read the model. Raises ValueError naming the file that is missing or wrong."""
        self.folder = folder
        modules = read_json(folder / "modules.json")
        # The names of the modules' homes have changed over time, their own names have not.
        self._steps = [(m["type"].rpartition(".")[2], folder / m["path"]) for m in modules]
        kinds = [kind for kind, _ in self._steps]
        if kinds[:2] != ["Transformer", "Pooling"] or set(kinds[2:]) - {"Dense", "Normalize"}:
            raise ValueError(
                f"{folder / 'modules.json'}: a model of {', '.join(kinds)} cannot be computed "
                "here; it takes Transformer, Pooling, then Dense or Normalize."
            )
        start = self._steps[0][1]
        self._transformer = Transformer(start)
        self._tokenizer = _tokenizer(start, self._transformer.longest)
        self._pool = _pooling(self._steps[1][1])
        self._last = [_last(kind, path) for kind, path in self._steps[2:]]

    def __getstate__(self) -> Dict[Text, Any]:
        """Keep the folder alone: the model lies there."""
        return {"folder": self.folder}

    def __setstate__(self, state: Dict[Text, Any]) -> None:
        """Read the model again. Raises ValueError as at first."""
        self.__init__(state["folder"])  # type: ignore[misc]

    def fit(self, texts: Sequence[Text], labels: Any = None) -> "Sentences":
        """Learn nothing: the model has learnt before."""
        return self

    def fit_transform(self, texts: Sequence[Text], labels: Any = None) -> np.ndarray:
        """Return the vectors of the examples; those that were computed once are read again."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        file = KEPT / f"vectors-{self._version()}.npz"
        known: Dict[Text, np.ndarray] = {}
        if file.exists():
            with np.load(file) as kept:
                known = dict(zip(kept["keys"], kept["vectors"], strict=True))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            known.update(zip(new, self.transform(list(new.values())), strict=True))
            _keep(file, {key: known[key] for key in keys})
        return np.stack([known[key] for key in keys])

    def transform(self, texts: Sequence[Text]) -> np.ndarray:
        """Return a vector for each text, a row each."""
        nothing = [self._transformer.padding]
        encoded = [each.ids or nothing for each in self._tokenizer.encode_batch(list(texts))]
        # Texts of about one length go together, so that little is padded.
        order = sorted(range(len(encoded)), key=lambda place: len(encoded[place]))
        rows: List[np.ndarray] = [np.empty(0)] * len(encoded)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            for place, row in zip(places, self._vectors([encoded[p] for p in places]), strict=True):
                rows[place] = row
        return np.stack(rows)

    def _vectors(self, encoded: List[List[int]]) -> np.ndarray:
        shape = (len(encoded), max(map(len, encoded)))
        ids, mask = np.full(shape, self._transformer.padding), np.zeros(shape, dtype=np.float32)
        for row, numbers in enumerate(encoded):
            ids[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1
        vectors = self._pool(self._transformer(ids, mask), mask)
        for step in self._last:
            vectors = step(vectors)
        return vectors

    def _version(self) -> Text:
        files = sorted(file for file in self.folder.rglob("*") if file.is_file())
        stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
        return hashlib.sha256(repr(stats).encode()).hexdigest()[:12]


def _keep(file: Path, vectors: Dict[Text, np.ndarray]) -> None:
    file.parent.mkdir(exist_ok=True)
    written = file.with_name(f"{file.stem}-new.npz")
    np.savez(written, keys=list(vectors), vectors=np.stack(list(vectors.values())))
    written.replace(file)  # Whoever reads it meanwhile has the old one, whole.


def _tokenizer(folder: Path, longest: int) -> Any:
    from tokenizers import Tokenizer

    file = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception:  # The library raises nothing more exact.
        raise ValueError(
            f"{file} is missing or not readable: fetch the model again, or save it anew."
        ) from None
    limits = folder / "sentence_bert_config.json"
    asked = read_json(limits).get("max_seq_length") if limits.exists() else None
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(asked or longest, longest))
    return tokenizer


def _mean(hidden: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return (hidden * mask[..., None]).sum(1) / mask.sum(1)[:, None]


def _normalized(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.float32(1e-12))


def _pooling(folder: Path) -> Any:
    config = read_json(folder / "config.json")
    modes = [name for name, chosen in config.items() if name != "include_prompt" and chosen is True]
    if modes == ["pooling_mode_cls_token"] or config.get("pooling_mode") == "cls":
        return lambda hidden, mask: hidden[:, 0]
    if modes == ["pooling_mode_mean_tokens"] or config.get("pooling_mode") == "mean":
        return _mean
    raise ValueError(
        f"{folder / 'config.json'}: this way of pooling cannot be computed here; it takes the mean "
        "of the tokens, or the first one."
    )


def _last(kind: Text, folder: Path) -> Any:
    if kind == "Normalize":
        return _normalized
    config, weights = read_json(folder / "config.json"), read_weights(folder)
    name = config["activation_function"].rpartition(".")[2]
    if name not in _ACTIVATIONS:
        raise ValueError(f"{folder / 'config.json'}: {name} cannot be computed here.")
    matrix, bias = weights["linear.weight"].T, weights.get("linear.bias", np.float32(0))
    return lambda vectors: _ACTIVATIONS[name](vectors @ matrix + bias)
