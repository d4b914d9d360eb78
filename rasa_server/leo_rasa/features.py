"""What a text is made of, for the linear models: words, pieces of words, what they stand for."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Dict, List, Text, Tuple

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

STEM = 5
CONCEPTS = Path(__file__).with_name("concepts.yml")
_APOSTROPHES = re.compile("['’`´]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_TIME = re.compile(r"\b\d{1,2} ?(?:h|:|\.) ?[0-5]\d\b|\b\d{1,2} ?(?:h|am|pm|heures?|oclock)\b")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"#\w+|\w+|\?")


@lru_cache(maxsize=64)
def plain(text: Text) -> Text:
    """Return the text in lower case, without accents, apostrophes and drawn-out letters."""
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.lower()))
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return _DRAWN_OUT.sub(r"\1\1", letters)


@lru_cache(maxsize=64)
def tokens(text: Text) -> Tuple[Text, ...]:
    """Return the words; a time of day and a number stand for all of their kind."""
    return tuple(_WORD.findall(_NUMBER.sub(" #number ", _TIME.sub(" #time ", plain(text)))))


def forget() -> None:
    """Keep nothing of the texts seen: the views share what they made of one, and no longer."""
    plain.cache_clear()
    tokens.cache_clear()


def words(text: Text) -> List[Text]:
    """Return the beginnings of the words, then of each pair of neighbours, edges included."""
    stems = [word if word[0] == "#" else word[:STEM] for word in tokens(text)]
    edged = ["<", *stems, ">"] if stems else []
    return stems + [f"{first} {second}" for first, second in pairwise(edged)]


class Concepts:
    """Finds what words stand for: `hebdo` and `friday` both for the week's check-in."""

    def __init__(self, concepts: Dict[Text, List[Text]]) -> None:
        """Take the beginnings of words by concept."""
        self._of = {
            start: tuple(name for name, starts in concepts.items() if start in starts)
            for starts in concepts.values()
            for start in starts
        }

    def __call__(self, text: Text) -> List[Text]:
        """Return the concepts in a text, then each pair of two that follow each other."""
        found = [self._one(word) for word in tokens(text)]
        single = [name for names in found for name in names]
        filled = [names for names in found if names]
        pairs = [f"{a} {b}" for left, right in pairwise(filled) for a in left for b in right]
        return single + pairs

    def _one(self, word: Text) -> Tuple[Text, ...]:
        starts = [f"={word}", *(word[:end] for end in range(2, len(word) + 1))]
        return tuple(dict.fromkeys(name for s in starts for name in self._of.get(s, ())))


def vectors(sentences: Any = None) -> FeatureUnion:
    """Return the three views of a text, each weighed by tf-idf; not yet trained.

    Vectors of whole sentences are a fourth, where there are some. The weights were chosen by
    cross-validation on the training data.
    """
    shared: Dict[Text, Any] = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32}
    concepts = yaml.safe_load(CONCEPTS.read_text(encoding="utf-8"))
    views: Dict[Text, Any] = {
        "words": TfidfVectorizer(analyzer=words, **shared),
        "pieces": TfidfVectorizer(
            analyzer="char_wb", preprocessor=plain, ngram_range=(3, 5), **shared
        ),
        "concepts": TfidfVectorizer(analyzer=Concepts(concepts), **shared),
    }
    weights = {"concepts": 0.6}
    if sentences is not None:
        views["sentences"], weights["sentences"] = sentences, 1.0
    return FeatureUnion(list(views.items()), transformer_weights=weights)
