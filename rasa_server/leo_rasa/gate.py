"""What a message means now: an answer, a command, something to ask about, or nothing known."""

from typing import Dict, List, NamedTuple, Optional, Text, Tuple

ANSWER = "answer"
DISTRESS = "distress"
OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
UNSURE = "unsure"
# A wrong guess at these changes something, goes on show, or breaks an exercise off.
CONSEQUENTIAL = (
    "delete_data",
    "export_data",
    "pause_messages",
    "resume_messages",
    "change_rhythm",
    "quiet_hours",
    "change_zone",
    "plan_done",
)
# "Did you mean: yes?" helps nobody.
YES_NO = ("affirm", "deny")
NEVER_OFFERED = (ANSWER, DISTRESS, OUT_OF_SCOPE, *YES_NO, "greet", "goodbye", "thank")
MOST_OFFERED = 3
MANY_WORDS = 60


class Context(NamedTuple):
    """What a message may mean while a kind of question is open."""

    no_commands: Tuple[Text, ...]
    unusual: Tuple[Text, ...]
    awaits_words: bool = False
    plain_only: Tuple[Text, ...] = ()
    # Whether Leo may ask if an answer was meant; a name or a few things listed are just that.
    asks: bool = True


IDLE = Context((ANSWER, DISTRESS), ("ask_why", "skip", "go_back"))
# A choice or a rating is answered by its own words: "I am not sure" is no "no".
CLOSED = Context((ANSWER, DISTRESS), CONSEQUENTIAL, plain_only=YES_NO)
# Where words are awaited, an answer may begin with "no", or tell of football.
WORDS = Context(
    (ANSWER, DISTRESS, *YES_NO, OUT_OF_SCOPE),
    (
        *CONSEQUENTIAL,
        "greet",
        "goodbye",
        "thank",
        "tell_more",
        "start_test",
        "see_progress",
        "resume",
        "recall_person",
        "reflect_now",
        "check_in",
    ),
    awaits_words=True,
)
THINGS = WORDS._replace(asks=False)
NAME = THINGS._replace(no_commands=(*WORDS.no_commands, "recall_person"))
CONTEXTS = {"nothing": IDLE, "text": WORDS, "person": NAME, "plan": THINGS, "list": THINGS}


class Values(NamedTuple):
    """The bars, chosen by cross-validation on the training data; shares are 0 to 1.

    A command needs a share of all that the message may mean: `bar`, or `high_bar` where it is
    consequential or unusual in its context, or `plain_bar` where only a plain yes or no will do,
    and `lead` times the share of the next one. Something counts as beyond Leo from `beyond_bar`
    on; else Leo asks, down to `ask_bar` (`ask_bar_inside` where words are awaited, and then only
    about messages of at most `ask_words` words). There an answer counts `answer_prior` times,
    and `per_word` times more for each word: commands are short. What sounds like distress, at
    least by `alarm_bar`, is met as such; from `alarm_ask` on, Leo asks.
    """

    bar: float = 0.42
    high_bar: float = 0.6
    plain_bar: float = 0.85
    beyond_bar: float = 0.25
    lead: float = 2.0
    ask_bar: float = 0.03
    ask_bar_inside: float = 0.3
    ask_words: int = 7
    offer_bar: float = 0.01
    answer_prior: float = 4.0
    per_word: float = 1.3
    alarm_bar: float = 0.55
    alarm_ask: float = 0.4


class Meaning(NamedTuple):
    """What was understood: a label, how surely (0 to 1), and what else it might have meant."""

    label: Text
    sure: float
    candidates: Tuple[Text, ...] = ()


class Message(NamedTuple):
    """A message as read: the share of each label, the alarm, and what Leo awaits."""

    text: Text
    shares: Dict[Text, float]
    alarm: float = 0.0
    kind: Text = "nothing"
    fits: bool = False


def decide(message: Message, values: Values) -> Meaning:
    """Return what a message means now."""
    if message.fits:
        return Meaning(ANSWER, 1.0)
    context = CONTEXTS.get(message.kind, CLOSED)
    if not _is_said(message.text):
        return Meaning(ANSWER if context.awaits_words else FALLBACK, 1.0)
    if message.alarm >= values.alarm_bar:
        return Meaning(DISTRESS, message.alarm)
    shares = _now(message, context, values)
    if message.alarm >= values.alarm_ask:
        others = [ANSWER] if context.awaits_words else _offered(shares, values)
        return Meaning(UNSURE, message.alarm, (DISTRESS, *others[: MOST_OFFERED - 1]))
    command = _command(shares, context, values)
    if command and context is NAME and command.sure < values.plain_bar and _is_short(message.text):
        return Meaning(ANSWER, 1.0 - command.sure)  # A name is often a word not seen before.
    if command is not None:
        return command
    return _ask(message, shares, context, values)


def _is_said(text: Text) -> bool:
    """Tell whether somebody may have meant words: a number, an emoji, a piece of code are none."""
    return any(sign.isalpha() or sign == "?" for sign in text) and not set(text) & set("{}[]<>")


def _is_short(text: Text) -> bool:
    return len(text.split()) <= 2


def _now(message: Message, context: Context, values: Values) -> Dict[Text, float]:
    """Return the shares as they are in this context; an answer is likelier, the longer it is."""
    shares = {label: share for label, share in message.shares.items() if label != DISTRESS}
    if context.awaits_words:
        words = min(len(message.text.split()), MANY_WORDS)
        weight = values.answer_prior * values.per_word**words
        shares[ANSWER] = weight * shares.get(ANSWER, 0.0)
    total = sum(shares.values())
    return {label: share / total for label, share in shares.items()}


def _command(shares: Dict[Text, float], context: Context, values: Values) -> Optional[Meaning]:
    bars = {
        label: _bar(label, context, values) for label in shares if label not in context.no_commands
    }
    label = max(bars, key=lambda name: shares[name] / bars[name])
    rivals = (shares[name] for name in bars if name != label)
    clear = shares[label] >= values.lead * max(rivals, default=0.0)
    return Meaning(label, shares[label]) if shares[label] >= bars[label] and clear else None


def _bar(label: Text, context: Context, values: Values) -> float:
    if label in context.plain_only:
        return values.plain_bar
    return values.high_bar if label in CONSEQUENTIAL + context.unusual else values.bar


def _ask(message: Message, shares: Dict[Text, float], context: Context, values: Values) -> Meaning:
    offered = _offered(shares, values)
    best = shares[offered[0]] if offered else 0.0
    if not context.awaits_words:
        beyond = shares.get(OUT_OF_SCOPE, 0.0)
        if beyond >= max(values.beyond_bar if context is IDLE else values.high_bar, best):
            return Meaning(OUT_OF_SCOPE, beyond)
        rivals = (shares.get(label, 0.0) for label in (OUT_OF_SCOPE, *context.plain_only))
        bar = values.ask_bar if context is IDLE else values.ask_bar_inside
        if best >= max(bar, *rivals):
            return Meaning(UNSURE, best, tuple(offered))
        return Meaning(FALLBACK, 0.0)
    short = len(message.text.split()) <= values.ask_words
    if context.asks and short and best >= values.ask_bar_inside:
        return Meaning(UNSURE, best, (*offered[: MOST_OFFERED - 1], ANSWER))
    return Meaning(ANSWER, 1.0 - best)


def _offered(shares: Dict[Text, float], values: Values) -> List[Text]:
    """Return the likeliest labels that can be offered as buttons, best first."""
    able = [label for label in shares if label not in NEVER_OFFERED]
    ranked = sorted(able, key=lambda label: -shares[label])
    return [label for label in ranked if shares[label] >= values.offer_bar][:MOST_OFFERED]
