"""Every real record is parsed, compared with PyYAML, edited and restored; prints the counts as one line of JSON."""

import json
import time
from pathlib import Path, PurePosixPath

import yaml
from realdata import real_library

from responsa.article import Edit, Url
from responsa.errors import ResponsaError
from responsa.records.emit import serialise
from responsa.records.fields import article_of, edit_record
from responsa.records.record import Record, parse

FIGURES = (
    *("records", "unreadable", "identical", "as_pyyaml", "scores_set", "scores_added", "exactly_one_line", "reverted"),
    *("serialised_identical", "misfits", "answers_back"),
)


def main() -> None:
    folder = real_library()
    paths = sorted((folder / "content" / "learn").rglob("*.md"))
    figures = dict.fromkeys(FIGURES, 0)
    for path in paths:
        figures["records"] += 1
        data = path.read_bytes()
        try:
            record = parse(data, path)
        except ResponsaError as error:
            figures["unreadable"] += 1
            print(error)
            continue
        count(figures, record, data, PurePosixPath(path.relative_to(folder).as_posix()))
    print(json.dumps(figures | {"read_us": timed(paths)}))


def count(figures: dict[str, int], record: Record, data: bytes, path: PurePosixPath) -> None:
    figures["identical"] += record.data == data
    oracle = yaml.load(record.text[record.start : record.end], yaml.CSafeLoader)
    figures["as_pyyaml"] += record.values == oracle | {"date": str(oracle["date"])}
    scored = edit_record(record, Edit(Url(""), "score", 0.123, ""))
    had = "score" in record.values
    figures["scores_set" if had else "scores_added"] += 1
    figures["exactly_one_line"] += (
        lines_but_score(data) == lines_but_score(scored.data) and b"score: 0.123\n" in scored.data
    )
    back = scored.replace("score", record.values["score"]) if had else scored.remove("score")
    figures["reverted"] += back.data == data
    figures["serialised_identical"] += serialise(oracle, body=record.body) == data
    article = article_of(record, path)
    figures["misfits"] += bool(article.misfits)
    figures["answers_back"] += edit_record(record, Edit(Url(""), "answer", article.answer, "")).data == data


def lines_but_score(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if not line.startswith(b"score:")]


def timed(paths: list[Path]) -> dict[str, float]:
    """Microseconds of CPU a record on every tenth file: parse alone, then parse and type."""
    held = [path.read_bytes() for path in paths[::10]]
    start = time.process_time()
    records = [parse(data) for data in held]
    middle = time.process_time()
    for record in records:
        article_of(record, PurePosixPath("content/learn/x/y.md"))
    end = time.process_time()
    return {
        "parse": round((middle - start) / len(held) * 1e6, 1),
        "article_of": round((end - middle) / len(held) * 1e6, 1),
    }


if __name__ == "__main__":
    main()
