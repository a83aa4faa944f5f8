import json

import pytest
from serving import serving

from library_folder import REFUSAL, put

LIVER = "/learn/medicine/questions/what-is-the-liver"


def test_a_search_finds_articles_with_the_words_marked(served):
    found = served.json("/api/search?q=glycogen")
    [hit] = [hit for hit in found["hits"] if hit["url"] == LIVER]
    passage = hit["passage"]
    assert [passage["text"][start:end] for start, end in passage["marks"]] == ["glycogen"]
    assert found["found"] is True


def test_a_search_is_paged(served):
    first = served.json("/api/search?q=what&limit=1")
    second = served.json("/api/search?q=what&limit=1&offset=1")
    assert first["more"] is True
    assert first["hits"][0]["url"] != second["hits"][0]["url"]


def test_who_asks_hears_the_answer_or_that_there_is_none(served):
    known = served.json("/api/ask?q=What+does+the+liver+do")
    assert (known["known"], known["answers"][0]["url"]) == (True, LIVER)
    unknown = served.json("/api/ask?q=when+does+the+number+14+tram+leave")
    assert unknown["known"] is False


def test_all_articles_are_told_once_by_cursor(served):
    cursor, seen = "", []
    while True:
        page = served.json(f"/api/articles?limit=1&cursor={cursor}")
        seen += [one["url"] for one in page["articles"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 4


def test_an_article_is_read_whole(served):
    found = served.json(f"/api/articles{LIVER}")
    assert found["question"] == "What is the liver?"
    assert "It is the largest gland." in found["answer"]
    assert found["subject_url"] == "/learn/medicine"


def test_an_article_that_moved_is_told_with_its_present_address(served):
    status, headers, body = served.get("/api/articles/old/address")
    assert (status, headers["location"]) == (301, "/api/articles/learn/medicine/questions/what-does-moved-mean")
    assert json.loads(body)["status"] == 301
    assert served.get("/api/claims?url=/old/address")[1]["location"].startswith("/api/claims?url=/learn/")


def test_subjects_related_claims_state_and_problems_are_told(served):
    assert served.json("/api/subjects")["subjects"][0] == {
        "slug": "medicine", "title": "Medicine", "url": "/learn/medicine", "articles": 4,
    }  # fmt: skip
    assert served.json(f"/api/related?url={LIVER}")["url"] == LIVER
    assert served.json(f"/api/claims?url={LIVER}")["checked"] is False
    state = served.json("/api/state")
    assert (state["articles"], state["pages"], state["trouble"]) == (4, 4, "")
    problems = served.json("/api/problems?limit=1")
    assert problems["total"] == sum(problems["counts"].values())
    assert served.json("/api/duplicates")["total"] == 0


def test_a_question_that_was_asked_is_known_in_other_words(served):
    assert served.json("/api/asked?q=what+is+the+LIVER")["article"]["url"] == LIVER
    fresh = served.json("/api/asked?q=How+are+pencils+made")
    assert (fresh["asked"], fresh["article"]) == (False, None)
    assert len(fresh["near"]) == 4


def test_an_answer_has_a_tag_that_spares_the_next(served):
    _, headers, _ = served.get("/api/search?q=liver")
    status, again, body = served.get("/api/search?q=liver", if_none_match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert served.get("/api/search?q=livers", if_none_match=headers["etag"])[0] == 200


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/search", 400, "missing `q`"),
        ("/api/search?q=", 400, "`q`"),
        ("/api/search?q=%20", 400, "expected words"),
        ("/api/search?q=a&limit=0", 400, "`limit`"),
        ("/api/search?q=a&limit=x", 400, "`limit`"),
        ("/api/search?q=a&qq=b", 400, "unknown parameter `qq`; known are q, limit, offset, subject"),
        ("/api/search?q=a&q=b", 400, "given twice"),
        ("/api/search?q=%FF", 400, "UTF-8"),
        ("/api/search?q=a%00b", 400, "NUL"),
        ("/api/search?q=a&subject=alchemy", 400, "no listed article has this subject"),
        ("/api/articles?cursor=!!", 400, "`cursor`"),
        ("/api/articles/learn/nothing", 404, "No published article"),
        ("/api/claims?url=/nothing", 404, "No published article"),
        ("/api/nothing", 404, "nothing at this address"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_shape(served, path, status, detail):
    got, headers, body = served.get(path)
    told = json.loads(body)
    assert (got, told["status"], headers["content-type"]) == (status, status, "application/problem+json")
    assert detail in told["detail"]


def test_the_api_is_only_read(served):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        status, headers, _ = served.get("/api/search?q=a", method=method)
        assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_what_is_held_back_is_nowhere_and_editors_words_are_not_public(tmp_path):
    put(tmp_path, "a")
    put(tmp_path, "b", answer=REFUSAL)
    with serving(tmp_path, public=True) as served:
        assert len(served.json("/api/articles")["articles"]) == 1
        assert served.get("/api/articles/learn/medicine/questions/b")[0] == 404
        assert not [hit for hit in served.json("/api/search?q=b")["hits"] if hit["url"].endswith("/b")]
        for inner in ("problems", "state", "duplicates"):
            assert served.get(f"/api/{inner}")[0] == 404
        assert "/api/state" not in served.json("/openapi.json")["paths"]
