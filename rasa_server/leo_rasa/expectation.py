"""Understanding in context: a message means what the open question lets it mean."""

from typing import Any, Dict, List, NamedTuple, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

ANSWER = "answer"
FALLBACK = "nlu_fallback"
CONSEQUENTIAL = ("delete_data", "export_data")
MANY_WORDS = 60


class Context(NamedTuple):
    """What a message may mean now."""

    no_commands: Tuple[Text, ...]
    unusual: Tuple[Text, ...]
    otherwise: Text


IDLE = Context((ANSWER,), ("ask_why", "skip", "go_back"), FALLBACK)
CLOSED = Context((ANSWER,), (), FALLBACK)
# Where words are awaited, an answer may begin with "no", or tell of football.
WORDS = Context(
    (ANSWER, "affirm", "deny", "out_of_scope"),
    ("greet", "goodbye", "tell_more", "start_test", "see_progress", "resume"),
    ANSWER,
)
CONTEXTS = {"nothing": IDLE, "text": WORDS, "person": WORDS, "plan": WORDS}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ExpectationGate(GraphComponent):
    """Chooses between an answer and a command, knowing what Leo has just asked.

    The client sends `metadata.expects = {"kind": …, "fits": …}`. `kind` is the kind of
    the open question (`nothing` when none is open); `fits` says that the text, read by
    Leo's own grammar, is a valid rating, choice or date for it.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the values, which were chosen by cross-validation on the training data.

        A command needs a share (0 to 1) of all that the message may mean: `bar`, or `high_bar`
        where it is consequential or unusual in its context. While words are awaited, an answer
        counts `answer_prior` times, and `per_word` times more for each word: commands are short.
        """
        return {"bar": 0.35, "high_bar": 0.5, "answer_prior": 3.0, "per_word": 1.3}

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Take the values."""
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
        ranking = message.get(INTENT_RANKING_KEY)
        confidence = {entry["name"]: entry["confidence"] for entry in ranking}
        name, sure = self._choose(confidence, message.get(TEXT) or "", kind, fits)
        message.set(INTENT, {"name": name, "confidence": sure}, add_to_output=True)

    def _choose(
        self, confidence: Dict[Text, float], text: Text, kind: Text, fits: bool
    ) -> Tuple[Text, float]:
        if fits:
            return ANSWER, 1.0
        context = CONTEXTS.get(kind, CLOSED)
        if not any(letter.isalpha() or letter == "?" for letter in text):
            return context.otherwise, 1.0  # A number or an emoji is no command.
        if context is WORDS:
            confidence = self._favour_answer(confidence, text)
        total = sum(confidence.values())
        high = CONSEQUENTIAL + context.unusual
        bars = {
            name: self._config["high_bar" if name in high else "bar"]
            for name in confidence
            if name not in context.no_commands
        }
        command = max(bars, key=lambda name: confidence[name] / bars[name])
        sure = confidence[command] / total
        return (command, sure) if sure >= bars[command] else (context.otherwise, 1.0 - sure)

    def _favour_answer(self, confidence: Dict[Text, float], text: Text) -> Dict[Text, float]:
        words = min(len(text.split()), MANY_WORDS)
        weight = self._config["answer_prior"] * self._config["per_word"] ** words
        return {**confidence, ANSWER: weight * confidence.get(ANSWER, 0.0)}
