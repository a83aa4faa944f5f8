"""Which judge a command line asks for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from responsa.errors import UsageError
from responsa.evidence.budget import Purse
from responsa.evidence.chat import charged, http
from responsa.evidence.claims import Claim
from responsa.evidence.embedded import NAME, Embedded
from responsa.evidence.endpoint import Endpoint, kept
from responsa.evidence.judge import Judge
from responsa.evidence.local import Local, OnnxScorer
from responsa.evidence.postings import names
from responsa.evidence.retrieval import Hit
from responsa.evidence.verdict import Finding
from responsa.index.hub import fetched

ONNX: Final = "onnx:"
HUB: Final = "hub:"


class Wanted(Struct, frozen=True):
    """``judge`` is empty for the embedded checker, a model's folder or name, or an endpoint's address (``model``)."""

    judge: str = ""
    model: str = ""
    stream: bool = False

    @property
    def endpoint(self) -> bool:
        """Whether requests are sent."""
        return bool(self.judge) and not self.judge.startswith((ONNX, HUB))


def wanted(judge: str, model: str, *, stream: bool = False) -> Wanted:
    """What `--judge` and `--model` mean together. Raises ``UsageError``."""
    found = Wanted(judge, model, stream)
    if judge.startswith(ONNX) and not Path(judge.removeprefix(ONNX)).is_dir():
        raise UsageError(f"--judge {judge}: no such folder; expected onnx:FOLDER with model.onnx and tokenizer.json")
    if found.endpoint:
        http(judge)
        if not model:
            raise UsageError("--judge with an address needs --model: the model that the endpoint shall ask")
    elif model:
        raise UsageError("--model belongs to --judge with the address of an endpoint")
    return found


class ByPassages:
    """The embedded checker with the names that the passages in hand write with a capital.

    Names of the whole shelf would make a verdict depend on sources that have nothing to do with it.
    """

    name = NAME

    def judge(self, claim: Claim, hits: Sequence[Hit]) -> Finding:
        """See ``Judge``."""
        return Embedded(names(hit.passage for hit in hits)).judge(claim, hits)


def judge_of(choice: Wanted, answers: Path, purse: Purse, key: str = "") -> Judge:
    """``answers``: the folder of what an endpoint answered before. ``key`` is sent to it and to nobody else."""
    embedded = ByPassages()
    if not choice.judge:
        return embedded
    if not choice.endpoint:
        return Local(_scorer(choice.judge), embedded)
    transport = kept(answers, charged(http(choice.judge, key), purse))
    return Endpoint(choice.model, transport, embedded, stream=choice.stream)


def _scorer(judge: str) -> OnnxScorer:
    if judge.startswith(HUB):
        name = judge.removeprefix(HUB)
        return OnnxScorer(fetched(name), name.partition("@")[0].replace("/", "-"))
    return OnnxScorer(Path(judge.removeprefix(ONNX)))
