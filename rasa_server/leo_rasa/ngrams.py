"""The reader of messages as a component of Rasa's pipeline."""

import os
from typing import Any, Dict, List, Text

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from leo_rasa import sentences
from leo_rasa.reader import Reader

FILE = "reader.joblib"
# The key under which the gate finds how likely a message speaks of distress, 0 to 1.
ALARM = "alarm"


def label(example: Message) -> Text:
    """Return what an example stands for: its intent, with the practice where one is wanted."""
    practice = (example.get(METADATA) or {}).get(METADATA_INTENT, {}).get("practice")
    intent = example.get(INTENT)
    return f"{intent}/{practice}" if practice else str(intent)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent):
    """Ranks all labels of a message; needs no tokenizer or featurizer before it."""

    def __init__(self, reader: Reader, storage: ModelStorage, resource: Resource) -> None:
        """Take the reader, trained or not, and the place where it is kept."""
        self._reader = reader
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
        """Build the component for training. Raises ValueError when a sentence model is amiss."""
        name = os.environ.get(sentences.SETTING)
        view = sentences.find(name) if name else None
        return cls(Reader(view), model_storage, resource)

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
        """Learn from the examples and keep the reader. Raises ValueError when there are none."""
        examples = training_data.intent_examples
        texts = [example.get(TEXT) for example in examples]
        self._reader.fit(texts, [label(example) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._reader, folder / FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent, the ranking and the alarm of each message."""
        for message in messages:
            shares, alarm = self._reader.read(message.get(TEXT) or "")
            ranking = [
                {"name": name, "confidence": shares[name]}
                for name in sorted(shares, key=lambda name: -shares[name])
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(ALARM, alarm)
        return messages
