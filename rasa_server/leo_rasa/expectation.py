"""Understanding in context: a message means what the open question lets it mean."""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from leo_rasa import gate
from leo_rasa.ngrams import ALARM


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ExpectationGate(GraphComponent):
    """Chooses between an answer, a command and a question, knowing what Leo has just asked.

    The client sends `metadata.expects = {"kind": …, "fits": …}`. `kind` is the kind of
    the open question (`nothing` when none is open); `fits` says that the text, read by
    Leo's own grammar, is a valid rating, choice or date for it. A label such as
    `want_practice/vuca-lens` becomes the intent and an entity `practice`; what an unsure
    message may mean becomes entities `candidate`.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the values; `gate.Values` says what they mean."""
        return dict(gate.Values()._asdict())

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Take the values."""
        self._values = gate.Values(**{name: config[name] for name in gate.Values._fields})

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ExpectationGate":
        """Build the component for Rasa's graph."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the entities of each message to what it means now."""
        for message in messages:
            meaning = gate.decide(_read(message), self._values)
            intent, _, practice = meaning.label.partition("/")
            entities = [_entity("candidate", label) for label in meaning.candidates]
            if practice:
                entities.append(_entity("practice", practice))
            message.set(INTENT, {"name": intent, "confidence": meaning.sure}, add_to_output=True)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _read(message: Message) -> gate.Message:
    expects = (message.get(METADATA) or {}).get("expects") or {}
    return gate.Message(
        text=message.get(TEXT) or "",
        shares={entry["name"]: entry["confidence"] for entry in message.get(INTENT_RANKING_KEY)},
        alarm=message.get(ALARM) or 0.0,
        kind=expects.get("kind", "nothing"),
        fits=bool(expects.get("fits")),
    )


def _entity(name: Text, value: Text) -> Dict[Text, Text]:
    return {"entity": name, "value": value}
