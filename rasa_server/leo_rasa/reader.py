"""The reader of messages: linear models over what a text is made of, quick to train and to use."""

import re
from itertools import pairwise
from typing import Any, Dict, List, NamedTuple, Sequence, Text, Union

import numpy as np
from joblib import Parallel, delayed
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from leo_rasa.features import forget, vectors

ANSWER = "answer"
DISTRESS = "distress"
# What models are asked, beside those that tell what an intent is about.
INTENTS, ALARM = "", "?"
# Distress is mistaken for a hard day told as an answer, hardly for a command: those weigh less.
FAR = 0.1
# From this many words on, distress may hide in one sentence of many.
LONG = 12
# Training takes as many processes: liblinear draws lots from one source, so threads would race.
PROCESSES = 2
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…;\n])\s+")


class Reader:
    """Weighs the labels of a text, and listens for distress in it.

    A label is an intent, or an intent and what it is about: `want_practice/vuca-lens`. The
    intents are told from each other first, then what each is about. The shares are calibrated:
    of the texts whose best label has 0.8, about four in five are right.
    """

    def __init__(self, sentences: Any = None) -> None:
        """Make an untrained one; its values were chosen by cross-validation on the training data.

        Vectors of sentences are taken beside the n-grams.
        """
        self._vectors = vectors(sentences)

    def fit(self, texts: Sequence[Text], labels: Sequence[Text]) -> "Reader":
        """Learn from texts with their labels. Raises ValueError when there are none."""
        features = self._vectors.fit_transform(texts)
        intents = np.array([label.partition("/")[0] for label in labels])
        weights = np.where(np.isin(intents, (DISTRESS, ANSWER)), 1.0, FAR)
        models = {
            INTENTS: _fit_each(features, intents),
            # Distress has a model of its own, too.
            ALARM: _linear(None).fit(features, intents == DISTRESS, sample_weight=weights),
        }
        for intent in sorted({label.partition("/")[0] for label in labels if "/" in label}):
            about = np.flatnonzero(intents == intent)
            topics = [labels[place] for place in about]
            if len(set(topics)) > 1:
                models[intent] = _linear().fit(features[about], topics)
        self._margins = Margins(models)
        return self

    def read(self, text: Text) -> "Read":
        """Return the share of each label, in all one, and how likely the text is distress.

        Distress is looked for in the text and, when it is long, in each of its sentences; two
        models are asked, which err apart, and both have to hear it.
        """
        margins = self._margins(self._vectors.transform(parts(text)))
        forget()
        of = margins.pop(INTENTS).shares()
        alarms = np.sqrt(of[DISTRESS] * expit(margins.pop(ALARM).rows[:, 0]))
        shares = {label: float(column[0]) for label, column in of.items()}
        for intent, about in margins.items():
            whole = shares.pop(intent)
            shares |= {topic: whole * float(each[0]) for topic, each in about.shares().items()}
        return Read(shares, float(alarms.max()))


class Margin(NamedTuple):
    """How far each text, a row, is on the side of each label, a column."""

    labels: List[Text]
    rows: np.ndarray

    def shares(self) -> Dict[Text, np.ndarray]:
        """Return the share of each label in each text, in all one."""
        # The model's own `predict_proba` is less well calibrated than this.
        rows = self.rows if len(self.labels) > 2 else np.hstack([-self.rows, self.rows])
        return dict(zip(self.labels, softmax(rows, axis=1).T, strict=True))


class Margins:
    """Asks several linear models at once: one product a text, where each would take its time."""

    def __init__(self, models: Dict[Text, LogisticRegression]) -> None:
        """Take what was learnt, in half the width."""
        weights = np.vstack([model.coef_ for model in models.values()])
        self._weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        biases = np.concatenate([model.intercept_ for model in models.values()])
        self._biases = biases.astype(np.float32)
        self._labels = {
            name: [str(label) for label in model.classes_] for name, model in models.items()
        }
        self._ends = np.cumsum([len(model.coef_) for model in models.values()])[:-1]

    def __call__(self, features: Any) -> Dict[Text, Margin]:
        """Return what each model says of each text, a row of a sparse matrix in CSR form."""
        ends = pairwise(features.indptr)
        rows = np.stack([self._row(features, start, end) for start, end in ends])
        split = np.split(rows.astype(float), self._ends, axis=1)
        named = zip(self._labels.items(), split, strict=True)
        return {name: Margin(labels, part) for (name, labels), part in named}

    def _row(self, features: Any, start: int, end: int) -> np.ndarray:
        places, values = features.indices[start:end], features.data[start:end]
        return values.astype(np.float32) @ self._weights[places] + self._biases


class Read(NamedTuple):
    """What was read in a text: the share of each label, and the alarm, each 0 to 1."""

    shares: Dict[Text, float]
    alarm: float


def parts(text: Text) -> List[Text]:
    """Return a text and, when it is long, its sentences."""
    if len(text.split()) <= LONG:
        return [text]
    return [text, *(part for part in _END_OF_SENTENCE.split(text) if part.strip())]


def _linear(class_weight: Union[Text, Dict[bool, float], None] = "balanced") -> LogisticRegression:
    return LogisticRegression(
        C=15,
        class_weight=class_weight,
        # In its dual form liblinear trains in seconds what takes lbfgs minutes.
        solver="liblinear",
        dual=True,
        tol=0.1,
        # A message of which nothing is known shall speak for no intent.
        intercept_scaling=0.3,
        random_state=0,
    )


def _fit_each(features: Any, labels: np.ndarray) -> LogisticRegression:
    """Fit one label against the rest as liblinear would, yet on several cores."""
    model = _linear()
    model.classes_, counts = np.unique(labels, return_counts=True)
    weights = len(labels) / (len(counts) * counts)
    fits = [
        delayed(_linear({True: weight, False: 1.0}).fit)(features, labels == label)
        for label, weight in zip(model.classes_, weights, strict=True)
    ]
    fitted = Parallel(n_jobs=PROCESSES)(fits)
    model.coef_ = np.vstack([one.coef_ for one in fitted])
    model.intercept_ = np.concatenate([one.intercept_ for one in fitted])
    return model
