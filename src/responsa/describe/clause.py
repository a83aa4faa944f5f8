"""A long sentence made short at a joint: what is left is a sentence of its own and says nothing that it did not."""

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 160
"""Characters of a description that search engines show."""
SHORTEST: Final = 50
"""Characters that a shortened sentence keeps; with fewer it says too little."""

_ASIDE: Final = re.compile(r"\s*\((?![^()]*\$)[^()]*\)")
_JOINT: Final = re.compile(
    r"\s*(?:;|\s[–—]|—)\s"
    r"|,\s(?=(?:(?:in|of|to|for|by|through|during|with|from) which|which|who|whose|where|including|such as"
    r"|particularly|especially|notably|resulting|leading|allowing|making|enabling|causing|helping|ensuring|providing"
    r"|creating|reflecting|emphasizing|highlighting|influencing|contributing|offering|reducing|increasing|improving"
    r"|promoting|facilitating|shaping|demonstrating|showing|forming|often|typically|usually|rather than|as well as"
    r"|along with|while|whereas|thereby|thus|so that|due to|because|ranging|characterized|each|both|all of which|as it"
    r"|as they|and (?:it|they|this|these|is|are|can|may|has|have|also|often|its|their)"
    r"|with (?:each|some|the|a|an|its|their))\b)"
    r"|\s(?=(?:because|whereas)\s)"
)
FINITE: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|should|do|does|did|cannot"
    r"|\w{3,}(?:ates|izes|ises|ifies|erves|olves|udes|ains|ents|ects|ides|eads|ows|ures|ces|ges|ers|its|ires|bes|nes"
    r"|lps|rms|cts|ays|es to|ins|kes|ses|ves|rts|nds|tes|res|als with|ed))\b"
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|should|does|do|did|cannot"
    r"|(?:refer|involve|include|provide|allow|require|contribute|affect|serve|consist|contain|create|enable|occur|depend"
    r"|differ|become|describe|explain)s?|plays|represents|uses|helps|leads|influences|focuses|emphasizes|argues|suggests"
    r"|defines|determines|makes|highlights|reflects|shapes|supports|states|explores|begins|aims|relates|demonstrates"
    r"|indicates|illustrates|gives|shows|offers|means|works|takes|brings|increases|decreases|reduces|causes|results"
    r"|produces|forms|marks|tells|centers|revolves|stems|arises|lies|encompasses|utilizes|employs|examines|presents"
    r"|became|began|led|played|made|established|emerged|introduced|developed|faced|saw)\b"
)
"""What is hardly ever anything but the verb of a sentence: `approved` or `treatments` could be."""
_SUBORDINATE: Final = re.compile(
    r"(?:while|although|though|when|if|because|as|since|after|before|once|in order to|by|to|unlike|despite|in|for|with"
    r"|during|at|on|from|through|given|according to|whereas|until|within|under|over|throughout|among|beyond)\b",
    re.IGNORECASE,
)
_CAVEAT: Final = re.compile(r"\b(?:unless|except|only (?:if|when)|but|provided that|however|although|though|not)\b")
_LOOSE: Final = re.compile(
    r"\b(?:and|or|but|nor|the|a|an|of|to|in|on|at|by|for|with|from|as|that|which|who|whose|than|into|its|their|is|are"
    r"|was|were|be|been|can|may|will|has|have|such|not|only|both|either|between|also|more|most|very|through|during|under|over|about|like|where|when|how|what)$",
    re.IGNORECASE,
)
_PAIRED: Final = (
    (r"\bnot only\b", r"\bbut\b"),
    (r"\beither\b", r"\bor\b"),
    (r"\bboth\b", r"\band\b"),
    (r"\bwhether\b", r"\bor\b"),
    (r"\bbetween\b", r"\band\b"),
)


def shortened(sentence: str) -> str:
    """At most 160 characters of a longer sentence, still one; nothing where it has no joint at the right place."""
    text = sentence if len(sentence) <= LONGEST else _ASIDE.sub("", sentence)
    if len(text) <= LONGEST:
        return text
    return max(_cut(text), key=len, default="")


def _cut(text: str) -> Iterator[str]:
    for joint in _JOINT.finditer(text, SHORTEST, LONGEST + 20):
        kept, left = text[: joint.start()].rstrip(" ,;:–—"), text[joint.end() :]
        if SHORTEST <= len(kept) < LONGEST and _stands(kept) and not _CAVEAT.search(left):
            yield f"{kept}."


def _stands(kept: str) -> bool:
    """Whether the beginning of a sentence is one without its end: it has a verb, and nothing is left open."""
    main = kept
    if _SUBORDINATE.match(kept):
        _, comma, main = kept.partition(", ")
        if not comma or _SUBORDINATE.match(main):
            return False
    return _closed(kept) and _VERB.search(main) is not None and _LOOSE.search(kept) is None and not _in_list(main)


def _closed(kept: str) -> bool:
    """Whether every bracket and quotation mark has its other, and `both` its `and`."""
    pairs = [
        re.search(second, kept[found.end() :])
        for first, second in _PAIRED
        for found in re.finditer(first, kept, re.IGNORECASE)
    ]
    signs = kept.count("(") == kept.count(")") and kept.count('"') % 2 == 0 and kept.count("“") == kept.count("”")
    return signs and all(pairs)


def _in_list(main: str) -> bool:
    """`A, B` may be the beginning of `A, B, and C`: only a sentence whose last comma has a verb behind it is none."""
    before, comma, last = main.rpartition(", ")
    return bool(comma) and _VERB.search(before) is None and _VERB.search(last) is None
