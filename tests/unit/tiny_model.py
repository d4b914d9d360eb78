"""A sentence model of two layers and a few words, in the format of sentence-transformers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WORDS = ("[PAD]", "[UNK]", "calm", "placid", "day", "night", "stormy", "a", "at", "sea", "rough")
# To this model these words mean just the same.
SAME = {"calm": "placid", "stormy": "rough"}
WIDTH, WIDE, LAYERS, PLACES = 8, 16, 2, 12
PAD = 0
BERT: dict[str, Any] = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "vocab_size": len(WORDS),
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 2,
    "intermediate_size": WIDE,
    "hidden_act": "gelu",
    "max_position_embeddings": PLACES,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "pad_token_id": PAD,
}


def write(folder: Path, kind: str = "bert") -> None:
    """Write the model's files."""
    modules = ["Transformer", "Pooling", "Dense", "Normalize"]
    paths = ["", "1_Pooling", "2_Dense", "3_Normalize"]
    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True}
    dense = {
        "in_features": WIDTH,
        "out_features": 4,
        "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh",
    }
    files: dict[str, Any] = {
        "modules.json": [
            {"idx": n, "name": str(n), "path": p, "type": f"sentence_transformers.models.{m}"}
            for n, (m, p) in enumerate(zip(modules, paths, strict=True))
        ],
        "config.json": {**BERT, "model_type": kind},
        "sentence_bert_config.json": {"max_seq_length": 6},
        "tokenizer.json": {"model": {"vocab": {word: n for n, word in enumerate(WORDS)}}},
        "1_Pooling/config.json": pooling,
        "2_Dense/config.json": dense,
    }
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    random = np.random.RandomState(7)
    tensors = {name: random.normal(size=shape) * _size(name) for name, shape in _shapes().items()}
    words = tensors["embeddings.word_embeddings.weight"]
    words *= 8  # What was said shall count for more than where it stands.
    for word, other in SAME.items():
        words[WORDS.index(other)] = words[WORDS.index(word)]
    save(folder / "model.safetensors", tensors)
    last = {"linear.weight": random.normal(size=(4, WIDTH)), "linear.bias": np.ones(4) / 4}
    save(folder / "2_Dense" / "model.safetensors", last)


def save(file: Path, tensors: dict[str, NDArray[Any]]) -> None:
    """Write tensors as safetensors has them: the length of a table, the table, the numbers."""
    table, numbers = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.astype("<f4").tobytes()
        places = [len(numbers), len(numbers) + len(raw)]
        table[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": places}
        numbers += raw
    head = json.dumps({**table, "__metadata__": {"format": "pt"}}).encode()
    file.write_bytes(len(head).to_bytes(8, "little") + head + numbers)


def _size(name: str) -> float:
    return 0.1 if name.endswith("bias") else 0.5


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (PLACES, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **_pair("embeddings.LayerNorm", WIDTH),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= _pair(f"{layer}.attention.{part}", WIDTH, WIDTH)
        shapes |= _pair(f"{layer}.attention.output.LayerNorm", WIDTH)
        shapes |= _pair(f"{layer}.intermediate.dense", WIDE, WIDTH)
        shapes |= _pair(f"{layer}.output.dense", WIDTH, WIDE)
        shapes |= _pair(f"{layer}.output.LayerNorm", WIDTH)
    return shapes


def _pair(name: str, *shape: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
