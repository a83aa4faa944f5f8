"""Moved addresses in the host's own format. Every pair is (old, new), both site-absolute."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

# Blank space, quotes, braces, "$", ";" and "*" mean something in one of the formats: such an address is refused.
_SAFE: Final = re.compile(r"/(?!/)[A-Za-z0-9\-._~!()+,=:@%/&'\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]*\Z")

UNDEFINED: Final = "/questions/undefined/"
"""Where a bug of an earlier publisher sent readers: ``/questions/undefined/learn/...`` means ``/learn/...``."""

S3_LIMIT: Final = 50
"""Routing rules that an S3 website takes."""


def is_safe(url: str) -> bool:
    """Whether ``url`` can stand in every one of the formats as nothing but an address."""
    return bool(_SAFE.match(url)) and ".." not in url.split("/") and "//" not in url and "'" not in url


def safe_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sorted, the first of doubled old addresses kept, without hostile addresses and ones that lead to themselves."""
    chosen: dict[str, str] = {}
    for old, new in sorted(pairs):
        if old != new and is_safe(old) and is_safe(new):
            chosen.setdefault(old, new)
    return list(chosen.items())


def netlify(pairs: Iterable[tuple[str, str]]) -> str:
    """``_redirects`` as Netlify and Cloudflare Pages read it."""
    lines = [f"{old} {new} 301" for old, new in safe_pairs(pairs)]
    return "\n".join([*lines, f"{UNDEFINED}* /:splat 301"]) + "\n"


def nginx(pairs: Iterable[tuple[str, str]]) -> str:
    """A map to include in ``http``: then ``if ($moved) { return 301 $moved; }`` in ``server``."""
    lines = [f'  "{old}" "{new}";' for old, new in safe_pairs(pairs)]
    rule = f'  "~^{UNDEFINED}(?<moved_rest>.*)$" "/$moved_rest";'
    return "\n".join(["map $uri $moved {", '  default "";', *lines, rule, "}"]) + "\n"


def s3(pairs: Iterable[tuple[str, str]]) -> str:
    """Routing rules of an S3 website, at most 50; the rule for ``undefined`` is the first of them."""
    rules = [_rule(UNDEFINED[1:], {"ReplaceKeyPrefixWith": ""}), *_moved(pairs)]
    return json.dumps(rules[:S3_LIMIT], indent=2, ensure_ascii=False) + "\n"


def _moved(pairs: Iterable[tuple[str, str]]) -> Iterator[dict[str, object]]:
    for old, new in safe_pairs(pairs):
        yield _rule(old[1:], {"ReplaceKeyWith": new[1:]})


def _rule(prefix: str, to: dict[str, str]) -> dict[str, object]:
    return {"Condition": {"KeyPrefixEquals": prefix}, "Redirect": {**to, "HttpRedirectCode": "301"}}


WRITERS: Final = {"netlify": ("_redirects", netlify), "nginx": ("redirects.nginx.conf", nginx), "s3": ("s3.json", s3)}
"""By the setting ``redirects``: the file's path and who writes it."""
