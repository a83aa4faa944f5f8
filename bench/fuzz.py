"""Mutated records: no exception but Responsa's own, and an edit of what can be read touches its key alone.

``python bench/fuzz.py [--records 100000] [--seed 1]``
"""

import argparse
import json
import random
import time
import traceback
from pathlib import PurePosixPath

from responsa.article import Value
from responsa.errors import EditError, UnreadableError
from responsa.records.fields import article_of
from responsa.records.layout import PRESETS
from responsa.records.record import parse

BASES = [
    (
        b"---\n_schema: default\nid: 97065\ndate: 2024-12-07\ntitle: >-\n    How?\nseo:\n  title: Shop | Medicine\n"
        b"  page_keywords: >-\n    one, two\nquestion: >-\n    How?\n"
        b"no_index: True\nanswer: >-\n    By $x$.\\n\\n- **a**\n"
        b"url: /learn/a/questions/b\nscore: -1.0\nrelated_article1:\n    id: 1\n    url: /x\n---\n\n&nbsp;"
    ),
    (
        b"---\n# c\na: &x [1, {b: 'c'}] # d\ne: *x\nf: |+\n  g\n   h\n\ni:\n"
        b'- j\n- k: l\n  m: n\n"o": !!str 5\n---\nbody\n'
    ),
    (
        b"\xef\xbb\xbf---\r\ntitle: 'it''s'\r\nanswer: \"x\\n\\u00e9\"\r\n"
        b"q: >2-\r\n   a\r\n\r\n  b\r\nz: one\r\n  two\r\n---\r\n"
    ),
]
TOKENS = [
    *(
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b" ",
        b"    ",
        b": ",
        b":",
        b"- ",
        b"? ",
        b"#",
        b" #",
        b"'",
        b'"',
        b"\\",
        b"&a ",
        b"*a",
    ),
    *(
        b"!",
        b"!!int ",
        b"|",
        b">",
        b">-",
        b"|+",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"---\n",
        b"...\n",
        b"%",
        b"@",
        b"`",
        b"<<: ",
    ),
    *(
        b"~",
        b"\x00",
        b"\x85",
        b"\xff",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"\xef\xbb\xbf",
        b"no",
        b"1e3",
        b".nan",
        b"title: x\n",
    ),
]
KEYS = [
    "score",
    "seo.title",
    "title",
    "answer",
    "related_article1.url",
    "e",
    "i",
    "a",
    "f",
    "o",
    "q",
    "z",
    "new",
    "new.deep",
]
VALUES: list[Value] = ["no", "a: b", 0.5, 7, True, None, "x\ny", "", " # ", ["a", "1"], {"k": "v"}, [], {}, "\u2028"]


def mutated(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(BASES))
    for _ in range(rng.choice((1, 1, 2, 3))):
        at, kind = rng.randrange(len(data) + 1), rng.randrange(4)
        if kind == 0:
            data[at:at] = rng.choice(TOKENS)
        elif kind == 1:
            del data[at : at + rng.randint(1, 8)]
        elif kind == 2:
            data[at : at + 1] = bytes([rng.randrange(128)])
        else:
            other = rng.randrange(len(data) + 1)
            data[at:at] = data[other : other + rng.randint(1, 30)]
    return bytes(data)


def without(values: object, path: list[str]) -> object:
    """``values`` less one dotted key and the parents that this leaves empty."""
    if not isinstance(values, dict):
        return values
    kept = {key: value for key, value in values.items() if key != path[0]}
    inner = without(values[path[0]], path[1:]) if path[0] in values and path[1:] else None
    return kept | {path[0]: inner} if inner else kept


def in_file(line: int, data: bytes) -> None:
    assert 1 <= line <= len(data) + 2, line


def attempt(data: bytes, rng: random.Random, figures: dict[str, int]) -> None:
    try:
        record = parse(data)
    except UnreadableError as error:
        in_file(error.line, data)
        figures["unreadable"] += 1
        return
    figures["read"] += 1
    assert record.data == data
    article_of(record, PurePosixPath("content/learn/x/y.md"), rng.choice(list(PRESETS.values())))
    key, value = rng.choice(KEYS), rng.choice(VALUES)
    try:
        after = record.replace(key, value) if rng.random() < 0.8 else record.remove(key)
    except EditError:
        figures["refused"] += 1
        return
    figures["edited"] += 1
    path = key.split(".")
    # The values an edit leaves are judged on a fresh reading of its bytes.
    assert repr(without(parse(after.data).values, path)) == repr(without(record.values, path))
    assert after.body == record.body


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    figures = dict.fromkeys(["read", "unreadable", "edited", "refused", "failures"], 0)
    start = time.process_time()
    for number in range(args.records):
        rng = random.Random(f"{args.seed}:{number}")
        data = mutated(rng)
        try:
            attempt(data, rng, figures)
        except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
            figures["failures"] += 1
            if figures["failures"] <= 10:
                print(number, data, traceback.format_exc(limit=-3))
    print(json.dumps(figures | {"cpu_s": round(time.process_time() - start, 1)}))
    raise SystemExit(bool(figures["failures"]))


if __name__ == "__main__":
    main()
