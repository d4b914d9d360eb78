"""From words to tokens: "demain à huit heures et quart" and "tomorrow 8:15" are one line.

A line of tokens is text again, so that a grammar can be written as patterns. Words that say
nothing about time stay as they are, in lower case; tokens have a capital first:

    W0 … W6     a day of the week     M01 … M12   a month
    D0 D1 D2    today, tomorrow …     N5 O5 Q5    5, 5th, fifth
    T0830       08:30 and no other    t0830       8:30, perhaps in the evening
    H0230       2 h 30: an hour of the day, or a length of time
    E90         90 minutes            Uweek       a unit of time
    Pmorning    a part of the day     DATE00000305, Y2026: a date, a year

The small `t` is the one token that begins with a small letter; it is followed by digits.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

_NUMBERS = {
    "one": 1,
    "two deux": 2,
    "three trois": 3,
    "four quatre": 4,
    "five cinq": 5,
    "six": 6,
    "seven sept": 7,
    "eight huit": 8,
    "nine neuf": 9,
    "ten dix": 10,
    "eleven onze": 11,
    "twelve douze": 12,
    "thirteen treize": 13,
    "fourteen quatorze": 14,
    "fifteen quinze": 15,
    "sixteen seize": 16,
    "seventeen dix-sept": 17,
    "eighteen dix-huit": 18,
    "nineteen dix-neuf": 19,
    "twenty vingt": 20,
    "thirty trente": 30,
    "forty quarante": 40,
    "fifty cinquante": 50,
    "sixty soixante": 60,
    "ninety quatre-vingt-dix": 90,
}
_ORDINALS = (
    "first premier premiere",
    "second deuxieme",
    "third troisieme",
    "fourth quatrieme",
    "fifth cinquieme",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
)
# Left out, since they are words of their own: "mon" (my) and "tue" (kills) in French, "sat", "sun",
# "mer" (sea), "jeu" (game). They are days among days, or where a day is awaited: `_SHORT_DAYS`.
_WEEKDAYS = (
    "monday mondays lundi lundis",
    "tuesday tuesdays tues mardi mardis",
    "wednesday wednesdays wed weds wensday wendsday mercredi mercredis mecredi",
    "thursday thursdays thu thur thurs jeudi jeudis",
    "friday fridays fri vendredi vendredis",
    "saturday saturdays samedi samedis",
    "sunday sundays dimanche dimanches",
)
_MONTHS = (
    "january jan janvier janv",
    "february feb fevrier fevr",
    "march mars",
    "april apr avril avr",
    "mai",
    "june jun juin",
    "july jul juillet juil",
    "august aug aout",
    "september sep septembre",
    "october oct octobre",
    "november nov novembre",
    "december dec decembre",
)
# Phrases, by token. A phrase goes before a shorter one that stands in it.
_PHRASES = {
    "D0": "today|aujourdhui|ajd|auj|later today",
    "D1": "tomorrow|tmrw|tmw|tmr|tomo|tomoz|2moro|2morrow|demain|2main|dem|lendemain",
    "D2": "the day after tomorrow|day after tomorrow|overmorrow|apres demain|apresdemain"
    "|surlendemain",
    "D0 Pevening": "tonight|tonite|2nite|this evening|ce soir|cette nuit|dans la soiree"
    "|later this evening|plus tard ce soir|later tonight",
    "D0 Pmorning": "this morning|ce matin|later this morning|cette matinee",
    "D0 Pafternoon": "this afternoon|later this afternoon|this arvo|cet apres midi"
    "|cette apres midi|cet aprem|cette aprem|cet apresmidi",
    "D0 T1200": "ce midi",
    "Pmorning": "morning|mornings|matin|matins|matn|mtain|matinee|matinees"
    "|first thing in the morning"
    "|first thing|premiere heure|early morning|early in the morning|debut de matinee"
    "|tot le matin|debut de journee",
    "Platemorning": "late morning|late in the morning|fin de matinee|fin de la matinee",
    "Pnoon": "noon|midday|lunchtime|lunch time|noontime|midi|heure du dejeuner|pause dejeuner"
    "|at lunch|over lunch",
    "Pafterlunch": "after lunch|after my lunch|after the lunch break|after my lunch break"
    "|after lunchtime|post lunch|apres le dejeuner|apres dejeuner|apres mon dejeuner"
    "|apres la pause dejeuner|apres manger|apres le repas de midi|apres le repas"
    "|apres le lunch|apres avoir dejeune|apres avoir mange",
    "Pafternoon": "afternoon|afternoons|apres midi|apresmidi|aprem|aprm|arvo|early afternoon"
    "|early in the afternoon|debut de apres midi|debut apres midi",
    "Plateafternoon": "late afternoon|late in the afternoon|end of the afternoon"
    "|fin de apres midi|fin apres midi|fin d aprem",
    "Pevening": "evening|evenings|soir|soirs|soiree|early evening|after dinner"
    "|apres diner|apres le diner|debut de soiree",
    "Pnight": "night|nights|nuit|nuits",
    "Pendday": "end of the day|end of day|end of my day|eod|close of business|after work"
    "|end of the working day|fin de journee|fin de la journee|fin de ma journee"
    "|apres le travail|apres le boulot|apres ma journee|apres le bureau",
    "T0000": "midnight|minuit",
    "SAME": "the same time|same time|this time|la meme heure|meme heure",
    "Uhour": "hour|hours|hr|hrs",
    "Uheure": "heure|heures",
    "Umin": "minute|minutes|min|mins|mn",
    "Uday": "day|days|jour|jours|jrs|journee",
    "Uweek": "week|weeks|wk|wks|semaine|semaines|sem",
    "Umonth": "month|months|mois",
    "Uyear": "year|years|annee|annees|ans",
    "N2 Uweek": "quinzaine de jours|quinzaine|fortnight",
    "N1 Uweek": "huitaine de jours|huitaine",
    "N10 Uday": "dizaine de jours",
    "N6 Umonth": "half a year|semestre",
    "N3 Umonth": "trimestre",
    "N20": "vingtaine de|vingtaine d",
    "N2": "couple of|couple",
    "WEEKDAYS": "weekday|weekdays|week days|working day|working days|work days|workdays"
    "|business days|jours ouvres|jours ouvrables|jours de semaine|jours de la semaine"
    "|jours travailles|jours de travail|en semaine|jour ouvre|jour ouvrable|during the week"
    "|pendant la semaine|working week|work week",
    "WEEKEND": "weekend|weekends|week end|week ends|wkend|le we|ce we",
    "EVERYDAY": "every day|everyday|each day|every single day|daily|all days|any day"
    "|tous les jours|ts les jours|chaque jour|quotidien|quotidiennement|tlj"
    "|seven days a week|7 days a week|sept jours sur sept|7 jours sur 7"
    "|every day of the week|tous les jours de la semaine|all seven days",
    "ALL": "all|toute|tout|whole|entire|rest of|remainder of|reste de|reste du",
    "EVERY": "every|evry|evrey|each|tous les|chaque",
    "EXCEPT": "except for|except|excepting|excluding|apart from|other than|aside from|but not"
    "|and not|nothing on|nothing|rien|without|skip"
    "|save for|not on|not|never on|never|no|sauf|excepte|hormis|a part"
    "|mais pas|et pas|pas|jamais|sans|hors|en dehors de|en dehors du|rather than|instead of"
    "|au lieu de|au lieu du|plutot que|plutot qu|exception de|exception du|non",
    "BUT": "but|mais|instead|plutot|rather",
    "ONLY": "only|just|uniquement|seulement|juste",
    "NEXT": "next|coming|upcoming|following|prochain|prochaine|prochains|prochaines|proch"
    "|suivant|suivante|qui vient",
    "WEEKAFTER": "the week after next|week after next|semaine apres la prochaine"
    "|semaine d apres la prochaine",
    "THIS": "this|ce|cet|cette|current",
    "LAST": "last|previous|dernier|derniere|passe|passee",
    "PAST": "yesterday|last night|earlier today|avant hier|hier|the day before yesterday",
    "AGO": "ago|il y a|y a",
    "IN": "in|ds|in about|in around|in roughly|in|dans environ|dans|within|dici a|dici|en moins de",
    "FROMNOW": "from now|from today|later|plus tard|a compter daujourdhui|a partir de maintenant",
    "AT": "at about|at around|at|by|vers|around|about|towards|environ|aux environs de|autour de"
    "|aux alentours de|just after|shortly after|juste apres|peu apres|sur les coups de",
    "FROM": "starting from|starting|from|a partir de|a partir du|a partir|a compter de"
    "|a compter du|as of|des|depuis",
    "UNTIL the": "jusque au|jusque aux|jusque le|jusquau|dici au|dici le",
    "UNTIL": "up until|until|untill|till|til|up to|jusque a|jusque en"
    "|jusque|jusqua|jusquen|not until|not before|nothing before|pas avant"
    "|rien avant|back on|back|de retour|retour|reprends|reprendre|reprenez"
    "|reprise|resume|restart|rentre|reviens|returning|return|resuming|recommencez|recommencer",
    "UNTIL INCL": "up to and including|until and including|up through|through|thru|all through"
    "|jusque et y compris",
    "INCL": "inclusive|included|including|incl|inclus|incluse|compris|comprise|y compris",
    "END": "end of|end|fin de|fin du|fin",
    "START": "beginning of|beginning|start of|debut de|debut du|debut",
    "BEFORE": "before|avant",
    "AFTER": "after|apres|past|later than|beyond|au dela de",
    "BETWEEN": "between|entre",
    "AND": "and|et",
    "OR": "or|ou|nor|ni",
    "HALF": "half|demi|demie",
    "QUARTER": "a quarter|quarter|le quart|un quart|quart",
    "MINUS": "moins",
    "F1225": "christmas day|christmas|xmas|noel",
    "F0101": "new years day|new year|jour de lan|nouvel an",
    "the": "the|le|la|les",
    "of": "of|de|du",
}
# "8 jours" and "15 jours" are one week and two, as one says them in French.
_FRENCH_WEEKS = re.compile(r"\b(huit|quinze|8|15) (?:jours|jrs)\b")
_ELISIONS = (
    (re.compile(r"\baujourd ?'? ?hui\b"), "aujourdhui"),
    (re.compile(r"\bo ?'? ?clock\b"), "oclock"),
    (re.compile(r"\bd ?'? ?ici\b"), "dici"),
    (re.compile(r"\bjusqu ?'? ?(?=[aeoiu])"), "jusque "),
    (re.compile(r"\b[a-z]{1,2}'(?=[a-z])"), ""),
)


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with plain apostrophes and spaces."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare.replace("’", "'")).strip()


def tokens(text: str) -> str:
    """Return a text as a line of tokens and other words, one space between them."""
    line = fold(text)
    for pattern, plain in _ELISIONS:
        line = pattern.sub(plain, line)
    line = re.sub(r"[a-z]+", lambda word: _mended(word[0]), line)
    for pattern, token in _LITERALS:
        line = pattern.sub(token, line)
    line = _PHRASE.sub(lambda found: f" {_TOKENS[_spaced(found[0])]} ", line)
    for pattern, token in _COMBINED:
        line = pattern.sub(token, _single_spaces(line))
    return _single_spaces(line)


def _spaced(phrase: str) -> str:
    return re.sub(r"[ -]+", " ", phrase)


def _single_spaces(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()


# --- the phrases, put together ------------------------------------------------------------


def _tokens() -> dict[str, str]:
    """Return the token of each phrase."""
    found = {phrase: token for token, all_ in _PHRASES.items() for phrase in all_.split("|")}
    for number, names in enumerate(_WEEKDAYS):
        found |= dict.fromkeys(names.split(), f"W{number}")
    for number, names in enumerate(_MONTHS, start=1):
        found |= dict.fromkeys(names.split(), f"M{number:02}")
    for number, names in enumerate(_ORDINALS, start=1):
        found |= dict.fromkeys(names.split(), f"Q{number}")
    return found | {name: f"N{number}" for name, number in _counted().items()}


def _counted() -> dict[str, int]:
    """Return the names of the numbers, with those put together: "twenty-five", "vingt et un"."""
    ones = {
        name.replace("-", " "): number
        for names, number in _NUMBERS.items()
        for name in names.split()
    }
    tens = {name: number for name, number in ones.items() if 20 <= number <= 60}
    small = {name: number for name, number in ones.items() if number < 10}
    joined = {
        f"{ten} {one}": number + digit
        for ten, number in tens.items()
        for one, digit in small.items()
    }
    return ones | joined | {f"{ten} et un": number + 1 for ten, number in tens.items()}


_TOKENS = _tokens()
_PHRASE = re.compile(
    r"\b(?:"
    + "|".join(phrase.replace(" ", "[ -]+") for phrase in sorted(_TOKENS, key=len, reverse=True))
    + r")\b"
)

# --- slips of the finger ------------------------------------------------------------------

# What is recognised with one letter wrong, missing, too many, or two that changed places.
_MENDABLE = tuple(
    word
    for word in (
        *" ".join((*_WEEKDAYS, *_MONTHS)).split(),
        *[
            "tomorrow",
            "tonight",
            "morning",
            "afternoon",
            "evening",
            "weekend",
            "midnight",
            "fortnight",
            "minutes",
        ],
        *["demain", "aujourdhui", "semaine", "semaines", "weekday", "weekdays"],
    )
    if len(word) > 5 or word in ("mardi", "lundi", "jeudi", "april", "avril")
)
_WORDS = frozenset(word for phrase in _TOKENS for word in phrase.split())
# Words of their own that are one letter away from another.
_TRUE_WORDS = frozenset(["domain", "demand", "demande", "sundry", "mourning", "minuties", "marti"])


def _mended(word: str) -> str:
    """Return the word that was meant, if one letter is wrong, or the word as it is."""
    if len(word) < 5 or word in _WORDS or word in _TRUE_WORDS:
        return word
    bare = _without_doubles(word)
    meant = (name for name in _MENDABLE if name[0] == word[0] and abs(len(name) - len(word)) < 3)
    return next((name for name in meant if _one_slip(bare, _without_doubles(name))), word)


def _without_doubles(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _one_slip(typed: str, meant: str) -> bool:
    """Tell whether two words differ by one letter, or by two that changed places."""
    while typed and meant and typed[0] == meant[0]:
        typed, meant = typed[1:], meant[1:]
    while typed and meant and typed[-1] == meant[-1]:
        typed, meant = typed[:-1], meant[:-1]
    return max(len(typed), len(meant)) < 2 or (len(typed) == 2 and typed == meant[::-1])


# --- what has digits, and what is put together ----------------------------------------------

type _Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _clock(kind: str, minutes: int) -> str:
    return f" {kind}{minutes // 60:02}{minutes % 60:02} "


def _read(kind: str) -> Callable[[re.Match[str]], str]:
    """Return what makes a token of an hour and minutes in groups 1 and 2."""
    return lambda found: _clock(kind, int(found[1]) * 60 + int(found[2] or 0))


def _with_meridiem(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    if hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return _clock("T", hour * 60 + int(found["minute"] or 0))


def _date(found: re.Match[str]) -> str:
    year = int(found["year"] or 0)
    year += 2000 if 0 < year < 100 else 0
    return f" DATE{year:04}{int(found['month']):02}{int(found['day']):02} "


def _days_named(among: dict[str, int]) -> Callable[[re.Match[str]], str]:
    """Return what writes out the short days in a match."""

    def name(found: re.Match[str]) -> str:
        word = found[0].rstrip(".")
        return _WEEKDAYS[among[word]].split()[0] if word in among else found[0]

    return lambda found: re.sub(r"[a-z]+\.?", name, found[0])


def _short_days(full: Iterable[str], words: str) -> _Rule:
    """Return the rule for short names of days that stand among days of the same language."""
    short = {word: number for number, word in enumerate(words.split())}
    day = rf"\b(?:{'|'.join((*full, *short))})\b\.?"
    between = (
        r"(?:\s*[,/&+-]\s*(?:and |et )?|\s+(?:and|et|to|thru|through|au|a|or|ou|until)\s+|\s+)"
    )
    return re.compile(rf"{day}(?:{between}{day})+"), _days_named(short)


_FRENCH_DAYS = [
    n for names in _WEEKDAYS for n in names.split() if n.rstrip("s")[-2:] in ("di", "he")
]
_ENGLISH_DAYS = [n for names in _WEEKDAYS for n in names.split() if n not in _FRENCH_DAYS]


def _moved(found: re.Match[str]) -> str:
    """Return a clock time moved by a half, a quarter or minutes: "et demie", "moins dix"."""
    kind, at = ("T", 720) if found["at"] == "Pnoon" else (found["at"][0], _minutes(found["at"]))
    by = {"HALF": 30, "QUARTER": 15}.get(found["by"]) or int(found["by"].removeprefix("N"))
    back = (found["way"] or "") in ("MINUS", "to")
    return _clock("t" if kind == "N" else kind, (at + (-by if back else by)) % 1440)


def _minutes(token: str) -> int:
    return int(token[1:]) * 60 if token[0] == "N" else int(token[1:3]) * 60 + int(token[3:])


_CLOCKED = r"(?:Pnoon|[TtH]\d{4})"
_LITERALS: tuple[_Rule, ...] = tuple(
    (re.compile(pattern) if isinstance(pattern, str) else pattern, token)
    for pattern, token in (
        (r"[–—…]", " - "),
        (r"\b(jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|janv|fevr|avr|juil)\.", r"\1"),
        (r"\b([ap])\. ?m\b\.?", r"\1m"),
        (r"\b(un|\d{1,2}) an\b", r"\1 ans"),
        # Months that are words of their own elsewhere.
        (r"\b(\d{1,2}(?:st|nd|rd|th)?(?: of)?|until|till|of|in|end|next|through) may\b", r"\1 mai"),
        (r"\bmay(?= (?:the )?\d)", "mai"),
        (r"\b(\d{1,2}(?:er|st|nd|rd|th)?(?: of)?|of|in|en|fin|until|till) sept\b(?! h)", r"\1 sep"),
        (r"(?<!dix )(?<!dix-)\bsept (?=\d)", "sep "),
        (r"\b(\d{1,2}) mar\b", r"\1 mars"),
        _short_days(_ENGLISH_DAYS, "mon tue wed thu fri sat sun"),
        _short_days(_FRENCH_DAYS, "lun mar mer jeu ven sam dim"),
        (
            r"(?:(?<=\bon )|(?<=\bnext )|(?<=\bthis )|(?<=\bevery )|(?<=\buntil )|(?<=\btill )"
            r"|(?<=\bby )|^)(?:mon|tue|sat|sun)\b(?! [a-z]+day)\.?"
            r"(?=$|[ ,]*(?:at\b|\d|morning|evening|afternoon|noon|night|please|instead|inclusive))",
            _days_named({"mon": 0, "tue": 1, "sat": 5, "sun": 6}),
        ),
        (
            r"(?:(?<=\ble )|(?<=\bau )|(?<=\bdu )|^)(?:lun|ven|sam|dim)\b\.?",
            _days_named({"lun": 0, "ven": 4, "sam": 5, "dim": 6}),
        ),
        # Parts of an hour.
        (
            r"\b(?:(?:a|an|une|1) )?"
            r"(?:half[ -](?:of )?(?:an? )?(?:hour|hr)|demie?[ -]?(?:heure|h))\b"
            r"|\b1/2 ?(?:h|heure|hour)\b",
            " E30 ",
        ),
        (
            r"\b(?:three[ -]quarters? of an hour|(?:trois|3) quarts? (?:d )?heure"
            r"|3/4 (?:d )?heure)\b",
            " E45 ",
        ),
        (
            r"\b(?:an? |un |one |1 )?(?:quarter[ -](?:of )?(?:an )?hour|quart (?:d )?heure)\b"
            r"|\b1/4 (?:d )?heure\b",
            " E15 ",
        ),
        (
            r"\b(\d{1,2})[.,]5 ?(?:h|hours?|hrs?|heures?)\b",
            lambda found: f" E{int(found[1]) * 60 + 30} ",
        ),
        # Dates.
        (r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", _date),
        (
            r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/])",
            _date,
        ),
        (r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d|\d\d)(?![\d.])", _date),
        # Hours of the day.
        (
            r"\b(?P<hour>\d{1,2})(?: ?[:.h] ?(?P<minute>[0-5]\d))? ?(?P<half>[ap])m\b",
            _with_meridiem,
        ),
        (
            r"\b(\d{1,2}) ?h(?:ours?|rs?|eures?)? ?(?:et |and )?([0-5]\d)"
            r"(?: ?(?:m|mn|mins?|minutes?))?\b",
            _read("H"),
        ),
        (r"\b(\d{1,2}) ?h()\b", _read("H")),
        (r"\b(\d{1,2}):([0-5]\d)(?::\d\d)?\b", _read("t")),
        (r"(?<![\d.])\b(\d{1,2})\.([0-5]\d)\b(?!\.\d)", _read("t")),
        (r"\b(\d{1,2}) ?()oclock\b", _read("t")),
        (r"(?<=\bat )(?!20[2-9])([01]\d|2[0-3])([0-5]\d)(?: ?h(?:rs|ours)?)?\b", _read("t")),
        (r"\b(0\d)([0-5]\d)(?: ?h(?:rs|ours)?)?\b", _read("t")),
        (r"\b(\d{1,3})(?:st|nd|rd|th|er|eme|e)\b", r" O\1 "),
        # Signs.
        (r"(?<=[a-z])[/&+](?=[a-z])|&|\+", " and "),
        (r"[;!?\"()«»“”]+|\.(?!\d)", " . "),
        (r",", " , "),
        (r"(?<=[\da-z])-(?=\d)|(?<=\d)-(?=[a-z])|(?<=\s)-(?=\s)", " - "),
        (_FRENCH_WEEKS, lambda found: f" N{1 if found[1] in ('huit', '8') else 2} Uweek "),
    )
)
_COMBINED: tuple[_Rule, ...] = tuple(
    (re.compile(pattern), token)
    for pattern, token in (
        (r"(?<![A-Za-z\d])(20\d\d)\b", r"Y\1"),
        (r"(?<![A-Za-z\d])(\d{1,3})\b", r"N\1"),
        (r"(?<=\d)h\b", ""),
        (r"\bN(\d{1,2}) Uheure\b", lambda found: _clock("H", int(found[1]) * 60)),
        (r"\b(?:une|1) Uheure\b", "H0100"),
        (r"\bUheure\b", "Uhour"),
        (
            r"\bN(?P<hour>[1-9]|1[0-2]) N(?P<minute>1[05]|[2-5][05]) (?P<half>[ap])m\b",
            _with_meridiem,
        ),
        (r"\bN(?P<hour>\d{1,2}) (?P<minute>)(?P<half>[ap])m\b", _with_meridiem),
        (r"\bN(\d{1,2}) ()oclock\b", _read("t")),
        (r"\bN([1-9]|1[0-2]) N(1[05]|[2-5][05])\b(?! U)", _read("t")),
        (
            rf"(?P<by>HALF|QUARTER|N(?:5|10|20|25)\b)(?: Umin)? (?P<way>AFTER|to)"
            rf" (?P<at>{_CLOCKED}|N(?:1[0-2]|[1-9])\b)(?! U)",
            _moved,
        ),
        (r"(?<!AND )(?P<by>HALF)(?P<way>) (?P<at>N(?:1[0-2]|[1-9])\b)(?! U)", _moved),
        (rf"(?P<at>{_CLOCKED}) (?P<way>AND|MINUS) (?:an? |une? )?(?P<by>HALF|QUARTER)", _moved),
        (rf"(?P<at>{_CLOCKED}) (?P<way>MINUS) (?P<by>N\d{{1,2}})\b", _moved),
        (
            r"(?P<at>Pnoon|[TH]\d\d00)(?P<way>) (?:AND )?(?P<by>N[1-5]?\d)\b(?: Umin)?"
            r"(?! U| M\d| oclock| AND)",
            _moved,
        ),
        (
            r"(?:(?<=\ba )|(?<=AT ))(?P<at>N\d{1,2}) (?P<way>AND|MINUS)"
            r" (?P<by>HALF|QUARTER)",
            _moved,
        ),
        (r"\bPnoon\b", "T1200"),
    )
)
