"""The reader of messages: linear models over what a text is made of, quick to train and to use."""

import re
from typing import Any, Dict, List, NamedTuple, Sequence, Text, Union

import numpy as np
from joblib import Parallel, delayed
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from leo_rasa.features import vectors

ANSWER = "answer"
DISTRESS = "distress"
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

        Distress has a model of its own, too. Vectors of sentences are taken beside the n-grams.
        """
        self._vectors = vectors(sentences)
        self._intents = _linear()
        self._topics: Dict[Text, LogisticRegression] = {}
        self._alarm = _linear(None)

    def fit(self, texts: Sequence[Text], labels: Sequence[Text]) -> "Reader":
        """Learn from texts with their labels. Raises ValueError when there are none."""
        features = self._vectors.fit_transform(texts)
        intents = np.array([label.partition("/")[0] for label in labels])
        _fit_each(self._intents, features, intents)
        weights = np.where(np.isin(intents, (DISTRESS, ANSWER)), 1.0, FAR)
        self._alarm.fit(features, intents == DISTRESS, sample_weight=weights)
        for intent in sorted({label.partition("/")[0] for label in labels if "/" in label}):
            about = np.flatnonzero(intents == intent)
            topics = [labels[place] for place in about]
            if len(set(topics)) > 1:
                self._topics[intent] = _linear().fit(features[about], topics)
        for model in (self._intents, self._alarm, *self._topics.values()):
            _slim(model)
        return self

    def read(self, text: Text) -> "Read":
        """Return the share of each label, in all one, and how likely the text is distress.

        Distress is looked for in the text and, when it is long, in each of its sentences; two
        models are asked, which err apart, and both have to hear it.
        """
        features = self._vectors.transform(parts(text))
        rows = _shares(self._intents, features)
        of = dict(zip(self._intents.classes_, rows.T, strict=True))
        alarms = np.sqrt(of[DISTRESS] * expit(self._alarm.decision_function(features)))
        shares = {str(intent): float(column[0]) for intent, column in of.items()}
        for intent, model in self._topics.items():
            whole = shares.pop(intent)
            row = _shares(model, features[:1])[0]
            shares |= {
                str(topic): whole * float(s) for topic, s in zip(model.classes_, row, strict=True)
            }
        return Read(shares, float(alarms.max()))


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


def _fit_each(model: LogisticRegression, features: Any, labels: np.ndarray) -> None:
    """Fit one label against the rest as liblinear would, yet on several cores."""
    model.classes_, counts = np.unique(labels, return_counts=True)
    weights = len(labels) / (len(counts) * counts)
    fits = [
        delayed(_linear({True: weight, False: 1.0}).fit)(features, labels == label)
        for label, weight in zip(model.classes_, weights, strict=True)
    ]
    fitted = Parallel(n_jobs=PROCESSES)(fits)
    model.coef_ = np.vstack([one.coef_ for one in fitted])
    model.intercept_ = np.concatenate([one.intercept_ for one in fitted])


def _slim(model: LogisticRegression) -> None:
    """Make a trained model small and quick: half the width, and no copy at each product."""
    model.coef_ = np.asfortranarray(model.coef_, dtype=np.float32)
    model.intercept_ = model.intercept_.astype(np.float32)


def _shares(model: LogisticRegression, features: Any) -> np.ndarray:
    # The model's own `predict_proba` is less well calibrated than this.
    margins = model.decision_function(features).astype(float)
    if margins.ndim == 1:
        margins = np.stack([-margins, margins], axis=1)  # Of two classes it tells one margin.
    return softmax(margins, axis=1)
