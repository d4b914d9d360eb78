"""Understanding in context: a message means what the open question lets it mean."""

from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

ANSWER = "answer"
FALLBACK = "nlu_fallback"
WORDS = ("text", "person", "plan")
YES_OR_NO = ("affirm", "deny")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ExpectationGate(GraphComponent):
    """Chooses between an answer and a command, knowing what Leo has just asked.

    The client sends `metadata.expects = {"kind": …, "fits": …}`. `kind` is the kind of
    the open question (`nothing` when none is open); `fits` says that the text, read by
    Leo's own grammar, is a valid rating, choice or date for it.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Confidences from 0 to 1; `long_words` is a number of words."""
        return {
            "idle_threshold": 0.35,
            "closed_threshold": 0.35,
            "words_threshold": 0.55,
            "words_margin": 2.0,
            "long_words": 14,
        }

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Take the thresholds from `config.yml`."""
        self._config = config

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
        """Set the intent of each message to what it means now."""
        for message in messages:
            expects = (message.get(METADATA) or {}).get("expects") or {}
            self._decide(message, expects.get("kind", "nothing"), bool(expects.get("fits")))
        return messages

    def _decide(self, message: Message, kind: Text, fits: bool) -> None:
        ranking = message.get(INTENT_RANKING_KEY) or []
        if not ranking:
            return  # A command or a button: Rasa has already read the intent from it.
        confidence = {entry["name"]: float(entry["confidence"]) for entry in ranking}
        name, sure = self._choose(confidence, message.get(TEXT) or "", kind, fits)
        message.set(INTENT, {"name": name, "confidence": sure}, add_to_output=True)

    def _choose(
        self, confidence: Dict[Text, float], text: Text, kind: Text, fits: bool
    ) -> Tuple[Text, float]:
        if fits:
            return ANSWER, 1.0
        command, sure = best(confidence, without=(ANSWER,))
        if kind in WORDS:
            return self._answer_or_command(confidence, text, command, sure)
        threshold = self._config["idle_threshold" if kind == "nothing" else "closed_threshold"]
        return (command, sure) if sure >= threshold else (FALLBACK, 1.0 - sure)

    def _answer_or_command(
        self, confidence: Dict[Text, float], text: Text, command: Text, sure: float
    ) -> Tuple[Text, float]:
        answer = confidence.get(ANSWER, 0.0)
        is_command = (
            command not in YES_OR_NO
            and len(text.split()) < self._config["long_words"]
            and sure >= self._config["words_threshold"]
            and sure >= self._config["words_margin"] * answer
        )
        return (command, sure) if is_command else (ANSWER, 1.0 - sure)


def best(confidence: Dict[Text, float], without: Tuple[Text, ...]) -> Tuple[Text, float]:
    """Return the likeliest intent and its confidence, leaving out `without`."""
    rest = {name: sure for name, sure in confidence.items() if name not in without}
    return max(rest.items(), key=lambda item: item[1], default=(FALLBACK, 0.0))
