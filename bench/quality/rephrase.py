"""Says the same in other words: each way of rephrasing keeps what the sentence says, whatever the sentence says."""

# ruff: noqa: E501, RUF001 - a pattern reads better whole, and real texts hold dashes and quotes

import random
import re
from collections.abc import Callable

from plant import Planted
from plant_not import Turn, patterns

SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORD = r"([a-z]+)"

# Plain synonyms, exchanged where the words around them leave one meaning.
SYNONYMS = patterns(
    [
        (r"\bsuch as\b", "like"),
        (r"\bfor example,", "for instance,"),
        (r"\b(is|are) caused by\b", lambda m: "results from" if m[1] == "is" else "result from"),
        (r"\bcan lead to\b", "can result in"),
        (r"\bleads to\b", "results in"),
        (r"\bmore than (?=\d)", "over "),
        (r"\babout (?=\d)", "approximately "),
        (r"\bapproximately (?=\d)", "about "),
        (r"\bat least (?=\d)", "no fewer than "),
        (r"\busually\b", "generally"),
        (r"\boften\b", "frequently"),
        (r"\bsometimes\b", "occasionally"),
        (r"\bhelps (?=prevent|control|protect|reduce|keep|determine|make)", "helps to "),
        (r"\bphysicians?\b", lambda m: m[0].replace("physician", "doctor")),
        (r"(?<!your )(?<!your family )\bdoctors\b", "physicians"),
        (r"\b(is|are) called\b", r"\1 known as"),
        (r"\balso called\b", "also known as"),
        (r"\balso known as\b", "also called"),
        (
            r"\b(begins?|begin)\b(?= (?:in|at|to|with|between|before|after|during)\b)",
            lambda m: "starts" if m[1] == "begins" else "start",
        ),
        (r"\boccurs (?=in|when|at|during|before|after)", "takes place "),
        (r"\bmost people\b", "the majority of people"),
        (r"\bMost people\b", "The majority of people"),
        (r"\bpeople with (?=\w+ (?:disease|syndrome|cancer|diabetes|arthritis))", "those who have "),
        (r"\bpeople who have\b", "people with"),
        (r"\b(is|are) needed\b", r"\1 required"),
        (r"\bhas been shown to\b", "was found to"),
        (r"\bunknown\b(?! primary)", "not known"),
        (r"\bis not known\b", "is unknown"),
        (r"\bcannot\b", "is not able to"),
        (r"\b(is|are) rare\b(?=[.,])", r"\1 seldom seen"),
        (r"\bable to (?=\w)(?!be)", "capable of "),
        (r"\bmost common (?=type|form|cause|symptom)", "most frequent "),
        (r"\bmost commonly\b", "most frequently"),
        (r"\bserious (?=problem|complication|disease|illness|infection)", "severe "),
        (r"\bthroughout the world\b", "worldwide"),
        (r"\bworldwide\b", "across the world"),
        (r"\bin the United States\b", "in the US"),
        (r"\bthroughout life\b", "for the whole of life"),
        (r"\bcan be treated with\b", "is treatable with"),
        (r"\bdoes not\b", "doesn't"),
        (r"\b(is|are) not\b", lambda m: m[1] + "n't"),
        (r"\bdo not\b", "don't"),
        (r"\bcan not\b", "cannot"),
        (r"\bfewer than (?=\d)", "less than "),
        (r"\bless than (?=\d)", "under "),
        (r"\bIn addition, ", "Moreover, "),
        (r"^However, ", "Yet "),
        (r"\bdue to\b", "because of"),
        (r"\bbecause of\b", "owing to"),
        (r"\bup to (?=\d[\d,]* (?:people|percent|million|cases))", "as many as "),
        (r"\bincluding\b", "among them"),
        (r"\bget (?=rid|tested|vaccinated)", "be "),
        (r"\bhalf of\b", "50% of"),
        (r"\bvary (?=\w)", "differ "),
        (r"\bin order to\b", "to"),
        (r"(?<!characteristic )\bfeatures\b(?= of)", "characteristics"),
        (r"\baffects (?=both|the|many|more|about|people)", "has an effect on "),
    ]
)
# These read badly in part of their settings and are left out of the draw.
UNSAFE = re.compile(r"capable of|among them|\bbe rid|is not able to|for example \(|doesn't only|differ (?:from|widely)")

# An amount that is no end of a range ("6 to 12 months") can be told in another unit.
ALONE = r"(?<!to )(?<!or )(?<!and )(?<![-–.,\d])\b"
FORMATS = patterns(
    [
        (r"(\d) (mg|g|mcg|mL|ml|kg|cm|mm|mmHg)\b", r"\1\2"),
        (r"(\d)(mg|g|mcg|mL|kg|cm|mm)\b", r"\1 \2"),
        (r"(\d) percent\b", r"\1%"),
        (r"(\d)%", r"\1 percent"),
        (r"\b(\d+) to (\d+) (?=%|percent|years|months|weeks|days|hours)", r"\1-\2 "),
        (r"\b(\d+)[-–](\d+) (?=%|percent|years|months|weeks|days|hours|people)", r"\1 to \2 "),
        (r"\b(\d{1,3}),(\d{3})\b(?!,)", r"\1\2"),
        (r"\b1 in (\d{1,3},\d{3})\b", r"one in every \1"),
        (r"\bmilligrams\b", "mg"),
        (r"\bmicrograms\b", "mcg"),
        (r"(?<![\d.,] )(?<![.,\d])\b(\d{1,3}) million\b", r"\1,000,000"),
        (
            rf"{ALONE}({'|'.join(SMALL[2:])})\b(?! (?:to|or|and)\b)(?= (?:\w+ )?\w+s\b)",
            lambda m: str(SMALL.index(m[1])),
        ),
        (
            r"(?<![\d.,/-] )(?<!to )(?<!or )(?<!and )(?<!type )(?<!types )(?<!stage )(?<!grade )(?<!phase )(?<!age )(?<!ages )(?<!class )(?<![A-Z] )(?<!chromosome )(?<![\w.,/-])([2-9])\b(?! ?%|[\d.,/-]| (?:to|or|and|percent|mg|mL|million|in) ?)(?= \w+s\b)",
            lambda m: SMALL[int(m[1])],
        ),
        (rf"{ALONE}24 hours\b", "one day"),
        (rf"{ALONE}(?:12|twelve) months\b", "one year"),
        (rf"{ALONE}(?:2|two) weeks\b", "14 days"),
        (rf"{ALONE}(?:2|two) years\b", "24 months"),
        (rf"{ALONE}(?:6|six) months\b", "half a year"),
        (rf"{ALONE}10 years\b", "a decade"),
        (r"\b50 (?:percent of|% of)", "half of"),
        (r"\b25 (?:percent of|% of)", "a quarter of"),
        (r"\bages? (\d+) (?:and|to) (\d+)\b(?! years)", r"\1 to \2 years of age"),
        (r"\b(\d+) years old\b", r"\1 years of age"),
    ]
)

STARTERS = r"(?:the|a|an|in|it|people|most|some|many|these|this|they|your|you|patients|treatment|symptoms|children|there|doctors|surgery)"


def lowered(clause: str) -> str | None:
    """The clause as it reads inside a sentence; None where its first word might be a name."""
    return clause[:1].lower() + clause[1:] if re.match(rf"{STARTERS}\b", clause, re.IGNORECASE) else None


def clause_last(m: re.Match[str]) -> str:
    main = m[3][:1].upper() + m[3][1:]
    return f"{main}{',' if m[1] in {'Although', 'While'} else ''} {m[1].lower()} {m[2]}."


def clause_first(m: re.Match[str]) -> str:
    main = lowered(m[1])
    return f"{m[2][:1].upper()}{m[2][1:]} {m[3]}, {main}." if main else m[0]


def likelihood(m: re.Match[str]) -> str:
    more = {"more": "less", "less": "more"}[m[3]]
    return f"{m[4][:1].upper()}{m[4][1:]} are {more} likely than {m[1][:1].lower()}{m[1][1:]} to {m[5]}."


def active(m: re.Match[str]) -> str:
    verb = "cause" if plural(m[2]) else "causes"
    return f"{m[2][:1].upper()}{m[2][1:]} {verb} {lowered(m[1]) or m[1]}."


def plural(phrase: str) -> bool:
    return phrase.split(maxsplit=1)[0].lower() in {
        "mutations",
        "changes",
        "variations",
        "bacteria",
        "viruses",
        "abnormalities",
        "problems",
        "defects",
    }


ORDERS = patterns(
    [
        (
            r"^(If|When|Because|Although|While|As|Once) ((?!necessary)[^,;:()]{12,90}), ((?!then\b|it\b|they\b|this\b|these\b|he\b|she\b|have\b)(?!.*\b(?:it|they|them|its|their)\b)[^,;:()]{15,140})\.$",
            clause_last,
        ),
        (
            r"^((?!.*\b(?:that|which|who|if|when|because|whether|where|so|but|not|no|never|and|or) .*\b(?:if|when|because|although)\b)[^,;:()]{15,120}[^,;:() ])(?<!only)(?<!even)(?<!except)(?<!worse)(?<!especially)(?<!than) (if|when|because|although) ((?:the|a|an|it|they|you|your|there|people|this)\b[^,;:()]{10,90})\.$",
            clause_first,
        ),
        (
            r"^In (?!addition|fact|general|contrast|particular|time|turn|most|other|rare|this|these|some|all|both|comb|conj|short|such|each)(\w[\w -]{2,25}), ((?:the|a|an|most|many|it|this|there|these|people|symptoms)\b[^,;:()]{20,140})\.$",
            lambda m: f"{m[2][:1].upper()}{m[2][1:]} in {m[1]}.",
        ),
        (r"^(\w[\w ]{2,30}) are( \w+)? (more|less) likely than (\w[\w ]{2,30}?) to ([^.]+)\.$", likelihood),
        (
            r"^([\w' -]{5,60}) is caused by ((?:mutations|changes|variations) in [^,;:()]{4,60}|(?:a|an|the) [a-z ]{3,40}(?:virus|parasite|bacterium|gene|fungus|worm|infection))\.$",
            active,
        ),
        (
            r"^(Mutations|Changes|Variations) (in [^,;:()]{4,50}) cause ([\w' -]{5,60}(?:syndrome|disease|disorder|dysplasia|anemia|deficiency|type \d))\.$",
            lambda m: f"{m[3][:1].upper()}{m[3][1:]} is caused by {m[1].lower()} {m[2]}.",
        ),
        (
            r"^(Doctors|Surgeons|Researchers|Scientists) (use|treat|recommend|prescribe) ([\w ]{4,40}?) (to|with|for) ([^.,;:()]+)\.$",
            lambda m: (
                f"{m[3][:1].upper()}{m[3][1:]} {'are' if m[3].endswith('s') else 'is'} {PAST[m[2]]} {m[4]} {m[5]} by {m[1].lower()}."
            ),
        ),
        (
            r"^There (is|are) (no|several|many|few|different|two|three|four|five) ([a-z ]{4,30}?) (for|of) ((?!.*\band\b)[^,;:()]{5,80})\.$",
            lambda m: (
                f"For {m[5]}, there {m[1]} {m[2]} {m[3]}."
                if m[4] == "for"
                else f"{m[2].capitalize()} {m[3]} of {m[5]} exist{'s' if m[1] == 'is' else ''}."
            ),
        ),
        (r"^(?:It is important to|You should|Be sure to) (\w+) ", lambda m: f"It is advisable to {m[1]} "),
        (
            r"^([^,;:()]{10,90}) occurs when ([^,;:()]{10,110})\.$",
            lambda m: f"When {m[2]}, {lowered(m[1])} occurs." if lowered(m[1]) else m[0],
        ),
        (r"^Symptoms( of [\w' -]+)? include ([^.()]+)\.$", lambda m: f"Among the symptoms{m[1] or ''} are {m[2]}."),
        (
            r"^The exact cause of ([\w' -]+) is (?:not known|unknown)\.$",
            lambda m: f"Nobody knows exactly what causes {m[1]}.",
        ),
        (
            r"^(The (?:most common|main|first) [\w ]{4,40}?) (is|are) ([^.,;:()]{4,90})\.$",
            lambda m: (
                f"{m[3][:1].upper()}{m[3][1:]} {m[2]} {m[1][:1].lower()}{m[1][1:]}."
                if m[2] == "is" and m[3].split()[0] in {"a", "the", "an"}
                else m[0]
            ),
        ),
    ]
)
PAST = {"use": "used", "treat": "treated", "recommend": "recommended", "prescribe": "prescribed"}


def synonyms(sentence: str, dice: random.Random) -> str:
    """One word or phrase for another of the same meaning."""
    return turned(sentence, SYNONYMS, dice)


def formats(sentence: str, dice: random.Random) -> str:
    """An amount written another way: 5 mg as 5mg, 10 percent as 10%, two weeks as 14 days."""
    return turned(sentence, FORMATS, dice)


def orders(sentence: str, dice: random.Random) -> str:
    """Clauses the other way round, active for passive, a comparison seen from the other side."""
    return turned(sentence, ORDERS, dice)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (orders, formats, synonyms)


def turned(sentence: str, table: list[tuple[re.Pattern[str], Turn]], dice: random.Random) -> str:
    found = [(m, turn) for pattern, turn in table if (m := pattern.search(sentence))]
    if not found:
        return sentence
    m, turn = dice.choice(found)
    now = turn(m) if callable(turn) else m.expand(turn)
    if m[0][:1].isupper():
        now = now[:1].upper() + now[1:]
    text = sentence[: m.start()] + now + sentence[m.end() :]
    return sentence if UNSAFE.search(text) and not UNSAFE.search(sentence) else text


def paraphrase(sentence: str, dice: random.Random) -> Planted | None:
    """The same in other words, by every way that fits, of each at most one turn; a new order or two turns at the least."""
    text, ways = sentence, []
    for way in WAYS:
        after = way(text, dice)
        if after != text:
            ways.append(way.__name__)
            text = after
    again = synonyms(text, dice) if ways else text
    if again not in (text, sentence):
        ways.append("synonyms")
        text = again
    if len(ways) < 2 and "orders" not in ways:
        return None
    return Planted(text, "", "+".join(ways))
