"""A judge model of three numbers a word, small enough to be written by hand: the bytes of an ONNX graph.

The logits are the mean of the rows that `table` gives the words of passage and claim. Field numbers are those of
onnx.proto3 (ONNX 1.7, ir_version 7, opset 11).
"""

import json
import struct


def _varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    value = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _node(operation, inputs, output, attributes=b""):
    names = b"".join(_bytes(1, name) for name in inputs)
    return _bytes(1, names + _bytes(2, output) + _bytes(4, operation) + attributes)


def _tensor(name, rows):
    shape = _number(1, len(rows)) + _number(1, len(rows[0]))
    data = b"".join(struct.pack("<f", value) for row in rows for value in row)
    return _bytes(5, shape + _number(2, 1) + _bytes(8, name) + _bytes(9, data))


def _value(field, name, kind, *shape):
    dims = b"".join(_bytes(1, _bytes(2, dim) if isinstance(dim, str) else _number(1, dim)) for dim in shape)
    return _bytes(field, _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, dims))))


def graph(rows):
    """`input_ids` (1, n) of int64 in, `logits` (1, labels) out."""
    axes = _bytes(5, _bytes(1, "axes") + _number(8, 1) + _number(20, 7))
    flat = _bytes(5, _bytes(1, "keepdims") + _number(3, 0) + _number(20, 2))
    body = (
        _node("Gather", ["table", "input_ids"], "rows")
        + _node("ReduceMean", ["rows"], "logits", axes + flat)
        + _bytes(2, "tiny")
        + _tensor("table", rows)
        + _value(11, "input_ids", 7, 1, "n")
        + _value(12, "logits", 1, 1, len(rows[0]))
    )
    return _number(1, 7) + _bytes(7, body) + _bytes(8, _bytes(1, "") + _number(2, 11))


def write(folder, words, labels):
    """A model's folder: ``words`` maps a word to its row, every other word counts nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {"[UNK]": 0, **{word: number for number, word in enumerate(words, 1)}}
    (folder / "model.onnx").write_bytes(graph([[0.0] * len(labels), *words.values()]))
    (folder / "config.json").write_text(json.dumps({"id2label": {str(n): label for n, label in enumerate(labels)}}))
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": None,
        "decoder": None, "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }  # fmt: skip
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    return folder
