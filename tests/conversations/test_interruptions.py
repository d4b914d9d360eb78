"""Whatever is said at a question of the test, in ordinary words, the question comes again."""

import itertools

from bot.chat.terminal import plain
from tests.conversations.talk import (
    LANGUAGES,
    TEXTS,
    TO_THE_CHOICE,
    YES,
    answers,
    asked,
    exchange,
    exported,
    says,
    step,
)
from tests.stack import Leo

# One question of each kind, in the order of the test, and what leads from one to the next.
KINDS = ["person", "grown", "grown-seen", "least", "plan", "plan-date"]
ONWARD = {
    "en": [["Ana"], ["3"], TO_THE_CHOICE, ["/skip", "/skip", "nobody"], ["if she asks, I listen"]],
    "fr": [
        ["Ana"],
        ["3"],
        TO_THE_CHOICE,
        ["/skip", "/skip", "personne"],
        ["si elle parle, je me tais"],
    ],
}
# What people say at each of these six questions, in the same order.
ASIDES = {
    "en": {
        "ask_why": [
            "why do you ask?",
            "how come you want to know that",
            "what's that for",
            "what is the point",
            "why do u need to know",
            "how is this relevant",
        ],
        "ask_help": [
            "help",
            "what can i say",
            "how does this work",
            "i'm lost",
            "what are my options",
            "help me please",
        ],
        "ask_privacy": [
            "who can see this?",
            "will my boss read this",
            "is this private?",
            "who sees what I write here?",
            "who reads what i write",
            "is it confidential",
        ],
        "ask_human": [
            "are you human?",
            "are you a bot",
            "am i talking to a person?",
            "are you real",
            "r u a machine",
            "is there a human behind this?",
        ],
        "ask_servant_leadership": [
            "what is servant leadership?",
            "whats servant leadership",
            "explain servant leadership",
            "who is greenleaf",
            "servant leader, what's that",
            "tell me about servant leadership",
        ],
        "thank": ["thanks", "thank you so much", "thx", "cheers", "much appreciated", "thanks leo"],
    },
    "fr": {
        "ask_why": [
            "pourquoi vous demandez ça ?",
            "pourquoi voulez-vous savoir ça",
            "ca sert a quoi",
            "à quoi bon",
            "quel rapport",
            "dans quel but",
        ],
        "ask_help": [
            "aide",
            "besoin d'aide",
            "comment ça marche",
            "je suis perdu",
            "quelles commandes",
            "à l'aide",
        ],
        "ask_privacy": [
            "qui peut voir ça ?",
            "mon chef va lire ça ?",
            "c'est confidentiel ?",
            "qui voit ce que j'écris ici ?",
            "qui lit ce que j'écris",
            "est-ce privé",
        ],
        "ask_human": [
            "êtes-vous humain ?",
            "t'es un robot ?",
            "je parle à une vraie personne ?",
            "vous êtes une machine ?",
            "c'est une ia ?",
            "y a quelqu'un derrière ?",
        ],
        "ask_servant_leadership": [
            "c'est quoi le leadership serviteur ?",
            "c koi le servant leadership",
            "expliquez le leadership serviteur",
            "qui est greenleaf",
            "manager serviteur, ça veut dire quoi",
            "parlez-moi du leadership serviteur",
        ],
        "thank": [
            "merci",
            "merci beaucoup",
            "super merci",
            "je vous remercie",
            "merci bien",
            "merci leo",
        ],
    },
}
THERE_AND_BACK = {
    "en": [
        ("en français s'il te plaît", "back to english please"),
        ("can we speak French?", "on peut parler anglais ?"),
        ("switch to french", "english please"),
        ("parlons français", "let's speak English"),
        ("french please", "en anglais s'il vous plaît"),
        ("i'd rather do this in french", "in English"),
    ],
    "fr": [
        ("in English please", "revenons au français"),
        ("on peut parler anglais ?", "can we speak French?"),
        ("passons à l'anglais", "en français svp"),
        ("let's speak English", "parlons français"),
        ("en anglais s'il vous plaît", "french please"),
        ("je préfère en anglais", "en français"),
    ],
}
OTHER = {"en": "fr", "fr": "en"}


def is_a_reason(message: dict, step_id: str, language: str) -> bool:
    """Tell whether a message begins with one of the reasons for a question about Ana."""
    reasons = step(step_id).why[language]
    return any(
        message["text"].startswith(plain(TEXTS.fill(reason, about="Ana"))) for reason in reasons
    )


@LANGUAGES
def test_asides_at_each_kind_of_question(leo: Leo, language: str) -> None:
    """Each aside gets its own answer, and the open question again, at all six kinds of question."""
    lines = [YES[language], "test"]
    expected: list[tuple[str, str]] = []
    for position, step_id in enumerate(KINDS):
        for topic, said_at in ASIDES[language].items():
            lines.append(said_at[position])
            expected.append((topic, step_id))
        onward = ONWARD[language][position] if position < len(ONWARD[language]) else []
        lines += onward
        expected += [("", "")] * len(onward)
    replies = exchange(leo, lines, f"asides-{language}", language)[2:]
    for line, reply, (topic, step_id) in zip(lines[2:], replies, expected, strict=True):
        if not topic:
            continue
        assert asked(reply, language) == step_id, (line, reply["text"])
        if topic == "ask_why":
            assert is_a_reason(reply, step_id, language), (line, reply["text"])
        else:
            told = "ask_greenleaf" if "greenleaf" in line else topic
            assert says(reply, language, told), (line, reply["text"])


@LANGUAGES
def test_the_other_language_and_back(leo: Leo, language: str) -> None:
    """At each kind of question the same question comes in the other language, then in the first."""
    other = OTHER[language]
    lines = [YES[language], "test"]
    expected: list[tuple[str, str]] = []
    for position, step_id in enumerate(KINDS):
        lines += THERE_AND_BACK[language][position]
        expected += [(other, step_id), (language, step_id)]
        onward = ONWARD[language][position] if position < len(ONWARD[language]) else []
        lines += onward
        expected += [("", "")] * len(onward)
    replies = exchange(leo, lines, f"both-{language}", language)[2:]
    for line, reply, (now, step_id) in zip(lines[2:], replies, expected, strict=True):
        if now:
            assert says(reply, now, "language_changed"), (line, reply["text"])
            assert asked(reply, now) == step_id, (line, reply["text"])


# What is said, and the question that Leo asks next.
SKIPPED_AND_CHANGED = {
    "en": [
        ("i'd rather not answer", "grown"),
        ("oops wrong, go back", "person"),
        ("Ana", "grown"),
        ("skip it", "grown-seen"),
        ("previous question", "grown"),
        ("4", "grown-seen"),
        ("wait i made a mistake", "grown"),
        ("a solid two", "grown-seen"),
        ("next question please", "healthier"),
        ("i want to change my last answer", "grown-seen"),
        ("she dared to say no", "healthier"),
        *[("/skip", None)] * 9,
        ("/skip", "least"),
        ("can we move on", "least-who"),
        ("go back", "least"),
        ("worse", "least-who"),
        ("pass", "hurt"),
        ("leave that one", "hurt-what"),
        ("back", "hurt"),
        ("nobody", "plan"),
        ("sorry wrong button", "hurt"),
        ("yes, somebody", "hurt-what"),
        ("i have nothing to say here", "plan"),
        ("if she asks, I will listen", "plan-date"),
        ("let me fix my last answer", "plan"),
        ("when she asks, I will wait", "plan-date"),
    ],
    "fr": [
        ("je préfère ne pas répondre", "grown"),
        ("oups je me suis trompé", "person"),
        ("Ana", "grown"),
        ("je passe", "grown-seen"),
        ("question précédente", "grown"),
        ("4", "grown-seen"),
        ("attendez, j'ai fait une erreur", "grown"),
        ("un petit deux", "grown-seen"),
        ("question suivante svp", "healthier"),
        ("je veux changer ma dernière réponse", "grown-seen"),
        ("elle a osé me dire non", "healthier"),
        *[("/skip", None)] * 9,
        ("/skip", "least"),
        ("passons", "least-who"),
        ("retour", "least"),
        ("plus mal", "least-who"),
        ("passer", "hurt"),
        ("laissons celle-ci", "hurt-what"),
        ("revenir", "hurt"),
        ("personne", "plan"),
        ("je me suis trompée de bouton", "hurt"),
        ("oui, quelqu'un", "hurt-what"),
        ("rien à dire là-dessus", "plan"),
        ("si elle demande, j'écouterai", "plan-date"),
        ("je veux modifier ce que j'ai dit", "plan"),
        ("quand elle demandera, j'attendrai", "plan-date"),
    ],
}


@LANGUAGES
def test_skipping_going_back_and_changing(leo: Leo, language: str) -> None:
    """In ordinary words a question is skipped or gone back to, and the last answer counts."""
    talk = SKIPPED_AND_CHANGED[language]
    lines = [line for line, _ in talk]
    said = leo.chat(
        [YES[language], "test", *lines, "/export"], name=f"back-{language}", language=language
    )
    for (line, question), reply in zip(talk, said[4:], strict=False):
        assert question in (None, asked(reply, language)), (line, reply["text"])
    everything = exported(said)
    run = answers(everything["runs"][-1])
    assert run["grown"] == 2
    assert run["grown-seen"] == lines[10]
    assert (run["least"], run["hurt"], run["hurt-what"]) == ("worse", "somebody", None)
    assert [plan["words"] for plan in everything["plans"]] == [lines[-1]]


# What is said in one chat after the other by the same person: the words, then Leo's template
# or the question that it asks.
LEFT_AND_RESUMED = {
    "en": [
        [
            *(("yes", None), ("test", "person"), ("let's stop here", "stopped")),
            *(("where were we?", "person"), ("Ana", "grown"), ("not now", "later_when")),
        ],
        [
            *(("let's go on", "grown"), ("3", "grown-seen"), ("enough for today", "stopped")),
            *(("i'm back, let's continue", "grown-seen"), *[("/skip", None)] * 10),
            *(("/skip", "least"), ("can we do this later", "later_when")),
        ],
        [
            *(("resume please", "least"), ("cannot tell", "least-who"), ("/skip", "hurt")),
            *(("no one", "plan"), ("i want to quit", "stopped"), ("carry on", "plan")),
            *(("if she asks, I will listen", "plan-date"), ("another time", "later_when")),
        ],
        [("test", "which"), ("go on", "plan-date")],
    ],
    "fr": [
        [
            *(("oui", None), ("test", "person"), ("arrêtons-nous ici", "stopped")),
            *(("on en était où ?", "person"), ("Ana", "grown"), ("pas maintenant", "later_when")),
        ],
        [
            *(
                ("on continue", "grown"),
                ("3", "grown-seen"),
                ("ça suffit pour aujourd'hui", "stopped"),
            ),
            *(("me revoilà, on reprend", "grown-seen"), *[("/skip", None)] * 10),
            *(("/skip", "least"), ("on peut faire ça plus tard ?", "later_when")),
        ],
        [
            *(("reprenons", "least"), ("je ne sais pas", "least-who"), ("/skip", "hurt")),
            *(("personne", "plan"), ("je veux arrêter", "stopped"), ("je continue", "plan")),
            *(("si elle demande, j'écouterai", "plan-date"), ("une autre fois", "later_when")),
        ],
        [("test", "which"), ("reprendre", "plan-date")],
    ],
}


@LANGUAGES
def test_stopped_and_resumed(leo: Leo, language: str) -> None:
    """What was left, at any kind of question, is taken up there, in the same chat or another."""
    greeting = 2
    for chat in LEFT_AND_RESUMED[language]:
        lines = [line for line, _ in chat]
        replies = exchange(leo, lines, f"left-{language}", language, greeting=greeting)
        for (line, expected), reply in zip(chat, replies, strict=True):
            if expected in ("stopped", "later_when"):
                assert says(reply, language, expected), (line, reply["text"])
                assert bool(reply["buttons"]) == (expected == "later_when")
            else:
                assert expected in (None, asked(reply, language)), (line, reply["text"])
        greeting = 1


REFLECTIONS = {
    "en": [
        "He told me to stop and listen for once",
        "I stopped answering for her, it took all my nerve",
        "Later that week she thanked me",
        "She asked for help before it was too late",
        "I never asked her why",
        "why did it take me a year to notice",
        "He came back later with a better plan",
        "help came from her colleagues, not me",
        'She said "stop", and the whole room did',
        "I skipped our one-to-one twice",
        "She wants to know why we do things",
        "I had to stop myself from taking over",
        "nothing stops her any more",
        "she stays later than anyone",
        "He went back to the customer on his own",
        "She thanked me for letting her try",
    ],
    "fr": [
        "Il m'a dit d'arrêter et d'écouter, pour une fois",
        "J'ai arrêté de répondre à sa place, non sans mal",
        "Plus tard dans la semaine, elle m'a remercié",
        "Elle a demandé de l'aide avant qu'il ne soit trop tard",
        "Je ne lui ai jamais demandé pourquoi",
        "Pourquoi ai-je mis un an à le voir",
        "Il est revenu plus tard avec une meilleure idée",
        "L'aide est venue de ses collègues, pas de moi",
        "Elle a dit « stop », et toute la salle s'est tue",
        "J'ai sauté deux fois notre entretien",
        "Elle veut savoir pourquoi on fait les choses",
        "j'ai dû m'arrêter de tout faire à sa place",
        "il n'a plus besoin de mon aide",
        "elle reste plus tard que les autres",
        "Il est retourné voir le client sans moi",
        "Elle m'a remercié de l'avoir laissée essayer",
    ],
}


@LANGUAGES
def test_a_reflection_is_no_command(leo: Leo, language: str) -> None:
    """Words that hold a stop, a help, a later or a why are kept as the answer they are."""
    reflections = REFLECTIONS[language]
    lines = [YES[language], "test", "Ana", "3"]
    for reflection in reflections:
        lines += [reflection, "/back"]
    said = exchange(leo, lines, f"words-{language}", language)
    for reflection, reply in zip(reflections, said[4::2], strict=True):
        assert asked(reply, language) == "healthier", (reflection, reply["text"])
    again = leo.chat(["/export"], name=f"words-{language}", language=language)
    assert answers(exported(again)["runs"][-1])["grown-seen"] == reflections[-1]


NONSENSE = [
    *("blurb zorg", "qsdfgh", "¿¡¿¡", "zorg blurb blurb", "hjklm", "asdf jkl"),
    *("🦆🦆🦆", "...", "brrr krrr", "xyzzy", "zorg krrr", "~~~"),
]


def honest(reply: dict, language: str, key: str, **values: object) -> bool:
    """Tell whether Leo owns up: it did not understand, or it cannot help with that."""
    return says(reply, language, key, **values) or says(reply, language, "out_of_scope")


@LANGUAGES
def test_nonsense_gets_an_honest_sentence(leo: Leo, language: str) -> None:
    """At a rating, at a choice and when nothing is open: a way on, never the same words twice."""
    grown = step("grown")
    assert grown.low is not None
    assert grown.high is not None
    scale = {"low": grown.low[language], "high": grown.high[language]}
    lines = [
        YES[language],
        "test",
        "Ana",
        *NONSENSE,
        "3",
        *TO_THE_CHOICE,
        *NONSENSE,
        "/stop",
        *NONSENSE,
    ]
    said = exchange(leo, lines, f"nonsense-{language}", language)
    at_rating, at_choice, idle = said[3:15], said[27:39], said[40:52]
    for line, reply in zip(NONSENSE, at_rating, strict=True):
        assert honest(reply, language, "not_understood_rating", **scale), (line, reply["text"])
        assert asked(reply, language) == "grown"
    for line, reply in zip(NONSENSE, at_choice, strict=True):
        assert honest(reply, language, "not_understood_choice"), (line, reply["text"])
        assert asked(reply, language) == "least"
    for line, reply in zip(NONSENSE, idle, strict=True):
        assert honest(reply, language, "not_understood_idle"), (line, reply["text"])
    texts = [message["text"] for message in said]
    assert all(one != other for one, other in itertools.pairwise(texts))


# With this an answer is no thin one, about which Leo would ask for a little more.
ENOUGH = {
    "en": " was on the board when she came in, and nobody knew who had put it there",
    "fr": " était au tableau quand elle est arrivée, et personne ne savait qui l’avait mis",
}
ODD = [
    "مرحبا بالعالم",
    "😀",
    "' or 1=1; --",
    '{"x": null}',
    "<b>&amp;</b>",
    "[[1, 2]",
    '/press{"a": 9}',
]


@LANGUAGES
def test_anything_may_be_typed_where_words_are_awaited(leo: Leo, language: str) -> None:
    """Odd lines are kept as they are; empty ones pass; endless ones and unknown commands do not."""
    lines = [YES[language], "test", "Ana", "3"]
    for odd in ODD:
        lines += [odd + ENOUGH[language], "/back"]
    said = leo.chat(
        [*lines, "", "   ", "/erase_everything", "x" * 5000, "/export"],
        name=f"odd-words-{language}",
        language=language,
    )[2:]
    for odd, reply in zip(ODD, said[4::2], strict=False):
        assert asked(reply, language) == "healthier", (odd, reply["text"])
    unknown, endless = said[len(lines) : len(lines) + 2]
    assert asked(unknown, language) == asked(endless, language) == "grown-seen"
    assert says(endless, language, "answer_too_long")
    assert answers(exported(said)["runs"][-1])["grown-seen"] == ODD[-1] + ENOUGH[language]


@LANGUAGES
def test_anything_may_be_typed_where_a_number_is_awaited(leo: Leo, language: str) -> None:
    """Odd lines get an answer each, never the same twice in a row, and the question stands."""
    odd = [*ODD, "{}", "/erase_everything", "x" * 5000, "4.5", "10", "-1", "٣٫٥"]
    lines = [YES[language], "test", "Ana", *odd]
    said = leo.chat([*lines, "", "   ", "3"], name=f"odd-{language}", language=language)[2:]
    assert len(said) == len(lines) + 1
    assert {asked(reply, language) for reply in said[3:-1]} == {"grown"}
    assert asked(said[-1], language) == "grown-seen"
    texts = [message["text"] for message in said]
    assert all(one != other for one, other in itertools.pairwise(texts))
