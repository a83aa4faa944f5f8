"""What pages lean on and a machine without network has not, played on it: a model, two registries, a hub."""

import json
import re
from contextlib import contextmanager

from docs_run import StandIns

from draft.fake_model import Fake, answer, sentence, serving
from evidence.registry import article, served, work
from evidence.tiny_model import write
from index.test_hub import hub_with

NEEDS = frozenset(
    {"a model", "the network", "the draft above", "the old site's sitemap", "a proxy that speaks TLS"}
    | {"an agent at its standard input and output"}
)
WORDS = {
    "http://localhost:11434/v1": "http://127.0.0.1/v1",
    "OWNER/NAME@REVISION": "acme/nli@main",
    "OWNER/NAME": "acme/nli",
    "MODELS/nli": "nli",
    "NAME": "a-model",
}
"""What pages call it, and what it is called here."""
LABELS = ["entailment", "neutral", "contradiction"]


class Writer(Fake):
    """Writes what its passages say of the question, and judges that nothing is said of a claim."""

    def reply(self, request):
        data = json.loads(request["messages"][1]["content"])
        if "claim" in data:
            return {"verdict": "none", "passage": 0, "quote": ""}
        asked = words_of(data["question"])
        told = [(text, one["number"]) for one in data["passages"] for text in re.split(r"(?<=[.!?])\s+", one["text"])]
        told.sort(key=lambda pair: (-len(asked & words_of(pair[0])), pair))
        return answer(*(sentence(text, number) for text, number in told[:3]))


class Everything(dict):
    """A registry in which every number has a work."""

    def __contains__(self, number):
        return True

    def __missing__(self, number):
        return work(number) if "/" in number else article(number)


def words_of(text):
    return set(re.findall(r"[a-z]{4,}", text.lower()))


@contextmanager
def stand_ins(folder):
    """``folder`` is where the small model lies."""
    model = write(folder / "nli", {"confirmed": [160.0, 0.0, 0.0]}, LABELS)
    held = {path.name: path.read_bytes() for path in model.iterdir()}
    files = {"onnx/model.onnx": held.pop("model.onnx"), **held}
    with serving(Writer()) as address, served() as (registry, services), hub_with(files) as (hub, _):
        registry.articles, registry.works = Everything(), Everything()
        words = WORDS | {"http://localhost:11434/v1": address, "MODELS/nli": str(model)}
        hubs = {"HF_ENDPOINT": hub, "HF_HOME": str(folder / "hub"), "HF_HUB_DISABLE_TELEMETRY": "1"}
        yield StandIns(NEEDS, words, {**services, **hubs})
