"""What a question asks: what it is about, and which sides of it (its facets) an answer has to show."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from responsa.evidence.terms import MEANT, ROOT
from responsa.evidence.words import Word, stem, words


class Facet(Struct, frozen=True):
    """``asked`` tells it in a question, ``told`` in a sentence that answers it. ``label`` stands above such sentences.

    ``words`` of the question that only name the facet need not stand in an answer.
    """

    name: str
    label: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    words: frozenset[str]


def _facet(name: str, label: str, asked: str, told: str, spoken: str = "") -> Facet:
    flags = re.IGNORECASE
    return Facet(
        name, label, re.compile(asked, flags), re.compile(told, flags), frozenset(map(stem, spoken.split()))
    )  # fmt: skip


FACETS: Final = (
    _facet(
        "causes", "Causes and risks",
        r"\bcauses?\b|\bcaused\b|\brisk factors?\b|\ba?etiolog|\blead(?:s|ing)? to\b|\barises?\b|\bwho (?:gets|develops)\b|\borigins?\b|\bwhere do(?:es)?\b.*\bcome from\b",
        r"\bcauses?\b(?! (?:no |few )?symptoms)|\bcaused\b|\brisk factors?\b|\blinked to\b|\barises?\b|\badds? to the risk\b|\bleads? to\b|\bresults? from\b|\bdue to\b|\bbecause of\b|\bcomes? from\b|\bappears? in\b",
        "cause causes caused risk factor factors etiology aetiology lead leading arise arises get gets develop develops origin come where make makes",
    ),
    _facet(
        "signs", "Signs",
        r"\bsymptoms?\b|\bsigns?\b|\bwarning\b|\bfeels?\b|\bcomplain|\bnotice",
        r"\bsymptoms?\b|\bsigns? of\b|\bpain\b|\bfever\b|\bweight loss\b|\bjaundice\b|\bfatigue\b|\bswell|\bsuggests?\b",
        "symptom symptoms sign signs warning feel feels early notice",
    ),
    _facet(
        "diagnosis", "Diagnosis",
        r"\bdiagnos|\bdetect|\bfound\b|\bfind\b|\btests?\b|\bimaging\b|\bscans?\b|\brecogni[sz]|\bidentif|\btell(?:s)? apart\b|\bdistinguish|\bbiops|\bseen?\b|\bshow(?:s|n)?\b",
        r"\bdiagnos|\bbiops|\bimaging\b|\bultrasound\b|\bCT\b|\bMRI\b|\bscans?\b|\bmarkers?\b|\btests?\b|\bfinds\b|\bsensitiv|\bspecificity\b|\bhistology\b|\bstains?\b|\bmicroscope\b|\bfirst questions\b",
        "diagnosis diagnose diagnosed diagnostic detect detected find found test tests recognise recognize recognised identify tell apart distinguish see seen show shows",
    ),
    _facet(
        "treatment", "Treatment",
        r"\btreat|\btherap|\bmanage[ds]?\b|\bmanagement\b|\bcured?\b|\bcurative\b|\bdrugs?\b|\bsurgery\b|\bmedicines?\b|\bhelp\b|\boptions?\b|\bwhat (?:can|should) be done\b",
        r"\btreat|\btherap|\bresect|\bdrugs?\b|\btransplant|\bfirst[- ]line\b|\badvised\b|\boptions?\b|\boperat|\bsurgery\b|\bcurative\b|\bablat|\bpreferred\b|\bis given\b|\bdrained\b|\bvaccin",
        "treat treated treating treatment treatments therapy therapies manage managed management option options help done drug drugs medicine medicines",
    ),
    _facet(
        "outcome", "Outcome",
        r"\bsurviv|\bprognos|\boutlook\b|\blives?\b|\blive\b|\bliving\b|\boutcomes?\b|\bmortality\b|\bhow long\b|\bchances?\b|\beffective|\bbenefit|\brecur|\bcome back\b|\bdie\b|\bwork(?:s|ed)? (?:better|well)|\bimprove|\blengthen|\bresults?\b|\bprove|\btrials?\b|\blowers?\b|\breduces?\b",
        r"\bsurviv|\balive\b|\blived?\b|\bmedian\b|\bhazard ratio\b|\brate ratio\b|\brecur|\bmortality\b|\bdied\b|\bdeaths?\b|\bresponded\b|\blengthen|\blowered\b|\bnot inferior\b|\beased\b|\bfree of progression\b|\brarer\b",
        "survive survival prognosis outlook live lives living outcome outcomes chance chances effective benefit benefits recur recurs come back result results work works improve improves lengthen trial trials show shown prove proven reduce reduces lower lowers",
    ),
    _facet(
        "harms", "Harms and limits",
        r"\bside[- ]effects?\b|\bharms?\b|\bcomplications?\b|\bdangers?\b|\bdangerous\b|\bcontraindicat|\badverse\b|\brisks of\b|\bnot (?:be )?(?:used|given|done|possible)\b|\blimits?\b|\bavoid|\bunsuitable|\btoxic",
        r"\bside[- ]effects?\b|\bharms?\b|\bcontraindicated\b|\bbleeding\b|\bcomplications?\b|\bfever\b|\bpain\b|\bnausea\b|\bavoided\b|\bliver failure\b|\bcannot\b|\bnot (?:advised|used|recommended|given)\b|\btoxic|\bseed\b",
        "side effect effects harm harms complication complications danger dangers dangerous contraindication contraindicated contraindications adverse risk risks limit limits limitation limitations avoid avoided used given",
    ),
    _facet(
        "prevention", "Prevention",
        r"\bprevent|\bprotect|\bscreening\b|\bsurveillance\b|\breduce the risk|\blower the risk",
        r"\bprevent|\bvaccinat|\blowers? the risk\b|\brisk falls\b|\brarer\b|\bsurveillance\b|\bscreening\b|\blowered death\b",
        "prevent prevents prevented prevention protect protects reduce lower",
    ),
    _facet(
        "frequency", "How common",
        r"\bhow (?:common|often|frequent|many|rare)\b|\bincidence\b|\bprevalence\b|\bproportion\b|\bpercent|\bhow large\b|\bnumbers?\b",
        r"(?<![\w-])\d|\bone in \w+\b|\bnew cases\b|\bcommon\b|\brare\b|\bincidence\b|\btimes as often\b",
        "common often frequent frequently rare incidence prevalence proportion percentage number numbers case cases people affected many",
    ),
    _facet(
        "mechanism", "How it works",
        r"\bhow do(?:es)? .{3,60}\b(?:work|act|function|spread|grow|cause|lead|develop|form)\b|\bmechanism\b|\bwhy\b|\bhow .{0,40}\bworks?\b",
        r"\bblocks?\b|\bacts?\b|\bworks? by\b|\bso that\b|\bbecause\b|\bfed by\b|\bdraws\b|\bcarries\b|\binserts?\b|\bspreads?\b|\bgrows?\b|\bstops?\b|\birradiate|\btakes a brake\b|\bputs? into\b|\bare put\b|\bmeans? that\b|\bis (?:an|a) (?:antibody|virus)\b",
        "work works act acts function functions mechanism mechanisms happen happens spread grow",
    ),
    _facet(
        "indication", "When it applies",
        r"\bwhen\b|\bwho (?:should|can|is|are|may|needs?)\b|\bcandidates?\b|\bindicat|\beligible\b|\bcriteri(?:a|on)\b|\bsuitable\b|\bwhich (?:patients|people)\b",
        r"\bwhen\b|\bcandidates?\b|\bonly\b|\bcriteria\b|\bindicated\b|\badvised\b|\bconsidered\b|\bused\b|\bif\b|\bcounts?\b|\bpoints?\b|\ballow",
        "use used candidate candidates indicated indication eligible suitable criteria criterion apply applies considered patients people person patient someone",
    ),
    _facet(
        "comparison", "In comparison",
        r"\bdiffer|\bcompar|\bversus\b|\bvs\b|\bbetter\b|\bor\b.*\?|\bdistinguish|\binstead of\b|\brather than\b",
        r"\bcompared?\b|\bagainst\b|\bthan\b|\bunlike\b|\bwhereas\b|\bwhile\b|\binferior\b|\brather than\b|\bdiffer|\bin place of\b|\bproven difference\b",
        "differ differs different difference differences compare compares compared comparison versus vs better distinguish distinguishes between similar",
    ),
)  # fmt: skip
_EMPTY: Final = frozenset(
    stem(word)
    for word in (
        "what which who whom whose when where why how is are was were do does did can could should would will shall may might must "
        "a an the of in on at for to from by with about and or as it its this that these those there be been being have has had "
        "mean means meaning meant define definition explain describe tell give list name main most important role roles play plays "
        "kind kinds type types form forms way ways example examples know known call called term us me you i we your our one any some "
        "after before during happen happens possible usually typically generally today exactly really much many more less than not "
        "useful matter matters change changes good important importance need needs needed say says said there's what's please first step steps look looks like make made take taken get so if"
    ).split()
)
_DEFINES: Final = re.compile(r"\s*(?:what (?:is|are|does)\b|define\b|explain what\b|what's\b)", re.IGNORECASE)
_ABBREVIATED: Final = re.compile(r"((?:[\w-]+ ){1,6})\(([A-Z][A-Za-z]{1,6})s?\)")


KINSHIP: Final = 0.7
"""Share of the longer word that two forms of one word have in common."""


class Ask(Struct, frozen=True):
    """``about``: what an answer must speak of, by key, with how telling it is. ``facets`` in the question's order."""

    question: str
    about: Mapping[str, Word]
    facets: tuple[Facet, ...]
    defines: bool


def ask(question: str) -> Ask:
    """The question read. ``about`` is empty where nothing in it says what is asked."""
    found = sorted(
        ((match.start(), facet) for facet in FACETS if (match := facet.asked.search(question))),
        key=lambda one: one[0],
    )
    facets = tuple(facet for _, facet in found)
    named = frozenset[str]().union(*(facet.words for facet in facets))
    telling = {word.key: word for word in words(question) if word.weight > 0.3 and stem(word.lower) not in _EMPTY}  # noqa: PLR2004 - signs weigh that
    about = {key: word for key, word in telling.items() if key not in named} or telling
    defines = _DEFINES.match(question) is not None and not {facet.name for facet in facets} - {
        "indication",
        "mechanism",
    }
    return Ask(question, about, facets, defines)


class Names(Struct, frozen=True):
    """Short forms that the sources explain themselves: `hcc` stands for the keys of `hepatocellular carcinoma`."""

    of: Mapping[str, frozenset[str]]

    def spelled(self, keys: frozenset[str]) -> frozenset[str]:
        """With what short forms stand for, and with short forms whose words are all there."""
        more = [long for short, long in self.of.items() if short in keys]
        shorts = [short for short, long in self.of.items() if long <= keys]
        return keys.union(shorts, *more) if more or shorts else keys


def names_of(texts: Iterable[str]) -> Names:
    """From `hepatocellular carcinoma (HCC)`: the words before the bracket whose initials it holds."""
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        for match in _ABBREVIATED.finditer(text):
            before, short = match[1].split(), match[2]
            initials = [(part, word) for word in before for part in word.split("-")[:2] if part]
            for count in range(2, len(before) + 1):
                tail = before[-count:]
                letters = "".join(part[0] for word in tail for part in word.split("-") if part)
                if letters.casefold() in {short.casefold(), short.casefold()[:-1]} and initials:
                    found.setdefault(stem(short.casefold()), _keys(" ".join(tail)))
    return Names(found)


def _keys(text: str) -> frozenset[str]:
    return frozenset(word.key for word in words(text) if word.weight > 0.3)  # noqa: PLR2004 - as above


def met(key: str, held: frozenset[str]) -> float:
    """How surely a text with the keys ``held`` (as ``terms.keys_of`` gives them) speaks of ``key``."""
    if key in held:
        return 1.0
    if key in MEANT and MEANT[key] in held:
        return 0.7
    if len(key) <= ROOT or f"{key[:ROOT]}*" not in held:
        return 0.0
    return 0.6 if any(_kin(key, other) for other in held) else 0.0


def _kin(one: str, other: str) -> bool:
    """Forms of one word: transplant, transplantation; metastatic, metastases. Not hepatic, hepatitis."""
    if one[:ROOT] != other[:ROOT] or other.endswith("*"):
        return False
    short, long = sorted((one, other), key=len)
    shared = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared == len(short) or shared >= KINSHIP * len(long)


def opposed(about: Iterable[str], held: frozenset[str]) -> bool:
    """Whether a text speaks of what is not: `unresectable` where a question asks about resection."""
    beginnings = {f"{no}{key[:ROOT]}" for key in about if len(key) > ROOT for no in ("un", "non", "in")}
    return any(key[: ROOT + 2] in beginnings or key[: ROOT + 3] in beginnings for key in held if not key.endswith("*"))


_TURN: Final = re.compile(
    r"\b(after|before|without|during|following|despite)\s+(?:an?\s+|the\s+)?([^\W\d_][\w-]+)", re.IGNORECASE
)


def turns(text: str) -> frozenset[tuple[str, str]]:
    """What a text puts after, before or without what: `after sorafenib` is another thing than sorafenib."""
    return frozenset((match[1].casefold(), stem(match[2].casefold())) for match in _TURN.finditer(text))
