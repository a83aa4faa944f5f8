"""Drafts at the desk: read beside what they cite, accepted by one commit, refused for good."""

import pytest
from desk_library import ASKED, TODAY, run, waiting_draft
from desk_server import fields_of

from fake_encoder import FakeEncoder
from responsa.draft.drafts import SavedRefusal, listed, save
from responsa.draft.outcome import Reason, Refusal
from responsa.library import git
from responsa.library.library import read
from responsa.serve.desk.drafts import tasks_of_drafts


@pytest.fixture(autouse=True)
def _no_model(monkeypatch):
    monkeypatch.setattr("responsa.draft.filing.encoder_of", lambda _library: FakeEncoder())


def test_a_draft_becomes_an_article_by_one_commit_and_a_draft_again_by_another(ann, desk, library):
    one = waiting_draft(read(library))
    desk.queue.drafts(tasks_of_drafts(read(library)))
    assert ASKED in ann.get("/desk/queue", kind="draft").text
    page = ann.get(f"/desk/draft?path={one.name}")
    assert "Carried" in page.text
    form = fields_of(page.text, "/desk/draft")
    answer = ann.post("/desk/draft", {**form, "do": "accept"})
    assert answer.status_code == 303, answer.text
    commit = git.log(library)[0]
    assert commit.author.name == "Ann Editor"
    assert commit.subject == f"Accept a draft: {ASKED}"[:100]
    assert list(listed(read(library))) == []
    assert run(library, "status", "--porcelain") == ""
    assert ASKED in ann.get(answer.headers["location"]).text
    assert ann.post("/desk/undo", {"csrf": form["csrf"], "id": commit.id}).status_code == 303
    assert [waiting.entry.question for waiting in listed(read(library))] == [ASKED]
    assert run(library, "status", "--porcelain") == ""


def test_a_refusal_is_shown_with_its_reason_and_can_only_be_put_away(ann, library):
    refusal = Refusal(ASKED, Reason.NO_SOURCES, "<b>No</b> passage answers it.", "quotes/1")
    one = save(read(library), refusal, None, b"", TODAY)
    assert isinstance(one.entry, SavedRefusal)
    page = ann.get(f"/desk/draft?path={one.name}")
    assert "&lt;b&gt;No" in page.text
    form = fields_of(page.text, "/desk/draft")
    assert ann.post("/desk/draft", {**form, "do": "accept"}).status_code == 409
    assert ann.post("/desk/draft", {**form, "do": "away"}).status_code == 303
    assert list(listed(read(library))) == []
