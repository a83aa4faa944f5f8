"""Plants a negation, or takes one away, in the idioms that writers use."""

# ruff: noqa: E501, RUF001 - a pattern reads better whole, and real texts hold dashes and quotes

import random
import re
from collections.abc import Callable

from plant import Planted

Turn = str | Callable[[re.Match[str]], str]

S_VERB = {"has": "have", "does": "do", "is": "be", "goes": "go"}


def third(verb: str) -> str:
    """The form of the verb after he, she or it."""
    irregular = {"have": "has", "do": "does", "be": "is", "go": "goes"}
    if verb in irregular:
        return irregular[verb]
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return verb + "es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", verb) + "s"


def bare(verb: str) -> str:
    """The verb without the ending of he, she or it."""
    if verb in S_VERB:
        return S_VERB[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if re.search(r"(?:ss|x|z|ch|sh)es$", verb) else verb[:-1]


def patterns(table: list[tuple[str, Turn]]) -> list[tuple[re.Pattern[str], Turn]]:
    return [(re.compile(pattern), turn) for pattern, turn in table]


# Behind these a bare "not" cannot simply go: "not only", "not any", "not necessarily", "not yet".
KEPT = r"(?! (?:only|any|yet|necessarily|all|every|until|unless|even|either|just|really|enough|exactly|much|many|have to|need to))"
VERBS = (
    "affects|requires|involves|prevents|helps|allows|leads to|results in|occurs|contains|produces|destroys|protects"
    "|responds|depends|runs|spreads|appears|includes"
)

REMOVED = patterns(
    [
        (rf"\b(is|are|was|were|has|have|had|can|should|will|must|do) not{KEPT}(?! been\b.* yet\b) (?=\w)", r"\1 "),
        (rf"\b(is|are|was|were|has|have|can|should|would)n't{KEPT} ", r"\1 "),
        (rf"\bcannot{KEPT}\b", "can"),
        (rf"\bdo not{KEPT} (?=[a-z])", ""),
        (rf"\bdoes not{KEPT} (?!usually|always|often|\w+ly\b)([a-z]+)\b", lambda m: third(m[1])),
        (rf"\bdoesn't{KEPT} (?!usually|always|often|\w+ly\b)([a-z]+)\b", lambda m: third(m[1])),
        (r"\b[Ii]f not (?=treated|detected|diagnosed|controlled)", lambda m: m[0].replace("not ", "")),
        (r"\b(is|are|was|were) no (?=evidence|proof|specific|known|standard|effective|proven)", r"\1 "),
        (r"\bis no (?=cure|single|vaccine|way|test|treatment|need|difference)", "is a "),
        (r"\b(is|are) no longer\b", r"\1 still"),
        (r"\bare no (?=symptoms|signs|treatments|tests|laws|drugs|medicines)", "are "),
        (r"\bhas no (?=effect|cure|known|role|benefit)", "has a "),
        (r"\bhave no (?=family|history)", "have a "),
        (r"\bhave no (?=symptoms|signs|effect|problems)", "have "),
        (
            r"(?<!or )\b[Ww]ithout (?=treatment|symptoms|a |an |the |any |prompt|early|proper)",
            lambda m: m[0].replace("out", ""),
        ),
        (r"\bunlikely\b", "likely"),
        (r"\brarely\b", "often"),
        (r"\bnever\b", "always"),
        (r"\b(is|are) (very |extremely |quite )?rare\b(?! (?:disease|disorder|condition))", r"\1 \2common"),
        (r"\buncommon\b", "common"),
        (r"\bfails? to (\w+)\b", lambda m: third(m[1]) if "fails" in m[0] else m[1]),
        (r"^(?!If)(.*)\bunable to\b", r"\1able to"),
        (r"\b(N|n)either (.{3,40}?) nor\b", lambda m: ("Both " if m[1] == "N" else "both ") + m[2] + " and"),
        (r", but not (?=in |the |by |for |all )", ", and also "),
        (r"\bunknown\b(?! primary)", "known"),
        (r"\bineffective\b", "effective"),
        (r"\blittle or no (?=\w)", "much "),
        (r"\b(N|n)o (?=(?:treatment|vaccine|drug|medicine|test|cure)\b)", lambda m: "A " if m[1] == "N" else "a "),
    ]
)

# The main verb, after a short plain subject: no clause, comma or quantity before it ("some are" and "some are not" agree).
SUBJECT = (
    r"^(?!(?:Some|Many|A few|Few|Other|Most|Several|Not|No|Although|Though|Unless|While|If|When|Because|Since|For|In|On|At|By|As|With|"
    r"Once|After|Before|Sometimes|Often|Usually|Neither|None|To|Until|However|Researchers|Scientists|What|How|Whether|One|Another|You|All|Both|Each|About|Approximately|Nearly|Almost|Half|There|It|They)\b)"
    r"((?:(?!(?:that|which|who|where|whether|when|if|may|might|could|not|no|to|can|or|than|also|often|usually|half|percent|some|many|most|only|sometimes|\\d+|never|rarely)\b)[\w'’()/-]+ ){1,8})"
)
ADDED = patterns(
    [
        (
            SUBJECT
            + r"(is|are|was|were) (?!also|not|no|un|rare|likely|usually|often|now|still|sometimes|more|less|both|one|two|three|many|some|several|about|another|known to)",
            r"\1\2 not ",
        ),
        (SUBJECT + r"(has|have) been ", r"\1\2 not been "),
        (
            SUBJECT + rf"({VERBS}) (?!of\b|are\b|is\b|include|about \d|\d|one|approx|an est|more|less|up to)",
            lambda m: f"{m[1]}does not {bare_phrase(m[2])} ",
        ),
        (SUBJECT + r"(should|will) (?!also|not|be able)", r"\1\2 not "),
        (
            r"\bcan (?=be (?:cured|prevented|treated|passed|spread|inherited|detected|used|diagnosed|transmitted)|cause|lead|help|spread|prevent|cure|affect|live)",
            "cannot ",
        ),
        (r"\bThere is (?:a|an) (?=cure|test|vaccine|treatment|strong|clear|link|family)", "There is no "),
        (
            r"\b(prevents|protects|helps|improves|reduces|controls|relieves)\b(?= (?:the|a|your|people|against|symptoms|to)\b)",
            lambda m: f"fails to {bare(m[1])}",
        ),
        (r"\b(is|are) (usually|often|commonly|frequently|typically|generally) (?!not\b)", r"\1 rarely "),
        (
            r"(?<= )(usually|often|commonly|frequently|typically|generally) (?=occurs?|causes?|begins?|affects?|develops?|appears?|leads?|lasts?|goes|spreads?|has|have)",
            "rarely ",
        ),
        (r"\b(is|are) likely to\b", r"\1 unlikely to"),
        (r"\b(is|are) (very |most )?common\b(?! (?:disease|disorder|type|form|cause))", r"\1 uncommon"),
        (r"\balways\b", "never"),
        (r"\b(is|are) (effective|able to|safe|possible)\b", lambda m: f"{m[1]} {OPPOSITES[m[2]]}"),
        (r"\bwith (?=treatment\b|early treatment|proper treatment|symptoms\b|a family history)", "without "),
        (r"\b(S|s)tudies (?:have shown|show|suggest) that\b", r"\1tudies have found no evidence that"),
        (r"\b(R|r)esearch (?:has shown|shows|suggests) that\b", r"\1esearch has found no evidence that"),
    ]
)
OPPOSITES = {"effective": "ineffective", "able to": "unable to", "safe": "unsafe", "possible": "impossible"}
# Where both readings can hold together, a negation makes no error.
QUANTITY = re.compile(r"\b(?:many|several|certain|others?|half|percent|few)\b|%", re.IGNORECASE)
NEGATED = re.compile(
    r"\bn(?:ot|o|ever|or|either|one)\b|n't\b|\b(?:cannot|without|rarely|unable|unlikely)\b", re.IGNORECASE
)
COMPATIBLE = re.compile(
    r"\b(?:may|might|could|whether or not|not only|not necessarily|no more than|some|sometimes|a few|as well as)\b|\bnot\b.*\bbut\b|\bnot [^.]*\b(?:any|until|either|yet|rather|instead)\b|\bif .* not\b.*\bnot\b|\?",
    re.IGNORECASE,
)


def bare_phrase(verb: str) -> str:
    first, space, rest = verb.partition(" ")
    return bare(first) + space + rest


def removed(sentence: str, dice: random.Random) -> Planted | None:
    """A negation taken away: "is not" to "is", "without" to "with", "rarely" to "often"."""
    return None if COMPATIBLE.search(sentence) else drawn(turns(sentence, REMOVED), dice)


def added(sentence: str, dice: random.Random) -> Planted | None:
    """A negation planted where there is none: "is not", "fails to", "rarely", "no evidence that"."""
    if COMPATIBLE.search(sentence) or NEGATED.search(sentence):
        return None
    return drawn(turns(sentence, ADDED), dice)


def drawn(made: list[Planted], dice: random.Random) -> Planted | None:
    """One of them, the rarer idioms before the plain "not", which fits nearly everywhere."""
    rarer = [p for p in made if not re.search(r"\bnot\b", p.was + p.now)]
    return dice.choice(rarer if rarer and dice.random() < 0.8 else made) if made else None


def turns(sentence: str, table: list[tuple[re.Pattern[str], Turn]]) -> list[Planted]:
    """Every way the table turns the sentence, at the first place each idiom stands."""
    out = []
    for pattern, turn in table:
        m = pattern.search(sentence)
        if m and not QUANTITY.search(sentence[: m.start()]):
            now = turn(m) if callable(turn) else m.expand(turn)
            if m.start() == 0:
                now = now[:1].upper() + now[1:]
            text = re.sub(r" {2,}", " ", sentence[: m.start()] + now + sentence[m.end() :])
            out.append(Planted(text, m[0].strip(), now.strip()))
    return out
