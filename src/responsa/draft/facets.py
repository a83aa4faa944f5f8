"""The sides that a question can ask for: how a question asks for one, how a sentence speaks of it, how it states it."""

import re
from typing import Final

from msgspec import Struct

from responsa.evidence.words import stem


class Facet(Struct, frozen=True):
    """``asked`` tells it in a question, ``told`` in a sentence that speaks of it. ``label`` stands above such sentences.

    ``stated``: how a sentence states it instead of touching it: `the causes of X are`, `X is treated by`.

    ``words`` of the question that only name the facet need not stand in an answer.
    """

    name: str
    label: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    stated: re.Pattern[str]
    words: frozenset[str]


def _facet(name: str, label: str, asked: str, told: str, stated: str, spoken: str) -> Facet:  # noqa: PLR0917 - a row of the table
    flags = re.IGNORECASE
    asks, tells, states = (re.compile(pattern, flags) for pattern in (asked, told, stated))
    return Facet(name, label, asks, tells, states, frozenset(map(stem, spoken.split())))


FACETS: Final = (
    _facet(
        "causes", "Causes and risks",
        r"\bcauses?\b|\bcaused\b|\brisk factors?\b|\ba?etiolog|\blead(?:s|ing)? to\b|\barises?\b|\bwho (?:gets|develops)\b|\borigins?\b|\bwhere do(?:es)?\b.*\bcome from\b",
        r"\bcauses?\b(?! (?:no |few )?symptoms)|\bcaused\b|\brisk factors?\b|\blinked to\b|\barises?\b|\badds? to the risk\b|\bleads? to\b|\bresults? from\b|\bdue to\b|\bbecause of\b|\bcomes? from\b|\bappears? in\b",
        r"\bcauses? (?:of|are|is|include)\b|\brisk factors? (?:of|for|are|is|include)\b|\b(?:is|are) (?:often |usually |mainly )?(?:caused by|due to|linked to)\b|\barises? (?:from|in)\b|\bresults? from\b|\bcan cause\b",
        "cause causes caused risk factor factors etiology aetiology lead leading arise arises get gets develop develops origin come where make makes",
    ),
    _facet(
        "signs", "Signs",
        r"\bsymptoms?\b|\bsigns?\b|\bwarning\b|\bfeels?\b|\bcomplain|\bnotice",
        r"\bsymptoms?\b|\bsigns? of\b|\bpain\b|\bfever\b|\bweight loss\b|\bjaundice\b|\bfatigue\b|\bswell|\bsuggests?\b",
        r"\b(?:symptoms?|signs?)\b.{0,60}\b(?:is|are|includes?|may|can)\b|\bcauses? (?:no |few )?symptoms\b|\bthere may be\b",
        "symptom symptoms sign signs warning feel feels early notice",
    ),
    _facet(
        "diagnosis", "Diagnosis",
        r"\bdiagnos|\bdetect|\bfound\b|\bfind\b|\btests?\b|\bimaging\b|\bscans?\b|\brecogni[sz]|\bidentif|\btell(?:s)? apart\b|\bdistinguish|\bbiops|\bseen?\b|\bshow(?:s|n)?\b",
        r"\bdiagnos|\bbiops|\bimaging\b|\bultrasound\b|\bCT\b|\bMRI\b|\bscans?\b|\bmarkers?\b|\btests?\b|\bfinds\b|\bsensitiv|\bspecificity\b|\bhistology\b|\bstains?\b|\bmicroscope\b|\bfirst questions\b",
        r"\b(?:is|are|be) (?:usually |often )?(?:diagnosed|found|detected|recognised|recognized|tested)\b|\bdiagnosis (?:is|of|needs|requires|depends)\b|\b(?:diagnose|test)s?\b.{0,40}\b(?:by|with|using|include)\b|\bcalls for\b",
        "diagnosis diagnose diagnosed diagnostic detect detected find found test tests recognise recognize recognised identify tell apart distinguish see seen show shows",
    ),
    _facet(
        "treatment", "Treatment",
        r"\btreat|\btherap|\bmanage[ds]?\b|\bmanagement\b|\bcured?\b|\bcurative\b|\bdrugs?\b|\bsurgery\b|\bmedicines?\b|\bhelp\b|\boptions?\b|\bwhat (?:can|should) be done\b",
        r"\btreat|\btherap|\bresect|\bdrugs?\b|\btransplant|\bfirst[- ]line\b|\badvised\b|\boptions?\b|\boperat|\bsurgery\b|\bcurative\b|\bablat|\bpreferred\b|\bis given\b|\bdrained\b|\bvaccin",
        r"\b(?:is|are) (?:the |a )?(?:usually |often )?(?:\w+ )?(?:treated|treatment|preferred|advised|recommended|given|first option|resected|established|offered|candidates)\b|\btreatments?\b.{0,40}\b(?:is|are|includes?|depends|options?)\b|\btreatment of choice\b",
        "treat treated treating treatment treatments therapy therapies manage managed management option options help done drug drugs medicine medicines",
    ),
    _facet(
        "outcome", "Outcome",
        r"\bsurviv|\bprognos|\boutlook\b|\blives?\b|\blive\b|\bliving\b|\boutcomes?\b|\bmortality\b|\bhow long\b|\bchances?\b|\beffective|\bbenefit|\brecur|\bcome back\b|\bdie\b|\bwork(?:s|ed)? (?:better|well)|\bimprove|\blengthen|\bresults?\b|\bprove|\btrials?\b|\blowers?\b|\breduces?\b",
        r"\bsurviv|\balive\b|\blived?\b|\bmedian\b|\bhazard ratio\b|\brate ratio\b|\brecur|\bmortality\b|\bdied\b|\bdeaths?\b|\bresponded\b|\blengthen|\blowered\b|\bnot inferior\b|\beased\b|\bfree of progression\b|\brarer\b",
        r"\d.{0,60}\b(?:alive|lived?|months|years|surviv\w*)\b|\bsurviv\w*.{0,60}\d|\b(?:prognosis|outlook|outcome|survival)\b.{0,40}\b(?:is|are|depends|varies)\b",
        "survive survival prognosis outlook live lives living outcome outcomes chance chances effective benefit benefits recur recurs come back result results work works improve improves lengthen trial trials show shown prove proven reduce reduces lower lowers",
    ),
    _facet(
        "harms", "Harms and limits",
        r"\bside[- ]effects?\b|\bharms?\b|\bcomplications?\b|\bdangers?\b|\bdangerous\b|\bcontraindicat|\badverse\b|\brisks of\b|\bnot (?:be )?(?:used|given|done|possible)\b|\blimits?\b|\bavoid|\bunsuitable|\btoxic",
        r"\bside[- ]effects?\b|\bharms?\b|\bcontraindicated\b|\bbleeding\b|\bcomplications?\b|\bfever\b|\bpain\b|\bnausea\b|\bavoided\b|\bliver failure\b|\bcannot\b|\bnot (?:advised|used|recommended|given)\b|\btoxic|\bseed\b",
        r"\b(?:side effects?|complications?|risks?) (?:of|are|is|include)\b|\bcan cause\b|\bare common\b",
        "side effect effects harm harms complication complications danger dangers dangerous contraindication contraindicated contraindications adverse risk risks limit limits limitation limitations avoid avoided used given",
    ),
    _facet(
        "prevention", "Prevention",
        r"\bprevent|\bprotect|\bscreening\b|\bsurveillance\b|\breduce the risk|\blower the risk",
        r"\bprevent|\bvaccinat|\blowers? the risk\b|\brisk falls\b|\brarer\b|\bsurveillance\b|\bscreening\b|\blowered death\b",
        r"\blowers? the risk\b|\bprevent(?:s|ed|ion)?\b|\bis advised\b",
        "prevent prevents prevented prevention protect protects reduce lower",
    ),
    _facet(
        "frequency", "How common",
        r"\bhow (?:common|often|frequent|many|rare)\b|\bincidence\b|\bprevalence\b|\bproportion\b|\bpercent|\bhow large\b|\bnumbers?\b",
        r"(?<![\w-])\d|\bone in \w+\b|\bnew cases\b|\bcommon\b|\brare\b|\bincidence\b|\btimes as often\b",
        r"\d\W?%|\babout [\d,]+|\bone in\b|\btimes as often\b|\b(?:un)?common\b|\brare\b",
        "common often frequent frequently rare incidence prevalence proportion percentage number numbers case cases people affected many",
    ),
    _facet(
        "mechanism", "How it works",
        r"\bhow do(?:es)? .{3,60}\b(?:work|act|function|spread|grow|cause|lead|develop|form)\b|\bmechanism\b|\bwhy\b|\bhow .{0,40}\bworks?\b",
        r"\bblocks?\b|\bacts?\b|\bworks? by\b|\bso that\b|\bbecause\b|\bfed by\b|\bdraws\b|\bcarries\b|\binserts?\b|\bspreads?\b|\bgrows?\b|\bstops?\b|\birradiate|\btakes a brake\b|\bputs? into\b|\bare put\b|\bmeans? that\b|\bis (?:an|a) (?:antibody|virus)\b",
        r"\bby \w+ing\b|\bso that\b|\bbecause\b|\bworks? by\b|\bblocks?\b|\binserts?\b",
        "work works act acts function functions mechanism mechanisms happen happens spread grow",
    ),
    _facet(
        "indication", "When it applies",
        r"\bwhen\b|\bwho (?:should|can|is|are|may|needs?)\b|\bcandidates?\b|\bindicat|\beligible\b|\bcriteri(?:a|on)\b|\bsuitable\b|\bwhich (?:patients|people)\b",
        r"\bwhen\b|\bcandidates?\b|\bonly\b|\bcriteria\b|\bindicated\b|\badvised\b|\bconsidered\b|\bused\b|\bif\b|\bcounts?\b|\bpoints?\b|\ballow",
        r"\b(?:is|are) (?:advised|recommended|considered|indicated|used|candidates|offered)\b|\bcriteria allow\b|\bonly (?:when|if|in|for)\b",
        "use used candidate candidates indicated indication eligible suitable criteria criterion apply applies considered patients people person patient someone",
    ),
    _facet(
        "comparison", "In comparison",
        r"\bdiffer|\bcompar|\bversus\b|\bvs\b|\bbetter\b|\bor\b.*\?|\bdistinguish|\binstead of\b|\brather than\b",
        r"\bcompare[ds]?\b|\bagainst\b|\bthan\b|\bunlike\b|\bwhereas\b|\bwhile\b|\binferior\b|\brather than\b|\bdiffer|\bin place of\b|\bproven difference\b",
        r"\bcompares\b|\bthan\b|\bcompared (?:with|to)\b|\bagainst\b|\binferior\b|\bunlike\b|\bwhereas\b",
        "differ differs different difference differences compare compares compared comparison versus vs better distinguish distinguishes between similar",
    ),
)  # fmt: skip
