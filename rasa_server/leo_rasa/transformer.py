"""The transformer of a sentence model, read from its weights and computed with numpy.

It is what BERT and its kin have been since 2018: embeddings, then layers of attention and of
two plain sheets. That is all a short message needs; torch would bring gigabytes for it.
"""

import json
from pathlib import Path
from typing import Any, Dict, Text

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file
from scipy.special import erf

WEIGHTS = "model.safetensors"
# Where the positions of a text begin: RoBERTa leaves out those up to its padding's number.
KINDS = {"bert": False, "roberta": True, "xlm-roberta": True}
_NEVER = np.float32(-1e9)


def read_json(file: Path) -> Any:
    """Return what a file of a model holds. Raises ValueError naming the file."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError(f"{file} is missing: this is no whole sentence model.") from None
    except ValueError:
        raise ValueError(f"{file} is not readable JSON: fetch the model again.") from None


def read_weights(folder: Path) -> Dict[Text, np.ndarray]:
    """Return the numbers of a part of a model by name. Raises ValueError naming the file."""
    file = folder / WEIGHTS
    if not file.exists():
        raise ValueError(
            f"{file} is missing. Models with older weights alone can be saved anew: load it with "
            "sentence-transformers and call `save_pretrained` with another folder."
        )
    try:
        read = load_file(file)
    except (SafetensorError, KeyError, OSError):
        raise ValueError(f"{file} holds no readable weights: fetch the model again.") from None
    return {name: numbers.astype(np.float32, copy=False) for name, numbers in read.items()}


class Transformer:
    """Turns the numbers of tokens into a vector for each token, in the light of all others."""

    def __init__(self, folder: Path) -> None:
        """Read the model. Raises ValueError saying what is missing or cannot be computed."""
        config = read_json(folder / "config.json")
        kind, sheet = config.get("model_type"), config.get("hidden_act")
        if kind not in KINDS or sheet != "gelu":
            raise ValueError(
                f"{folder / 'config.json'}: a model of type {kind!r} with {sheet!r} cannot be "
                f"computed here. Take one of type {' or '.join(map(repr, KINDS))} with 'gelu', "
                "such as sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2."
            )
        self.padding: int = config.get("pad_token_id") or 0
        self._first = self.padding + 1 if KINDS[kind] else 0
        self.longest: int = config["max_position_embeddings"] - self._first
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._epsilon = np.float32(config["layer_norm_eps"])
        # A model saved with a task of its own names the transformer before each part.
        self._of = {
            name[name.startswith(f"{_prefix(kind)}.") and len(_prefix(kind)) + 1 :]: numbers
            for name, numbers in read_weights(folder).items()
        }

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Return vectors by text and token; the mask is 1 for tokens and 0 for padding."""
        length = ids.shape[1]
        places = np.arange(self._first, self._first + length)
        hidden = self._embedding("word", ids) + self._embedding("position", places)
        hidden = self._norm("embeddings.LayerNorm", hidden + self._embedding("token_type", 0))
        unheard = (1 - mask.astype(np.float32))[:, None, None, :] * _NEVER
        for number in range(self._layers):
            hidden = self._layer(f"encoder.layer.{number}", hidden, unheard)
        return hidden

    def _layer(self, name: Text, hidden: np.ndarray, unheard: np.ndarray) -> np.ndarray:
        heard = self._linear(f"{name}.attention.output.dense", self._attend(name, hidden, unheard))
        hidden = self._norm(f"{name}.attention.output.LayerNorm", heard + hidden)
        wide = _gelu(self._linear(f"{name}.intermediate.dense", hidden))
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._norm(f"{name}.output.LayerNorm", narrow + hidden)

    def _attend(self, name: Text, hidden: np.ndarray, unheard: np.ndarray) -> np.ndarray:
        texts, length, width = hidden.shape
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", hidden)
            .reshape(texts, length, self._heads, -1)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width / self._heads))
        shares = np.exp(scores + unheard - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return (shares @ value).transpose(0, 2, 1, 3).reshape(texts, length, width)

    def _embedding(self, name: Text, places: Any) -> np.ndarray:
        return self._of[f"embeddings.{name}_embeddings.weight"][places]

    def _linear(self, name: Text, hidden: np.ndarray) -> np.ndarray:
        # One product of two sheets is far quicker than one for each text.
        sheet = hidden.reshape(-1, hidden.shape[-1]) @ self._of[f"{name}.weight"].T
        return (sheet + self._of[f"{name}.bias"]).reshape(*hidden.shape[:-1], -1)

    def _norm(self, name: Text, hidden: np.ndarray) -> np.ndarray:
        hidden = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((hidden * hidden).mean(axis=-1, keepdims=True) + self._epsilon)
        return hidden / spread * self._of[f"{name}.weight"] + self._of[f"{name}.bias"]


def _prefix(kind: Text) -> Text:
    return kind.rpartition("-")[2]


def _gelu(values: np.ndarray) -> np.ndarray:
    return values * (1 + erf(values / np.float32(np.sqrt(2)))) * np.float32(0.5)
