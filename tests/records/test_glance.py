from itertools import islice

import pytest

from responsa.records.glance import glance
from responsa.records.record import parse

TEXT = """---
id: 1
"quoted": 2
seo:
  # a remark
  text: >-
    title: in a block scalar
    seo: too
  title: QuickTakes
answer: |-
  url: no key
url: /a
---
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [("id", 2), ("quoted", 3), ("seo", 4), ("seo.text", 6), ("seo.title", 9), ("answer", 10), ("url", 12), ("none", 1)],
)
def test_a_key_is_found_at_its_line_and_text_is_no_key(key, line):
    assert parse(TEXT.encode()).line(key) == line


def test_what_a_glance_cannot_tell_is_left_to_a_scan():
    assert glance(TEXT, 4, len(TEXT), ["quoted"]) is None
    assert glance(TEXT, 4, len(TEXT), ["seo", "text", "deep"]) is None


@pytest.mark.real
def test_real_records_have_every_key_where_a_scan_finds_it(real_library):
    paths = sorted(real_library.rglob("*.md"))[::300]
    assert paths
    for path in islice(paths, 120):
        record = parse(path.read_bytes())
        lines = record.text.split("\n")
        for key, value in record.values.items():
            assert lines[record.line(key) - 1].startswith(f"{key}:")
            for inner in value if isinstance(value, dict) else ():
                assert lines[record.line(f"{key}.{inner}") - 1].strip().startswith(f"{inner}:")
