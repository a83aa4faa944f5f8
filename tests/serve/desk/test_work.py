"""What an editor does, as forms: each accepted change is one commit of theirs, and nothing is lost on the way."""

import html
import json
import re
import shutil

import pytest
from desk_library import AGAIN, AGAIN_FILE, BCLC, BCLC_FILE, REFUSED, TRANSPLANT, TRANSPLANT_FILE, TWICE, run
from desk_server import fields_of

from responsa.library import git
from responsa.library.library import read
from responsa.records.fingerprint import fingerprint


@pytest.fixture
def library(tmp_path, troubled_library):
    return shutil.copytree(troubled_library, tmp_path / "library")


def article(library, path):
    return read(library).article(read(library).content.parent.parent / path)


def newest(library):
    return git.log(library)[0]


def test_the_queue_is_ordered_by_harm(ann):
    page = ann.get("/desk/queue").text
    places = [
        page.index(word) for word in ("at most 8 cm", "declines to answer", "other liver tumours", "Also asked at")
    ]
    assert places == sorted(places)


def test_the_queue_is_filtered_by_kind_subject_and_words(ann):
    assert "at most 8 cm" in ann.get("/desk/queue", kind="differs").text
    assert "declines" not in ann.get("/desk/queue", kind="differs").text.split('class="rows"')[1]
    assert "at most 8 cm" not in ann.get("/desk/queue", subject="health-studies").text
    assert "at most 8 cm" in ann.get("/desk/queue", text="MILAN").text
    assert "Nothing here needs anybody" in ann.get("/desk/queue", text="100%_nothing'\"").text


def test_an_article_is_shown_beside_what_its_source_says(ann):
    page = ann.get("/desk/article", url=TRANSPLANT).text
    assert 'class="v differs"' in page
    assert "<del>8 cm</del>" in page
    assert "<ins>5 cm</ins>" in page
    assert "Differs from the source" in page


def test_a_corrected_number_is_one_commit_with_score_and_ledger_and_leaves_the_queue(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=TRANSPLANT)
    form["answer"] = form["answer"].replace("at most 8 cm", "at most 5 cm", 1)
    answer = ann.post("/desk/edit", {**form, "do": "save"})
    assert answer.status_code == 303
    commit = newest(library)
    assert (commit.author.name, commit.author.email) == ("Ann Editor", "ann@example.org")
    assert {str(path) for path in git.changed(library, commit.id)} == {
        TRANSPLANT_FILE,
        TRANSPLANT_FILE.replace("content/learn", "evidence").replace(".md", ".json"),
    }
    ledger = json.loads((library / "evidence/medicine" / f"{TRANSPLANT.rpartition('/')[2]}.json").read_text())
    found = article(library, TRANSPLANT_FILE)
    assert ledger["of"] == fingerprint(found.answer)
    assert found.score == ledger["score"] == 1.0
    assert run(library, "status", "--porcelain") == ""
    assert "at most 8 cm" not in ann.get("/desk/queue").text
    assert "Saved as" in ann.get(answer.headers["location"]).text


def test_only_the_lines_that_were_edited_change(ann, library):
    before = (library / BCLC_FILE).read_bytes().splitlines()
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    ann.post("/desk/edit", {**form, "description": "A new description.", "do": "save"})
    after = (library / BCLC_FILE).read_bytes().splitlines()
    assert [line for line in after if line not in before] == [b"    A new description."]


def test_nothing_changed_is_no_commit(ann, library):
    before = newest(library).id
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    ann.post("/desk/edit", {**form, "do": "save"})
    assert newest(library).id == before


@pytest.mark.parametrize("field", ["question", "answer", "description"])
def test_a_sign_that_no_page_can_show_is_not_saved(ann, library, field):
    before = newest(library).id
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    page = ann.post("/desk/edit", {**form, "do": "save", field: "What\x1b is it?"})
    assert page.status_code == 422
    assert f"the {field} holds a sign that no page can show (U+001B)" in page.text
    assert newest(library).id == before


def test_a_preview_writes_nothing_and_says_what_would_differ(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=TRANSPLANT)
    form["answer"] = "The Milan criteria allow one tumour of at most 9 cm, or two or three of at most 3 cm each."
    for path in ("/desk/preview", "/desk/edit"):
        page = ann.post(path, {**form, "do": "preview"}).text
        assert "9 cm" in page
        assert "Differs from the source" in page
    assert "9 cm" not in (library / TRANSPLANT_FILE).read_text()


def test_two_editors_on_one_article_meet_a_conflict_and_neither_loses_a_word(ann, bob, library):
    mine, theirs = (editor.form("/desk/edit", "/desk/edit", url=BCLC) for editor in (ann, bob))
    mine["answer"] += "\n\nAnn's last words."
    theirs["answer"] += "\n\nBob's last words."
    assert bob.post("/desk/edit", {**theirs, "do": "save"}).status_code == 303
    conflict = ann.post("/desk/edit", {**mine, "do": "save"})
    assert conflict.status_code == 409
    text = html.unescape(conflict.text)
    assert "Bob Editor saved a change" in text
    assert "Ann's last words." in text
    assert "Bob's last words." in text
    assert "Ann's" not in (library / BCLC_FILE).read_text()
    again = ann.post("/desk/edit", {**fields(conflict.text), "do": "save"})
    assert again.status_code == 303
    assert "Ann's last words." in (library / BCLC_FILE).read_text()
    assert newest(library).author.name == "Ann Editor"


def fields(page):

    return fields_of(page, "/desk/edit")


def test_a_change_made_outside_of_the_desk_is_a_conflict_too(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    (library / BCLC_FILE).write_text((library / BCLC_FILE).read_text().replace("BCLC", "B.C.L.C."))
    assert ann.post("/desk/edit", {**form, "answer": "Mine.", "do": "save"}).status_code == 409


def test_a_stamp_holds_until_the_answer_changes(ann, library):
    form = ann.form("/desk/article", "/desk/decide", url=BCLC)
    ann.post("/desk/decide", {**form, "do": "review", "review_by": "2027-11-25"})
    found = article(library, BCLC_FILE)
    assert (found.reviewed.by, str(found.reviewed.on)) == ("Ann Editor", "2026-11-25")
    assert found.reviewed.of == fingerprint(found.answer)
    assert str(found.review_by) == "2027-11-25"
    edit = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    ann.post("/desk/edit", {**edit, "answer": edit["answer"] + " More.", "do": "save"})
    assert "void: changed since" in ann.get("/desk/article", url=BCLC).text
    assert "the answer has changed since it was reviewed" in ann.get("/desk/queue", kind="review").text


def test_a_review_that_is_due_waits_in_the_queue_from_its_day_on(ann):
    for day, waits in (("2026-11-26", False), ("2026-11-25", True)):
        form = ann.form("/desk/article", "/desk/decide", url=BCLC)
        assert ann.post("/desk/decide", {**form, "do": "due", "review_by": day}).status_code == 303
        assert ("The review was due on" in ann.get("/desk/queue", kind="review").text) is waits


def test_an_accepted_claim_leaves_the_queue_until_its_words_change(ann, library):
    form = ann.form("/desk/article", "/desk/decide", url=TRANSPLANT)
    assert ann.post("/desk/decide", {**form, "do": "accept"}).status_code == 303
    kept = article(library, TRANSPLANT_FILE).extra["accepted"]
    assert [(entry["verdict"], entry["by"]) for entry in kept] == [("differs", "Ann Editor")]
    assert "at most 8 cm" not in ann.get("/desk/queue").text
    assert "accepted by an editor" in ann.get("/desk/article", url=TRANSPLANT).text
    edit = ann.form("/desk/edit", "/desk/edit", url=TRANSPLANT)
    edit["answer"] = edit["answer"].replace("at most 8 cm", "at most 7 cm", 1)
    ann.post("/desk/edit", {**edit, "do": "save"})
    assert "at most 7 cm" in ann.get("/desk/queue", kind="differs").text


def test_related_questions_are_changed_slot_by_slot(ann, library):
    form = ann.form("/desk/links", "/desk/links", url=BCLC)
    urls = [*form["link"]]
    wanted = [TRANSPLANT, "", *[url for url in urls if url != TRANSPLANT][:3]]
    assert ann.post("/desk/links", {**form, "link": wanted}).status_code == 303
    links = {link.slot: link.url for link in article(library, BCLC_FILE).related}
    assert links == {slot: url for slot, url in enumerate(wanted, 1) if url}


@pytest.mark.parametrize("url", ["/learn/nowhere", BCLC, "javascript:alert(1)", "//evil.example/x"])
def test_a_related_question_that_is_none_is_refused_and_the_choice_stays(ann, url, library):
    form = ann.form("/desk/links", "/desk/links", url=BCLC)
    before = newest(library).id
    answer = ann.post("/desk/links", {**form, "link": [url, *form["link"][1:]]})
    assert answer.status_code == 422
    assert html.escape(url).replace("/", "&#x2f;") in answer.text or url in html.unescape(answer.text)
    assert newest(library).id == before


def test_duplicates_become_one_article_by_one_commit_and_are_two_again_by_another(ann, library):
    form = ann.form("/desk/merge", "/desk/merge", url=TWICE)
    chosen = {**form, "stays": TWICE, "goes": [AGAIN]}
    preview = ann.post("/desk/merge", chosen)
    assert "The file is removed." in preview.text
    assert (library / AGAIN_FILE).exists(), "only shown"

    answer = ann.post("/desk/merge", fields_of(preview.text, "/desk/merge"))
    assert answer.status_code == 303
    assert not (library / AGAIN_FILE).exists()
    merge = newest(library)
    assert article(library, str(TWICE_PATH)).aliases == (AGAIN,)
    assert run(library, "status", "--porcelain") == ""
    ann.post("/desk/undo", {"csrf": form["csrf"], "id": merge.id})
    assert (library / AGAIN_FILE).exists()
    assert article(library, str(TWICE_PATH)).aliases == ()


TWICE_PATH = "content/learn/medicine/what-do-the-li-rads-categories-mean.md"


def test_undo_is_offered_after_a_save_and_takes_it_back(ann, library):
    before = (library / BCLC_FILE).read_bytes()
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    page = ann.post("/desk/edit", {**form, "answer": "Short.", "do": "save"}, follow=True)

    assert ann.post("/desk/undo", fields_of(page.text, "/desk/undo")).status_code == 303
    assert (library / BCLC_FILE).read_bytes() == before
    assert newest(library).subject.startswith("Undo: Edit: How is hepatocellular")


def test_several_articles_are_stamped_after_a_look_at_what_would_change(ann, library):
    queue = ann.get("/desk/queue").text

    csrf = fields_of(queue, "/desk/batch")["csrf"]
    asked = {"csrf": csrf, "url": [BCLC, TRANSPLANT, "/learn/gone"], "do": "review", "review_by": "2028-01-01"}
    preview = ann.post("/desk/batch", asked)
    assert "2 files change" in preview.text
    assert "no article has this address" in preview.text
    assert article(library, BCLC_FILE).reviewed is None
    answer = ann.post("/desk/batch", fields_of(preview.text, "/desk/batch"))
    assert answer.headers["location"].startswith("/desk/change?id=")
    commit = newest(library)
    assert {str(path) for path in git.changed(library, commit.id)} == {BCLC_FILE, TRANSPLANT_FILE}
    assert article(library, BCLC_FILE).reviewed.by == "Ann Editor"


def test_a_batch_leaves_out_what_changed_after_it_was_shown(ann, library):

    csrf = fields_of(ann.get("/desk/queue").text, "/desk/batch")["csrf"]
    preview = ann.post("/desk/batch", {"csrf": csrf, "url": [BCLC, TRANSPLANT], "do": "review"})
    (library / BCLC_FILE).write_text((library / BCLC_FILE).read_text().replace("BCLC", "B.C.L.C."))
    ann.post("/desk/batch", fields_of(preview.text, "/desk/batch"))
    assert article(library, BCLC_FILE).reviewed is None
    assert article(library, TRANSPLANT_FILE).reviewed is not None


def test_a_refused_article_can_be_hidden(ann, library):
    form = ann.form("/desk/article", "/desk/decide", url=REFUSED)
    assert ann.post("/desk/decide", {**form, "do": "hide"}).status_code == 303
    assert article(library, "content/learn/medicine/refused.md").no_index


def test_the_way_through_the_queue_goes_on_where_something_was_done(ann):
    first = ann.get("/desk/go", at="0").headers["location"]
    assert "at=0" in first
    page = ann.get(first).text
    assert "/desk/go?at=1" in html.unescape(page)


def test_words_written_while_signed_out_are_not_lost(ann, library):
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    ann.post("/desk/logout", {"csrf": form["csrf"]})
    answer = ann.post("/desk/edit", {**form, "answer": "Written for an hour.", "do": "save"})
    assert answer.status_code == 403
    assert "Written for an hour." in answer.text
    ann.post("/desk/login", {"login": "ann", "password": "correct horse battery"})
    answer = ann.post("/desk/edit", {**form, "answer": "Written for an hour.", "do": "save"})
    assert answer.status_code == 403, "the token is of the session that ended"
    assert ann.post("/desk/edit", {**fields(answer.text), "do": "save"}).status_code == 303
    assert article(library, BCLC_FILE).answer == "Written for an hour."


def test_a_source_is_shown_at_the_passage(ann):
    page = ann.get("/desk/article", url=TRANSPLANT).text

    href = html.unescape(re.search(r'href="(/desk/source[^"]*|&#x2f;desk&#x2f;source[^"]*)"', page)[1])
    shown = ann.get(href.partition("#")[0]).text
    assert 'id="here"' in shown
    assert "at most 5 cm" in shown.split('id="here"')[1][:600]


def test_the_overview_has_every_chart_as_a_table_too(ann):
    page = ann.get("/desk/overview").text
    assert page.count("<svg") <= page.count("<table")
    assert page.count("<svg") >= 6


def test_when_git_refuses_the_page_says_so_and_the_next_save_commits_both(ann, library):
    hook = library / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no commits today >&2\nexit 1\n")
    hook.chmod(0o755)
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    page = ann.post("/desk/edit", {**form, "description": "First.", "do": "save"}, follow=True)
    assert "no commits today" in html.unescape(page.text)
    hook.unlink()
    form = ann.form("/desk/edit", "/desk/edit", url=BCLC)
    ann.post("/desk/edit", {**form, "description": "Second.", "do": "save"})
    assert [one.subject.partition(":")[0] for one in git.log(library)[:2]] == ["Edit", "Edit"]
    assert run(library, "status", "--porcelain") == ""


def test_an_address_cannot_put_words_into_the_desks_mouth(ann):
    page = ann.get("/desk/article", url=BCLC, trouble="Your password ran out", done="Sign in at evil.example").text
    assert "password ran out" not in page
    assert "evil.example" not in page
