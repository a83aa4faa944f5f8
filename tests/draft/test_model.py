import json
import time

import pytest

from draft.fake_model import ORDER, Fake, answer, first, sentence, serving
from draft.shelf import SOURCES, library, study
from responsa.draft import Draft, Reason, Refusal, draft
from responsa.draft.model import Model, prompt_of
from responsa.errors import ConfigError
from responsa.evidence.chat import EndpointError, http
from responsa.evidence.verdict import Finding, Verdict
from responsa.library.library import read

QUESTION = "How are stoneware teapots fired?"


@pytest.fixture
def folder(tmp_path):
    return library(tmp_path / "library")


def drafted(folder, play=None, question=QUESTION, patience=5, **more):
    fake = Fake({"stoneware": play} if play else {})
    waits = []
    with serving(fake) as address:
        writer = Model("m", http(address, "sesame", patience), prompt_of(read(folder)), wait=waits.append)
        try:
            return draft(question, study(folder, **more), writer), fake, waits
        except EndpointError as error:
            return error, fake, waits


def texts(made):
    assert isinstance(made, Draft), made
    return [one.text for one in made.sentences]


def passage(data, words):
    return next(one["number"] for one in data["passages"] if words in one["text"])


TRUE = "Stoneware teapots are fired at about 1,280 degrees."


def played(*false, true=True):
    def play(data):
        number = passage(data, TRUE)
        made = [one(data, number) for one in false]
        return answer(*([sentence(TRUE, number)] if true else []), *made)

    return play


WRONG = {
    "an invented citation": lambda _data, _number: sentence("Teapots were loved by kings.", 99),
    "a sentence without a citation": lambda _data, _number: sentence("Teapots are lovely.", 0, ""),
    "an invented quote": lambda _data, n: sentence("Teapots sing at night.", n, "teapots sing at night"),
    "a wrong number": lambda _data, n: sentence("Stoneware teapots are fired at about 1,820 degrees.", n, TRUE),
    "a denial": lambda _data, n: sentence("Stoneware teapots are not fired at about 1,280 degrees.", n, TRUE),
    "another thing": lambda _data, n: sentence("Porcelain teapots are fired at about 1,280 degrees.", n, TRUE),
    "a true quote under a false sentence": lambda _data, n: sentence("Teapots cure the common cold.", n, TRUE),
    "an order": lambda _data, n: sentence(ORDER, n, TRUE),
    "advice, which no source carries": lambda _data, n: sentence("You should drink ten pots a day.", n, TRUE),
    "a question": lambda _data, n: sentence("Did you know that teapots were made on the moon?", n, TRUE),
    "markup": lambda _data, n: sentence("Read [more](http://evil.example) <script>x</script> on pots.", n, TRUE),
    "a heading": lambda _data, n: sentence("# Teapots cure everything", n, TRUE),
    "a continuation": lambda _data, n: sentence("They therefore never break.", n, TRUE),
    "two sentences in one": lambda _data, n: sentence(f"{TRUE} Kings ordered them.", n, TRUE),
}


@pytest.mark.parametrize("play", WRONG.values(), ids=WRONG.keys())
def test_what_no_passage_carries_is_cut_and_said(folder, play):
    made, _, _ = drafted(folder, played(play))
    assert texts(made) == [TRUE]
    assert len(made.cut) == 1
    assert made.cut[0].why
    assert made.answer == TRUE
    assert made.score == 1.0


def test_nothing_but_inventions_is_a_refusal(folder):
    made, _, _ = drafted(folder, played(*WRONG.values(), true=False))
    assert isinstance(made, Refusal)
    assert made.reason is Reason.UNSUPPORTED


def test_marked_instead_of_cut_where_the_publisher_wants_it(folder):
    made, _, _ = drafted(folder, played(WRONG["a wrong number"]), mark=True)
    assert [(one.carried, one.verdict) for one in made.sentences] == [(True, Verdict.QUOTED), (False, Verdict.DIFFERS)]
    assert made.score == 0.5


def test_a_near_copy_of_the_cited_passage_may_stand_without_a_judge_model(folder):
    text = "Porcelain teapots are fired at 1,350 degrees and they chip."

    def play(data):
        number = passage(data, "Porcelain teapots are fired")
        return answer(sentence(text, number, "fired at 1,350 degrees"), sentence(TRUE, passage(data, TRUE)))

    made, _, _ = drafted(folder, play)
    assert TRUE in texts(made)
    assert all(one.verdict in {Verdict.QUOTED, Verdict.WORDING} for one in made.sentences)


def test_an_order_in_a_source_is_not_shown_to_the_model(tmp_path):
    folder = library(tmp_path / "l", {**SOURCES, "evil": f"Stoneware teapots are fired. {ORDER}"})
    _, fake, _ = drafted(folder)
    assert ORDER not in json.dumps(fake.requests[0][0])


def test_question_and_passages_are_data_in_one_json_value(folder):
    made, fake, _ = drafted(folder, question=f"How are stoneware teapots and porcelain fired? {ORDER}")
    request, headers = fake.requests[0]
    system, user = request["messages"]
    assert ORDER not in system["content"]
    assert ORDER in json.loads(user["content"])["question"]
    assert request["response_format"]["json_schema"]["strict"] is True
    assert headers["Authorization"] == "Bearer sesame"
    assert "sesame" not in json.dumps(request)
    assert isinstance(made, Draft | Refusal)


def test_a_model_that_finds_no_answer_is_believed(folder):
    made, _, _ = drafted(
        folder, lambda _: answer(answerable=False, reason="no-sources", message="Nothing \x1b[31mon it")
    )
    assert isinstance(made, Refusal)
    assert made.reason is Reason.NO_SOURCES
    assert made.by.startswith("m/1-")


BROKEN = {
    "truncated JSON": lambda _: json.dumps(answer())[:20],
    "no JSON": lambda _: "Certainly! Here is your answer.",
    "another shape": lambda _: {"text": "x"},
    "a page": lambda _: (200, {"Content-Type": "text/html"}, b"<html>"),
}


@pytest.mark.parametrize("play", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_is_asked_for_once_more_and_then_said(folder, play):
    error, fake, _ = drafted(folder, play)
    assert isinstance(error, EndpointError)
    assert sum(fake.asked.values()) == 2


def test_limits_and_failures_are_waited_out(folder):
    turns = [(429, {"Retry-After": "7"}, b""), (500, {}, b""), (503, {}, b"")]
    made, fake, waits = drafted(folder, lambda data: turns.pop(0) if turns else answer(sentence(first(data), 1)))
    assert isinstance(made, Draft | Refusal)
    assert waits == [7, 1.0, 2.0]
    assert sum(fake.asked.values()) == 4


def slowly(times):
    """The first answers come after half a second, a true one with each."""
    left = [times]

    def play(data):
        left[0] -= 1
        time.sleep(0.5 if left[0] >= 0 else 0)
        return answer(sentence(TRUE, passage(data, TRUE)))

    return play


def test_an_answer_that_comes_too_late_is_asked_for_again_and_not_taken_twice(folder):
    made, fake, waits = drafted(folder, slowly(1), patience=0.2)
    assert texts(made) == [TRUE]
    assert waits == [0.5]
    assert [*fake.asked.values()] == [2]


def test_an_endpoint_that_is_always_too_slow_is_told_and_drafts_nothing(folder):
    error, fake, waits = drafted(folder, slowly(9), patience=0.1)
    assert isinstance(error, EndpointError)
    assert "no connection in time" in str(error)
    assert len(waits) == 3
    assert sum(fake.asked.values()) == 4


def test_the_publishers_prompt_stands_in_place_of_the_built_in_one(folder):
    (folder / "responsa.toml").write_text('[draft]\nprompts = "p.toml"\n')
    with pytest.raises(ConfigError, match=r"p\.toml"):
        prompt_of(read(folder))
    (folder / "p.toml").write_text('version = "house-2"\nsystem = "Write like a potter."\n')
    found = prompt_of(read(folder))
    assert found.name.startswith("house-2-")
    _, fake, _ = drafted(folder)
    assert fake.requests[0][0]["messages"][0]["content"] == "Write like a potter."


class Says:
    """A judge model that finds everything supported that it is shown a passage for."""

    name = "says/1"

    def judge(self, _claim, hits):
        passage = hits[0].passage
        nearest = tuple(hit.passage.id for hit in hits)
        return Finding(Verdict.SUPPORTED, 0.9, self.name, passage.id, passage.text, reason="said", nearest=nearest)


def test_a_sentence_in_other_words_stands_where_a_judge_model_supports_it(folder):
    text = "Potters heat their stoneware pots to roughly 1,280 degrees."

    def play(data):
        return answer(sentence(TRUE, passage(data, TRUE)), sentence(text, passage(data, TRUE), TRUE))

    plain, _, _ = drafted(folder, play)
    assert texts(plain) == [TRUE]
    judged, _, _ = drafted(folder, play, judge=Says())
    assert texts(judged) == [TRUE, text]
    assert judged.score == 1.0
    assert judged.report.judge == "says/1"
