"""What the Rasa server uses of `tokenizers`, a library that is not installed by default."""

import json
from pathlib import Path


class Encoding:
    def __init__(self, ids: list[int]) -> None:
        self.ids = ids


class Tokenizer:
    def __init__(self, words: dict[str, int]) -> None:
        self._words = words
        self._longest = 0

    @classmethod
    def from_file(cls, file: str) -> "Tokenizer":
        return cls(json.loads(Path(file).read_text())["model"]["vocab"])

    def no_padding(self) -> None:
        pass

    def enable_truncation(self, longest: int) -> None:
        self._longest = longest

    def encode_batch(self, texts: list[str]) -> list[Encoding]:
        ids = ([self._words.get(w, self._words["[UNK]"]) for w in t.split()] for t in texts)
        return [Encoding(some[: self._longest]) for some in ids]
