"""A judge model of one's own in a folder: an NLI or MiniCheck-style cross-encoder as an ONNX graph.

The folder holds `model.onnx`, `tokenizer.json` and `config.json`, whose `id2label` says what the outputs mean.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from msgspec import Struct, structs

from responsa.errors import MissingExtraError, ResponsaError, UsageError
from responsa.evidence.claims import Claim
from responsa.evidence.judge import Judge
from responsa.evidence.retrieval import Hit, windows
from responsa.evidence.verdict import Finding, Verdict
from responsa.evidence.words import words
from responsa.index.hub import GRAPHS

SUPPORTED: Final = 0.5
CONTRADICTED: Final = 0.9
"""Small models see contradictions where a passage speaks of something else: they must be surer of it."""
VERSION: Final = 1
"""Of what is made of a model's outputs: another one makes verdicts stale."""
TOKENS: Final = 512
_SUPPORT: Final = frozenset({"entailment", "entail", "supported", "support", "supports", "consistent", "yes"})
_AGAINST: Final = frozenset({"contradiction", "contradicted", "contradict", "refuted", "refutes", "refute"})
_NEITHER: Final = frozenset(
    "neutral not_entailment unsupported not_supported nei not_enough_info inconsistent no".split()
)


class Chances(Struct, frozen=True):
    """How likely a passage supports a claim, and how likely it contradicts it."""

    supported: float
    contradicted: float


class Scorer(Protocol):
    """A cross-encoder. ``name`` changes whenever what it says would."""

    @property
    def name(self) -> str:
        """With a fingerprint of the model."""
        ...

    def chances(self, passage: str, claim: str) -> Chances:
        """Depends on the two texts alone."""
        ...


class Local:
    """Says supported or contradicted by the passage that its model is surest of.

    What the embedded checker finds quoted is not asked about; `supported` is not said where the words differ.
    """

    def __init__(self, scorer: Scorer, embedded: Judge) -> None:
        self.scorer, self.embedded = scorer, embedded

    @property
    def name(self) -> str:
        """Model, version and the checker beside it."""
        return f"{self.scorer.name}/{VERSION}+{self.embedded.name}"

    def judge(self, claim: Claim, hits: Sequence[Hit]) -> Finding:
        """See ``Judge``."""
        own = structs.replace(self.embedded.judge(claim, hits), judge=self.name)
        if not hits or own.verdict is Verdict.QUOTED:
            return own
        said = f"{claim.lead}: {claim.text}" if claim.lead and claim.kind.value in {"item", "row"} else claim.text
        found = [(self.scorer.chances(hit.passage.text, said), hit) for hit in hits]
        supporting, by = max(found, key=lambda entry: entry[0].supported)
        if supporting.supported >= SUPPORTED and own.verdict is not Verdict.DIFFERS:
            return self._said(Verdict.SUPPORTED, supporting.supported, claim, by, own)
        opposing, against = max(found, key=lambda entry: entry[0].contradicted)
        if opposing.contradicted >= CONTRADICTED and supporting.supported < SUPPORTED:
            return self._said(Verdict.CONTRADICTED, opposing.contradicted, claim, against, own)
        return own

    def _said(self, verdict: Verdict, chance: float, claim: Claim, hit: Hit, own: Finding) -> Finding:
        # Two digits: the last ones of a float differ from processor to processor.
        reason = f"{self.scorer.name}: {verdict.value} with {chance:.2f}"
        return Finding(
            verdict, round(chance, 2), self.name, hit.passage.id, _quote(claim, hit), reason=reason, nearest=own.nearest
        )


def _quote(claim: Claim, hit: Hit) -> str:
    """The sentence of the passage that shares most with the claim; the first of several."""
    own = {word.key: word.weight for word in words(claim.text)}
    shared = [
        (
            round(sum(weight for key, weight in own.items() if key in window.keys), 6),
            -len(window.text),
            -at,
            window.text,
        )
        for at, window in enumerate(windows(hit.passage.text))
    ]
    return max(shared)[-1] if shared else hit.passage.text


class OnnxScorer:
    """Runs the graph a pair at a time, so that no pair depends on what else is scored.

    ``called`` is its name in verdicts, the folder's where not given.
    """

    def __init__(self, folder: Path, called: str = "", threads: int = 1) -> None:
        if find_spec("onnxruntime") is None or find_spec("tokenizers") is None or find_spec("numpy") is None:
            raise MissingExtraError("what runs a judge model (onnxruntime, tokenizers)", "search")
        graph = next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
        if graph is None or not (folder / "tokenizer.json").is_file() or not (folder / "config.json").is_file():
            raise UsageError(f"{folder}: a judge's folder holds model.onnx, tokenizer.json and config.json")
        config = _config(folder / "config.json")
        self._labels = _labels(folder / "config.json", config)
        self._numpy = import_module("numpy")
        self._tokenizer = _tokenizer(folder / "tokenizer.json", _longest(config))
        self._session = _session(graph, threads)
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self.name = (
            f"{called or folder.resolve().name}-{_digest(graph, folder / 'tokenizer.json', folder / 'config.json')}"
        )

    def chances(self, passage: str, claim: str) -> Chances:
        """See ``Scorer``."""
        encoded = self._tokenizer.encode(passage, claim)
        values = {
            "input_ids": encoded.ids, "attention_mask": encoded.attention_mask, "token_type_ids": encoded.type_ids,
        }  # fmt: skip
        fed = {name: self._numpy.array([values[name]], self._numpy.int64) for name in self._inputs if name in values}
        try:
            logits = [float(value) for value in self._session.run(None, fed)[0].reshape(-1)]
        except Exception as error:
            raise ResponsaError(f"{self.name}: the model cannot be run: {str(error)[:200]}") from error
        if len(logits) != len(self._labels):
            raise ResponsaError(f"{self.name}: gives {len(logits)} values, but config.json names {len(self._labels)}")
        chances = _softmax(logits)
        return Chances(*(sum(p for p, label in zip(chances, self._labels, strict=True) if label in wanted)
                         for wanted in (_SUPPORT, _AGAINST)))  # fmt: skip


def _softmax(logits: list[float]) -> list[float]:
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    return [power / sum(powers) for power in powers]


def _config(file: Path) -> dict[str, Any]:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResponsaError(f"{file}: is no JSON that can be read") from error
    return held if isinstance(held, dict) else {}


def _labels(file: Path, config: dict[str, Any]) -> list[str]:
    """What each output means, in order."""
    named = config.get("id2label")
    labels = (
        [str(named.get(str(at), "")).casefold().replace(" ", "_") for at in range(len(named))]
        if isinstance(named, dict)
        else []
    )
    known = _SUPPORT | _AGAINST | _NEITHER
    if not any(label in _SUPPORT for label in labels) or not all(label in known for label in labels):
        told = ", ".join(labels) or "nothing"
        raise UsageError(
            f"{file}: id2label names {told}; expected entailment, neutral and contradiction, or supported and "
            "unsupported: write there what the model's outputs mean"
        )
    return labels


def _longest(config: dict[str, Any]) -> int:
    given = config.get("max_position_embeddings")
    return min(given, TOKENS) if isinstance(given, int) and given > 8 else TOKENS  # noqa: PLR2004 - room for a pair


def _tokenizer(path: Path, tokens: int) -> Any:  # noqa: ANN401 - the library is untyped
    try:
        tokenizer = import_module("tokenizers").Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(tokens, strategy="longest_first")  # the passage, which is longer than a claim
    except Exception as error:
        raise ResponsaError(f"{path}: is no tokenizer: {str(error)[:200]}") from error
    return tokenizer


def _session(graph: Path, threads: int) -> Any:  # noqa: ANN401 - the library is untyped
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ResponsaError(f"{graph}: is no ONNX graph that can be run: {str(error)[:200]}") from error


def _digest(*paths: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path in paths:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()
