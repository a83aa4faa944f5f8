"""Moved addresses in the host's own format. Every pair is (old, new), both site-absolute."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

# Blank space, quotes, braces, "$", ";" and "*" mean something in one of the formats: such an address is refused.
_SAFE: Final = re.compile(r"/(?:[A-Za-z0-9\-._~!()+,=:@/&\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|%[0-9A-Fa-f]{2})*\Z")
# What percent signs may hide: nginx and S3 compare the decoded path.
_DECODED_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\"'\\${};*?#%]")

UNDEFINED: Final = "/questions/undefined/learn/"
"""Where a bug of an earlier publisher sent readers: ``/questions/undefined/learn/...`` means ``/learn/...``.

No wider: a rule for ``/questions/undefined/*`` would send ``/questions/undefined//evil.com`` to another site.
"""
UNDEFINED_TO: Final = "/learn/"

_KEEP: Final = "/%:@!()+,=&~"


class Refused(Struct, frozen=True):
    """A redirect that is not written, and why."""

    old: str
    new: str
    reason: str


def is_safe(url: str) -> bool:
    """Whether ``url`` can stand in every one of the formats as nothing but an address."""
    if not _SAFE.match(url):
        return False
    try:
        decoded = unquote(url, errors="strict")
    except UnicodeDecodeError:
        return False
    # "%2F" would become one more "/" where the decoded path is compared.
    steady = decoded.count("/") == url.count("/") and "//" not in decoded
    return steady and not {".", ".."} & set(decoded.split("/")) and not _DECODED_UNSAFE.search(decoded)


def safe_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sorted, the first of doubled old addresses kept, without those that ``refused`` names."""
    return _sorted_out(pairs)[0]


def refused(pairs: Iterable[tuple[str, str]]) -> list[Refused]:
    """What ``safe_pairs`` leaves out, with the reason, sorted; a pair said twice is not refused."""
    return _sorted_out(pairs)[1]


def complaints(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """What an editor is told of the refused, a line each; unprintable letters are spelled out."""
    return [f"no redirect from {item.old!a} to {item.new!a}: {item.reason}" for item in refused(pairs)]


def _sorted_out(pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[Refused]]:
    chosen: dict[str, tuple[str, str]] = {}
    left: list[Refused] = []
    for old, new in sorted(set(pairs)):
        if reason := _objection(old, new, chosen):
            left.append(Refused(old, new, reason))
        else:
            chosen[unquote(old)] = (old, new)
    return list(chosen.values()), left


def _objection(old: str, new: str, chosen: dict[str, tuple[str, str]]) -> str:
    for url in (old, new):
        if not is_safe(url):
            return f"{url!r} is no plain address on this site"
    if unquote(old) == unquote(new):
        return "it would lead to itself"
    before = chosen.get(unquote(old))
    return f"{old} leads to {before[1]} already" if before else ""


def netlify(pairs: Iterable[tuple[str, str]]) -> str:
    """``_redirects`` as Netlify and Cloudflare Pages read it."""
    lines = [f"{old} {new} 301" for old, new in safe_pairs(pairs)]
    return "\n".join([*lines, f"{UNDEFINED}* {UNDEFINED_TO}:splat 301"]) + "\n"


def nginx(pairs: Iterable[tuple[str, str]]) -> str:
    """A map to include in ``http``: then ``if ($moved) { return 301 $moved; }`` in ``server``."""
    lines = [f'  "{_nginx_key(old, new)}" "{_encoded(new)}";' for old, new in safe_pairs(pairs)]
    # $uri is decoded: a rest of any letter could bring a line break into the answer's head.
    rule = f'  "~^{UNDEFINED}(?<moved_rest>[A-Za-z0-9._~/-]*)$" "{UNDEFINED_TO}$moved_rest";'
    return "\n".join(["map $uri $moved {", '  default "";', *lines, rule, "}"]) + "\n"


def _nginx_key(old: str, new: str) -> str:
    """The decoded path, as ``$uri`` is. A plain key ignores case, which could send a page to itself."""
    key = unquote(old)
    if key == key.lower() and key != unquote(new).lower():
        return key
    return f"~^{re.escape(key)}$"


def s3(pairs: Iterable[tuple[str, str]]) -> str:
    """What an S3 website needs: one routing rule, and an empty object for each moved address.

    ``RoutingRules`` goes into the website configuration. Each of ``Objects`` is uploaded under ``Key`` with
    the header ``x-amz-website-redirect-location: WebsiteRedirectLocation``: exact and without a limit, where
    routing rules match prefixes and are at most 50.
    """
    rule = {
        "Condition": {"KeyPrefixEquals": UNDEFINED[1:]},
        "Redirect": {"ReplaceKeyPrefixWith": UNDEFINED_TO[1:], "HttpRedirectCode": "301"},
    }
    return json.dumps({"RoutingRules": [rule], "Objects": list(_objects(pairs))}, indent=2, ensure_ascii=False) + "\n"


def _objects(pairs: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    for old, new in safe_pairs(pairs):
        key = unquote(old)[1:]
        # A website answers "/a/" with the object "a/index.html".
        key = f"{key}index.html" if not key or key.endswith("/") else key
        yield {"Key": key, "WebsiteRedirectLocation": _encoded(new)}


def _encoded(url: str) -> str:
    """``url`` in ASCII, as the header of an answer must be."""
    return quote(url, safe=_KEEP)


WRITERS: Final = {"netlify": ("_redirects", netlify), "nginx": ("redirects.nginx.conf", nginx), "s3": ("s3.json", s3)}
"""By the setting ``redirects``: the file's path and who writes it."""
