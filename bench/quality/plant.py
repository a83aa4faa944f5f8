"""Plants one realistic error in a sentence: a pure function a kind, the same for the same dice.

Written without knowledge of the checking rules. A function answers None where no error of its kind would be both
grammatical and a change of what the sentence says.
"""

# ruff: noqa: E501, RUF001 - a pattern reads better whole, and real texts hold dashes and quotes

import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

TABLES = Path(__file__).parent / "planted"
NAMES = msgspec.json.decode((TABLES / "names.json").read_bytes())
WORDS = msgspec.json.decode((TABLES / "words.json").read_bytes())


class Planted(msgspec.Struct, frozen=True):
    """The sentence with its error, the words that stood there and those that stand there now."""

    text: str
    was: str
    now: str


Plant = Callable[[str, random.Random], Planted | None]


def replaced(sentence: str, start: int, end: int, now: str) -> Planted:
    """The span replaced, with its capital kept and ``a`` or ``an`` before it put right."""
    was = sentence[start:end]
    if now[:1].islower() and (start == 0 or (was[:1].isupper() and was[1:2].islower())):
        now = now[:1].upper() + now[1:]
    head = re.sub(r"\b([Aa])n?(?= $)", lambda a: a[1] + ("n" if now[:1].lower() in "aeiou" else ""), sentence[:start])
    if re.search(r"\b[Aa]n? $", sentence[:start]) is None:
        head = sentence[:start]
    return Planted(head + now + sentence[end:], was, now)


# Digits that are part of a name, an address or a grade say nothing of an amount.
NAMED = re.compile(
    r"(?:\b(?:type|types|stages?|grades?|phase|chromosomes?|vitamin|class|group|omega|category|figure|table|level|part"
    r"|version|section|subtype|trisomy|monosomy|keratin|protein|collagen|receptor|ring|hemoglobin|interferon|\d and|\d or|factor|interleukin|complex|lead|form|page|no\.|number)\s|[A-Za-z]-?|\+|/|\$0?\.)$",
    re.IGNORECASE,
)
CITED = re.compile(r"[(;] ?[A-Z][\w’'-]+(?: et al\.?| [A-Z][\w-]+)*,? $|\b[A-Z]{3,} $")
AMOUNT = re.compile(r"(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|-\d{3}\b|[.,]\d|/\d)")
COUNTS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNT = re.compile(
    rf"\b(?:{'|'.join(COUNTS)})\b(?=[ -](?:to |or )?(?:\w+ )?\w*(?:s|children|people|men|women|percent)\b)",
    re.IGNORECASE,
)


def number(sentence: str, dice: random.Random) -> Planted | None:
    """A slip of the digits, a factor of ten, a dropped digit, or an amount that is off; range ends stay in order."""
    spots = [m for m in AMOUNT.finditer(sentence) if not (NAMED.search(h := sentence[: m.start()]) or CITED.search(h))]
    ends = [
        m
        for m in re.finditer(r"(?<=\d[-–])\d+(?:\.\d+)?(?!\w|-)", sentence)
        if not re.search(r"\d-\d+-$", sentence[: m.start()])
    ]
    spots = [m for m in [*spots, *ends] if m[0] not in {"0", "1"}]
    words = list(COUNT.finditer(sentence))
    dice.shuffle(spots)
    for spot in spots:
        for now in shuffled(slips(spot[0]), dice):
            if number_fits(sentence, spot, now):
                return replaced(sentence, spot.start(), spot.end(), now)
    if words:
        spot = dice.choice(words)
        at = COUNTS.index(spot[0].lower())
        near = [
            w for w in COUNTS[max(0, at - 2) : at + 4] if w != spot[0].lower() and number_fits_word(sentence, spot, w)
        ]
        near = [w for w in near if not re.search(rf"\b{w}\b", sentence, re.IGNORECASE)]
        return replaced(sentence, spot.start(), spot.end(), dice.choice(near)) if near else None
    return None


def number_fits_word(sentence: str, spot: re.Match[str], word: str) -> bool:
    """As ``number_fits`` for numbers in words: bounds and ranges ("two to three") stay sensible."""
    was, now = COUNTS.index(spot[0].lower()), COUNTS.index(word)
    ranged = re.search(r"\w+ (?:to|or|and) $", sentence[: spot.start()]) or re.match(
        r" (?:to|or|and) ", sentence[spot.end() :]
    )
    fraction = re.match(r" (?:thirds|fifths|quarters|percent|hundred)", sentence[spot.end() :])
    return (
        not ranged and not fraction and not bounded(sentence[: spot.start()], sentence[spot.end() :], was + 2, now + 2)
    )


def shuffled(values: Iterable[str], dice: random.Random) -> list[str]:
    """The values in an order that depends on the dice alone."""
    ordered = sorted(set(values))
    dice.shuffle(ordered)
    return ordered


def slips(text: str) -> set[str]:
    """The wrong forms of one amount, written in the style of the right one."""
    digits = text.replace(",", "")
    if re.fullmatch(r"1[5-9]\d\d|20[0-2]\d", text):
        return {str(int(text) + off) for off in (-10, -7, -3, -1) if int(text) + off <= 2024}
    value, places = float(digits), len(digits.partition(".")[2])
    step = 10 ** (len(digits) - len(digits.rstrip("0"))) if not places else 10**-places
    wrong = [value * 10, value / 10, value * 2, value * 1.5, value * 0.6]
    wrong += [value + step * off for off in (-3, -2, 2, 3, 4)]
    wrong += [float(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]) for i in transposable(digits)]
    if re.fullmatch(r"[1-9][1-9]\d*\.\d+", digits):
        wrong.append(float(digits[1:]))
    out = {styled(v, places, comma="," in text) for v in wrong if v > 0 and (places or v == int(v))}
    return {o for o in out if float(o.replace(",", "")) not in {0.0, value}}


def transposable(digits: str) -> list[int]:
    """Where two neighbouring digits can be exchanged by a slip of the fingers, zeros left alone."""
    return [i for i in range(len(digits) - 1) if digits[i] not in "0." and digits[i + 1] not in "0."]


def styled(value: float, places: int, *, comma: bool) -> str:
    return f"{value:,.{places}f}" if comma else f"{value:.{places}f}"


def number_fits(sentence: str, spot: re.Match[str], now: str) -> bool:
    """Whether the new amount is possible where it stands: ordered ranges, shares below 100%, ages below 110, new here."""
    was, value = amount(spot[0]), amount(now)
    before, after = sentence[: spot.start()], sentence[spot.end() :]
    share = re.match(r"\s?(?:%|percent|(?:-|–| to | and )\d+\s?(?:%|percent))", after)
    odds = re.search(r"\b(?:1|one) (?:in|out of)(?: every| about)? $", before)
    years = re.search(r"\b(?:age|ages|aged|over|under)\b", sentence)
    return not (
        re.search(rf"(?<![\d.,]){re.escape(now)}(?![\d,])", sentence)
        or disordered(before, after, value)
        or (share and value >= 100)
        or (odds and value < 3)
        or bounded(before, after, was, value)
        or (years and value > 105 > was)
    )


def amount(text: str) -> float:
    return float(text.replace(",", ""))


def disordered(before: str, after: str, value: float) -> bool:
    """Whether the value is the low end of a range above its high end, or the other way round."""
    low = re.search(r"(\d[\d,]*(?:\.\d+)?)\s?(?:%|percent)?(?:-|–| to | and )$", before)
    high = re.match(r"\s?(?:%|percent)?(?:-|–| to | and )(\d[\d,]*(?:\.\d+)?)", after)
    return bool((low and value <= amount(low[1])) or (high and value >= amount(high[1].rstrip(","))))


def bounded(before: str, after: str, was: float, now: float) -> bool:
    """Whether the wrong amount would leave the sentence true: "more than 60" holds "more than 58", "about 65" is near 63."""
    if re.search(
        r"\b(?:more than|over|at least|exceeds?|above|greater than|no fewer than|older than|longer than|after)(?: \w+){0,2} $",
        before,
    ):
        return now <= was
    if re.match(r"(?: \w+){0,2} or (?:more|older|longer|higher|greater|above)\b|\+", after):
        return now <= was
    if re.search(
        r"\b(?:less than|fewer than|under|up to|at most|as many as|no more than|below|within|by)(?: \w+){0,2} $", before
    ):
        return now >= was
    if re.match(r"(?: \w+){0,2} or (?:less|fewer|younger|lower|shorter)\b", after):
        return now >= was
    near = re.search(
        r"\b(?:about|approximately|around|nearly|almost|estimated|roughly|some|average(?: of)?)(?: \w+){0,3} $", before
    )
    return near is not None and abs(now - was) < 0.25 * was


AMOUNT_WORD = (
    r"(?:(?<![\w.-])\d[\d,.]*|(?<=\d[-–])\d+|\b(?:(?:for|than|least|about|within|every|over|to) one"
    r"|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty))"
)
FAMILIES = [(family, unit_name) for family in WORDS["unit"] for unit_name in family]
UNIT = re.compile(
    rf"{AMOUNT_WORD}[ -]?(?P<unit>{'|'.join(sorted({re.escape(u) for _, u in FAMILIES}, key=len, reverse=True))})(?![\w/]|\s?/)"
)


def unit(sentence: str, dice: random.Random) -> Planted | None:
    """The amount kept, its unit exchanged for another of the same sort: mg for mcg, months for years."""
    found = [
        (*m.span("unit"), other)
        for m in UNIT.finditer(sentence)
        for family, unit_name in FAMILIES
        if unit_name == m["unit"]
        for other in neighbours(family, unit_name)
        if not re.search(rf"\b{re.escape(other)}\b", sentence)
    ]
    found += rates(sentence)
    return replaced(sentence, *dice.choice(sorted(set(found)))) if found else None


def neighbours(family: list[str], name: str) -> list[str]:
    """The units one or two steps away: nobody writes decades for seconds by mistake."""
    at = family.index(name)
    return [u for i, u in enumerate(family) if 0 < abs(i - at) <= 2]


def rates(sentence: str) -> list[tuple[int, int, str]]:
    """How often, with the wrong period: twice a day for twice a week; and points for percent of a change."""
    often = (
        r"\b(?:once|twice|times|glasses|drinks|dose|doses|mg|g|calories|hours|minutes|milligrams) (?:a|per|each|every) "
    )
    pairs = {"day": "week", "week": "month", "month": "year", "year": "month"}
    out = [
        (m.start(1), m.end(1), pairs[m[1]])
        for m in re.finditer(rf"{often}(day|week|month|year)\b", sentence)
        if pairs[m[1]] not in sentence
    ]
    by = re.finditer(
        r"\b(?:reduced?s?|lower(?:s|ed)?|increased?s?|cuts?|risen?|fell|rose) .{0,40}?\bby (?:about )?\d+ ?(%|percent)",
        sentence,
    )
    return out + [(m.start(1), m.end(1), "percentage points" if m[1] != "%" else " percentage points") for m in by]


def word_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, the longest first so that ``pregnant women`` is seen before ``women``."""
    longest_first = sorted({re.escape(w) for w in words}, key=lambda w: (-len(w), w))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])", re.IGNORECASE)


def others(pairs: list[list[str]]) -> dict[str, list[str]]:
    """What each word may be exchanged for: the other of its pair, either way round, or only to the right where marked."""
    out: dict[str, list[str]] = {}
    for was, now, *one_way in pairs:
        out.setdefault(was, []).append(now)
        if not one_way:
            out.setdefault(now, []).append(was)
    return out


def exchanged(
    sentence: str, table: dict[str, list[str]], words: re.Pattern[str], barred: re.Pattern[str], dice: random.Random
) -> Planted | None:
    """One word of a pair exchanged for the other; not where the other stands too, nor in a barred setting."""
    found = [
        (*m.span(), now)
        for m in words.finditer(sentence)
        if not barred.search(
            f"{sentence[max(0, m.start() - 22) : m.start()]}▮{sentence[m.end() : m.end() + 22]}<{m[0].lower()}>"
        )
        for now in table.get(m[0].lower(), table.get(m[0], []))
        if not re.search(rf"(?<![\w-]){re.escape(now)}(?![\w-])", sentence, re.IGNORECASE)
    ]
    return replaced(sentence, *dice.choice(sorted(found))) if found else None


# Settings in which the words are no direction ("lower back", "no more than"), or both readings hold ("before and after").
NO_DIRECTION = re.compile(
    r"(?:no |not |once |ever |even |and |or |the |much |far )▮ (?:and|or)\b|▮ (?:or|and) (?!the\b|a\b)|\b(?:or|and) ▮|\bnot? ▮|\bno ▮"
    r"|▮ (?:leg|limb|back|body|half|part|abdomen|jaw|lip|extremit|esoph|spin|chest|lung|urinary|respiratory|airway|eyelid|face|GI|intest|arm)"
    r"|\bas ▮|▮ all\b|\bthe ▮ the\b|\bthe ▮ \w+ \w+ the\b|\bday ▮|\bworld ▮|\blook ▮|\bshortly ▮|\beven ▮|\bthe ▮ (?:you|a|an)\b|\bit ▮|\bdescribed ▮|▮ (?:a few|several|some)\b|▮ (?:known|underst|called)|\bget ▮ (?!<)|▮ (?:mentioned|described|listed|one\b)"
)


DIRECTIONS = others(WORDS["direction"])
DIRECTION = word_of(DIRECTIONS)


def direction(sentence: str, dice: random.Random) -> Planted | None:
    """Up for down, before for after, better for worse."""
    edge = re.search(r"\b(over|under) (?=(?:age |the age of )?\d)", sentence)
    if edge and dice.random() < 0.5 and "under" not in sentence.replace(edge[1], ""):
        return replaced(sentence, edge.start(1), edge.end(1), {"over": "under", "under": "over"}[edge[1]])
    return exchanged(sentence, DIRECTIONS, DIRECTION, NO_DIRECTION, dice)


# A swap beside "and" or "or" may leave the sentence true; some are absurd rather than wrong (pregnant men).
NO_POPULATION = re.compile(
    r"\b(?:and|or|both) ▮|▮ (?:and|or|to|who are|of all)\b|▮,|, ▮,|▮(?:'s|s')? (?:and|or) |▮ (?:hormones?|life|may pass)"
    r"|\b(?:pregnant|postmenopausal|breastfeeding|unborn|having|their|yours?|have|own|most|newborn|parents?|parent to|to|you|are|hav(?:e|ing) an?|to the|your an?|his/her) ▮"
    r"|\b(?:of|per) 100 ▮|\bthan ▮|▮(?:'s)? (?:breast|health)|\b[A-Z]\w+ ▮|\d ▮"
    r"|(?<!\bin )(?<!during )(?<!until )(?<!throughout )(?<!from )(?<!reach )(?<!into )▮.*<(?:childhood|adulthood|infancy)>|(?<!\ban )(?<!older )▮.*<adult>|(?<!\ba )(?<!older )▮.*<child>"
)
ONE_SEX = re.compile(
    r"breast|uter|eggs?\b|sperm|ovar|pregnan|menstr|menopaus|vagin|cervi|womb|birth|prostat|test[ie]s|penis|erect|semen|nursing|X-linked|genital|Peyronie"
    r"|X chromosome|miscarr|\b(?:he|she|his|hers?|him)\b",
    re.IGNORECASE,
)
SEXES = re.compile(r"\b(?:wo)?m[ea]n\b|\b(?:fe)?males?\b|\b(?:boy|girl|daughter|son|mother|father)s?\b", re.IGNORECASE)
AGES = re.compile(r"\bmonths?\b|\byears?\b|\bage[ds]?\b|newborn|birth|pediatri|\bolder\b", re.IGNORECASE)
POPULATIONS = others(WORDS["population"])
POPULATION = word_of(POPULATIONS)


def population(sentence: str, dice: random.Random) -> Planted | None:
    """The finding told of other people: adults for children, men for women, type 1 for type 2 diabetes."""
    planted = exchanged(sentence, POPULATIONS, POPULATION, NO_POPULATION, dice)
    if planted is None or len(re.findall(rf"\b{planted.was}\b", sentence, re.IGNORECASE)) > 1:
        return None
    absurd = (ONE_SEX if SEXES.search(planted.was) else AGES).search(sentence.replace(planted.was, ""))
    return None if absurd else planted


class Family(msgspec.Struct, frozen=True):
    """Names of one sort, and what finds any of them."""

    names: list[str]
    found: re.Pattern[str]


def families(table: list[list[str]]) -> list[Family]:
    return [Family(names, word_of(names)) for names in table]


# Part of a longer name, or a chemical rather than a drug or a food.
NO_NAME = re.compile(r"▮ (?:eryth|nephr|antico|channel|dehydro|receptor|-)|\b(?:non|sodium|systemic) ▮|▮-|▮ \([A-Z]")


def swapped(sentence: str, table: list[Family], dice: random.Random) -> Planted | None:
    """A name that stands once in the sentence exchanged for another of its family that does not stand in it."""
    found = [
        (m.start(), m.end(), other)
        for family in table
        for m in family.found.finditer(sentence)
        if sentence.lower().count(m[0].lower()) == 1
        and (m[0] in family.names or m[0][:1].lower() + m[0][1:] in family.names)
        and not NO_NAME.search(f"{sentence[max(0, m.start() - 12) : m.start()]}▮{sentence[m.end() : m.end() + 12]}")
        for other in family.names
        if other.lower() not in sentence.lower()
    ]
    return replaced(sentence, *dice.choice(sorted(set(found)))) if found else None


DRUGS, THINGS, TRIALS = families(NAMES["drug"]), families(NAMES["name"]), families([NAMES["trial"]])
GENE = re.compile(r"\b[A-Z][A-Z0-9]{2,7}\b(?= genes?\b| mutations?\b)")


def drug(sentence: str, dice: random.Random) -> Planted | None:
    """A drug, or a class of drugs, exchanged for another with the same use."""
    return swapped(sentence, DRUGS, dice)


def gene(sentence: str, dice: random.Random) -> Planted | None:
    """The symbol of one gene for that of another."""
    found = [m for m in GENE.finditer(sentence) if m[0] not in {"DNA", "RNA", "HLA"} and sentence.count(m[0]) == 1]
    if not found:
        return None
    spot = dice.choice(found)
    return replaced(sentence, spot.start(), spot.end(), dice.choice([g for g in NAMES["gene"] if g not in sentence]))


def name(sentence: str, dice: random.Random) -> Planted | None:
    """A germ, disease, vitamin, hormone, place or body of experts exchanged for another of its sort."""
    return swapped(sentence, THINGS, dice)


def trial(sentence: str, dice: random.Random) -> Planted | None:
    """The finding of one trial told of another."""
    return swapped(sentence, TRIALS, dice)


LOWERED = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "it",
        "people",
        "most",
        "some",
        "many",
        "these",
        "this",
        "patients",
        "treatment",
        "symptoms",
        "if",
        "when",
        "for",
        "children",
        "adults",
        "about",
        "there",
        "several",
        "other",
        "researchers",
        "doctors",
        "women",
        "men",
        "mutations",
        "individuals",
        "surgery",
        "studies",
        "exercise",
    ]
)


def attributed(sentence: str, trial_name: str) -> str | None:
    """The sentence told as a finding of the trial; None where its first word might be a name."""
    first, _, rest = sentence.partition(" ")
    return f"In the {trial_name} trial, {first.lower()} {rest}" if first.lower() in LOWERED else None
