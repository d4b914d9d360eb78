"""Looking for distress: a detector of its own, sentence by sentence."""

import re
from typing import Any, Dict, List, Text

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from leo_rasa.features import vectors
from leo_rasa.ngrams import slim

FILE = "alarm.joblib"
DISTRESS = "distress"
# The key under which the gate finds how likely a message speaks of distress, 0 to 1.
ALARM = "alarm"
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…;\n])\s+")
SHORT = 12


def untrained() -> Pipeline:
    """Return the model; its values were chosen by cross-validation on the training data."""
    return make_pipeline(
        vectors(),
        LogisticRegression(
            C=10, class_weight="balanced", solver="liblinear", dual=True, tol=0.01, random_state=0
        ),
    )


def parts(text: Text) -> List[Text]:
    """Return a text and, when it is long, its sentences: distress may hide in one of them."""
    if len(text.split()) <= SHORT:
        return [text]
    return [text, *(part for part in _END_OF_SENTENCE.split(text) if part.strip())]


def loudest(model: Pipeline, text: Text) -> float:
    """Return the highest likelihood among the parts of a text."""
    return float(model.predict_proba(parts(text))[:, 1].max())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DistressAlarm(GraphComponent):
    """Tells distress from everything else that is said; the gate decides what follows."""

    def __init__(self, model: Pipeline, storage: ModelStorage, resource: Resource) -> None:
        """Take the model, trained or not, and the place where it is kept."""
        self._model = model
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DistressAlarm":
        """Build the component for training."""
        return cls(untrained(), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "DistressAlarm":
        """Build the component from what `train` has kept. Raises ValueError when there is none."""
        with model_storage.read_from(resource) as folder:
            return cls(joblib.load(folder / FILE), model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of `distress` against all others."""
        examples = training_data.intent_examples
        alarms = np.array([example.get(INTENT) == DISTRESS for example in examples])
        self._model.fit([example.get(TEXT) for example in examples], alarms)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(slim(self._model), folder / FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Note on each message how likely it speaks of distress."""
        for message in messages:
            message.set(ALARM, loudest(self._model, message.get(TEXT) or ""))
        return messages
