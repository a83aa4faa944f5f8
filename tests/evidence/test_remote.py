import json
import time

import pytest

from evidence.registry import DOCTYPE, article, articles, served, work
from responsa.cli.app import main
from responsa.errors import UsageError
from responsa.evidence.readers.bibliography import read_csl
from responsa.evidence.readers.found import SourceError
from responsa.evidence.remote.client import Answer, Client, http, seconds
from responsa.evidence.remote.crossref import Crossref, read_work
from responsa.evidence.remote.fetch import fetch, services
from responsa.evidence.remote.identifier import identifier
from responsa.evidence.remote.pubmed import PubMed, read_articles
from responsa.evidence.shelf import read_shelf

ONE, TWO = identifier("pmid:1"), identifier("pmid:2")
DOI = "10.1000/abc"


@pytest.fixture
def registry(monkeypatch):
    with served() as (registry, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        registry.environment = environment
        yield registry


@pytest.fixture
def library(tmp_path):
    (tmp_path / "content").mkdir()
    return tmp_path


def asked(registry, wanted, cache, *, anew=False, **more):
    found, problems = fetch(wanted, services({**registry.environment, **more}), cache, anew=anew)
    return [read_csl(one.data)[0] for one in found], problems


def test_an_article_of_pubmed_is_a_source_with_the_sections_of_its_abstract(registry, tmp_path):
    registry.articles["1"] = article("1", "Iron in <i>S. aureus</i> (Fe<sup>2+</sup>).")
    (found,), problems = asked(registry, [ONE], tmp_path)
    meta = found.meta
    assert problems == {}
    assert (meta.id, meta.title, meta.authors) == ("pmid-1", "Iron in S. aureus (Fe2+)", "Fong Y, The Iron Group")
    assert (meta.year, meta.venue, meta.doi, meta.pmid) == (1999, "Ann Surg 230:309-18", DOI, "1")
    assert found.licence == "Copyright 1999 Lippincott."
    assert [(one.section, one.text) for one in found.paragraphs] == [
        ("Background", "Iron was given."),
        ("Results", "Survival was 37%."),
    ]
    assert not meta.retracted


def test_a_work_of_crossref_is_a_source(registry, tmp_path):
    abstract = "<jats:title>Abstract</jats:title><jats:sec><jats:title>Results</jats:title><jats:p>Survival (p&lt;0.05) was 37%.</jats:p></jats:sec>"  # noqa: E501
    registry.works[DOI] = work(DOI, abstract=abstract)
    (found,), _ = asked(registry, [identifier("https://doi.org/10.1000/ABC")], tmp_path)
    assert (found.meta.title, found.meta.authors, found.meta.year) == ("A trial & more", "Fong Y, The Iron Group", 1999)
    assert [(one.section, one.text) for one in found.paragraphs] == [("Results", "Survival (p<0.05) was 37%.")]
    assert found.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_a_doi_without_an_abstract_gets_that_of_pubmed(registry, tmp_path):
    registry.works[DOI] = work(DOI)
    registry.articles["7"] = article("7", doi=DOI)
    (found,), _ = asked(registry, [identifier(f"doi:{DOI}")], tmp_path)
    assert (found.meta.pmid, found.paragraphs[1].text) == ("7", "Survival was 37%.")


@pytest.mark.parametrize(
    "text", [article("1", kinds=("Journal Article", "Retracted Publication")), article("1", retracted_in="5"),
             article("1", "RETRACTED: A trial")],
)  # fmt: skip
def test_pubmed_says_what_was_retracted(text):
    (item,) = read_articles(articles(text))
    assert item.retracted
    assert (item.pmid, item.doi) == ("1", DOI)


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_crossref_says_what_was_retracted(registry, tmp_path, kind):
    by_record, by_notice = identifier("doi:10.1000/x"), identifier("doi:10.1000/y")
    registry.works["10.1000/x"] = work("10.1000/x", **{"updated-by": [{"DOI": "10.1000/n", "type": kind}]})
    registry.works["10.1000/y"] = work("10.1000/y")
    registry.notices.append({"DOI": "10.1000/n", "update-to": [{"DOI": "10.1000/y", "type": kind}]})
    found, _ = asked(registry, [by_record, by_notice], tmp_path)
    assert [one.meta.retracted for one in found] == [True, True]


def test_a_correction_is_no_retraction(registry, tmp_path):
    registry.works[DOI] = work(DOI, **{"updated-by": [{"DOI": "10.1000/n", "type": "correction"}]})
    registry.notices.append({"DOI": "10.1000/n", "update-to": [{"DOI": DOI, "type": "correction"}]})
    (found,), _ = asked(registry, [identifier(f"doi:{DOI}")], tmp_path)
    assert not found.meta.retracted


def test_many_numbers_are_one_request_and_none_is_asked_for_twice(registry, tmp_path):
    registry.articles = {str(number): article(str(number)) for number in range(1, 31)}
    wanted = [identifier(f"pmid:{number}") for number in range(1, 31)]
    first, _ = asked(registry, wanted, tmp_path)
    assert len(registry.asked) == 1
    assert asked(registry, wanted, tmp_path) == (first, {})
    assert len(registry.asked) == 1
    asked(registry, wanted[:1], tmp_path, anew=True)
    assert len(registry.asked) == 2


def test_a_damaged_cache_is_asked_for_again(registry, tmp_path):
    registry.articles["1"] = article("1")
    first = asked(registry, [ONE], tmp_path)
    (tmp_path / "pmid-1.json").write_text("[{half")
    assert asked(registry, [ONE], tmp_path) == first


def test_what_is_not_known_is_said_and_stops_no_other(registry, tmp_path):
    registry.articles["1"] = article("1")
    found, problems = asked(registry, [TWO, ONE, identifier("doi:10.1000/none")], tmp_path)
    assert [one.meta.pmid for one in found] == ["1"]
    assert {str(one): text.split(";")[0] for one, text in problems.items()} == {
        "pmid:2": "PubMed knows no such reference",
        "doi:10.1000/none": "Crossref knows no such reference",
    }


def test_who_asks_is_told_and_a_key_is_in_no_message(registry, tmp_path):
    registry.faults = [(403, b"no", {})]
    _, problems = asked(registry, [ONE], tmp_path, RESPONSA_EMAIL="me@example.org", RESPONSA_NCBI_KEY="sesame")
    query = registry.asked[0][1]
    assert (query["tool"], query["email"], query["api_key"]) == ("responsa", "me@example.org", "sesame")
    assert "status 403" in problems[ONE]
    assert "sesame" not in problems[ONE]


class Clock:
    """Time that passes only by waiting."""

    def __init__(self):
        self.time, self.waits = 0.0, []

    def now(self):
        return self.time

    def wait(self, seconds):
        self.waits.append(round(seconds, 3))
        self.time += seconds


def client(send, clock, gap=0.34):
    return Client("PubMed", gap, send, clock.now, clock.wait)


def test_no_more_than_three_requests_a_second_are_made():
    clock, times = Clock(), []

    def send(_):
        times.append(clock.now())
        return Answer(200, b"ok")

    polite = client(send, clock)
    for _ in range(10):
        polite.get("http://x")
    assert all(times[at + 3] - times[at] >= 1.0 for at in range(7))


def test_limits_and_failures_are_waited_out_for_as_long_as_the_service_asks():
    clock = Clock()
    answers = [Answer(429, retry_after=7), Answer(500), Answer(0), Answer(200, b"ok")]
    assert client(lambda _: answers.pop(0), clock).get("http://x") == b"ok"
    assert [wait for wait in clock.waits if wait >= 1] == [7, 1.0, 2.0]


@pytest.mark.parametrize(
    ("answer", "told", "requests"),
    [
        (Answer(429), "asks to wait", 4),
        (Answer(429, retry_after=3600), "asks to wait", 1),
        (Answer(503), "status 503", 4),
        (Answer(400), "status 400", 1),
        (Answer(302), "status 302", 1),
        (Answer(0, b"no answer in time"), "cannot be reached \\(no answer in time\\).*export the reference", 4),
    ],
)
def test_a_service_that_does_not_answer_is_given_up_with_a_word_on_what_to_do(answer, told, requests):
    sent = []

    def send(url):
        sent.append(url)
        return answer

    with pytest.raises(SourceError, match=told):
        client(send, Clock()).get("http://x?api_key=sesame")
    assert len(sent) == requests


@pytest.mark.parametrize(("header", "pause"), [("7", 7.0), ("", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0)])
def test_a_pause_is_read_from_its_header(header, pause):
    assert seconds(header) == pause


def trickle(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def half(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<PubmedArticleSet>")


def silent(handler):
    time.sleep(0.5)
    handler.close_connection = True


@pytest.mark.parametrize(
    ("fault", "told"),
    [(trickle, "in time"), (half, "cut off|broken"), (silent, "in time|broken|reached")],
)  # fmt: skip
def test_a_slow_or_broken_connection_is_an_answer_and_no_crash(registry, fault, told):
    registry.faults = [(200, fault, {})]
    got = http(timeout=0.2)(registry.environment["RESPONSA_CROSSREF_URL"] + "/works/x")
    with pytest.raises(SourceError, match=told):
        client(lambda _: got, Clock()).get("http://x")


def test_a_redirect_is_not_followed(registry):
    registry.faults = [(302, b"", {"Location": "http://127.0.0.1:1/"})]
    assert http()(registry.environment["RESPONSA_CROSSREF_URL"]).status == 302
    assert len(registry.asked) == 1


def test_without_a_network_the_message_says_what_to_do_instead(tmp_path):
    ask = services({"RESPONSA_PUBMED_URL": "http://127.0.0.1:9/x"})
    ask.pubmed.client.wait = lambda _: None
    _, problems = fetch([ONE], ask, tmp_path)
    assert "PubMed cannot be reached (Connection refused); without a network, export the reference" in problems[ONE]


def test_a_service_that_is_out_of_reach_is_not_tried_again_for_every_reference():
    sent = []

    def send(url):
        sent.append(url)
        return Answer(0)

    asked = client(send, Clock())
    for _ in range(3):
        with pytest.raises(SourceError, match="cannot be reached"):
            asked.get("http://x")
    assert len(sent) == 4


BOMB = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE])
def test_an_answer_that_defines_entities_is_refused(doctype):
    with pytest.raises(SourceError, match="entities"):
        read_articles(articles(article("1", "&b;"), doctype=doctype))


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"{}", articles(article("1"))[:-30], b"<a>" * 100_000, b"\xff\xfe\x00", b"<a></c>"],
)  # fmt: skip
def test_xml_that_is_none_is_an_error_and_no_crash(data):
    with pytest.raises(SourceError, match="no whole XML"):
        read_articles(data)


def test_an_error_in_the_xml_is_told(registry):
    registry.raw = (
        f'<?xml version="1.0"?>{DOCTYPE}<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>'.encode()
    )
    ask = services(registry.environment)
    with pytest.raises(SourceError, match="Cannot process ID list"):
        ask.pubmed.items(["1"])


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b'{"message": []}', b'{"message": {"title": ["x"]}}', b"[" * 100_000, b"<html>"],
)
def test_json_that_is_no_work_is_an_error_and_no_crash(data):
    with pytest.raises(SourceError, match="no work"):
        read_work(data, DOI)


@pytest.mark.parametrize("value", [None, 7, "x", [], [None], {"date-parts": [[None]]}, {"date-parts": "x"}, [[]]])
@pytest.mark.parametrize("key", ["title", "author", "issued", "license", "update-to", "updated-by", "abstract", "page"])
def test_a_work_with_odd_values_is_read_all_the_same(key, value):
    data = json.dumps({"message": {**work(DOI), key: value}}).encode()
    assert read_work(data, DOI).doi == DOI


def test_a_number_goes_into_the_address_as_a_number():
    urls = []

    def send(url):
        urls.append(url)
        return Answer(404)

    clock = Clock()
    Crossref(client(send, clock), {}, "http://x").item("10.1000/a?b=c&d#e/../f")
    PubMed(client(send, clock), {}, "http://x").number_of('10.1000/a" OR "b')
    assert urls[0] == "http://x/works/10.1000%2Fa%3Fb%3Dc%26d%23e%2F..%2Ff"
    assert "%2210.1000%2Fa+OR+b%22%5Bdoi%5D" in urls[1]


@pytest.mark.parametrize(
    "text", ["pmid:", "pmid:0", "pmid:12a", "pmid:1234567890123", "doi:11.1/x", "doi:10.1/x", "doi:"]
)
def test_what_cannot_be_a_number_is_none(text):
    assert identifier(text) is None


def test_no_two_numbers_share_a_file():
    names = [identifier(f"doi:10.1000/{end}").name for end in ("a-b", "a.b", "a/b", "a(b", "ab")]
    assert len(set(names)) == len(names)
    assert identifier("doi:10.1000/AB") == identifier("https://doi.org/10.1000/ab")


def test_an_address_that_is_none_is_a_usage_error():
    with pytest.raises(UsageError, match="RESPONSA_PUBMED_URL"):
        services({"RESPONSA_PUBMED_URL": "file:///etc"})


def test_references_are_added_from_the_command_line(registry, library, capsys, monkeypatch):
    registry.articles["1"] = article("1")
    monkeypatch.chdir(library)
    assert main(["sources", "add", "pmid:1", "pmid:2", "pmid:x", "--write"]) == 3
    told = capsys.readouterr()
    assert told.out == "sources/pmid-1.json: added: pmid-1; 2 passages\n"
    assert "pmid:2: PubMed knows no such reference" in told.err
    assert "pmid:x: is no number of a reference" in told.err
    (source,) = read_shelf(library / "sources").sources
    assert (source.meta.id, source.passages[1].section) == ("pmid-1", "Results")
    assert main(["sources", "add", str(library), "pmid:1", "--write"]) == 0
    assert capsys.readouterr().out == "sources/pmid-1.json: unchanged: pmid-1; 2 passages\n"


def test_a_work_is_not_added_under_a_second_name(registry, library, capsys):
    registry.articles["1"] = article("1", doi=DOI)
    (library / "sources").mkdir()
    (library / "sources/fong.md").write_text(f"---\nid: fong-1999\ndoi: {DOI}\n---\nSurvival was 37%.")
    assert main(["sources", "add", str(library), "pmid:1", "--write"]) == 3
    assert "is there already as `fong-1999` in sources/fong.md" in capsys.readouterr().err


def test_a_new_retraction_changes_one_line_and_only_that(registry, library, capsys):
    registry.articles = {"1": article("1"), "2": article("2", doi="10.1000/two")}
    main(["sources", "add", str(library), "pmid:1", "pmid:2", "--write"])
    before = {path.name: path.read_text().splitlines() for path in (library / "sources").iterdir()}
    registry.articles["1"] = article("1", kinds=("Retracted Publication",))
    capsys.readouterr()
    assert main(["sources", "refresh", str(library)]) == 0
    told = capsys.readouterr()
    assert "sources/pmid-1.json: would be refreshed: pmid-1; 2 passages (pmid-1 is retracted)" in told.out
    assert "pmid-1: is retracted" in told.err
    assert main(["sources", "refresh", str(library), "--write"]) == 0
    after = {path.name: path.read_text().splitlines() for path in (library / "sources").iterdir()}
    assert after.pop("pmid-2.json") == before.pop("pmid-2.json")
    (new,) = [line for line in after["pmid-1.json"] if line not in before["pmid-1.json"]]
    assert new == '    "retracted": true,'
    capsys.readouterr()
    assert main(["sources", "refresh", str(library), "--write"]) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"


def test_a_retraction_of_a_file_of_ones_own_is_kept_beside_it(registry, library):
    registry.articles["1"] = article("1", retracted_in="9")
    (library / "sources").mkdir()
    note = library / "sources/fong.md"
    note.write_text("---\nid: fong-1999\npmid: 1\n---\nSurvival was 37%.")
    held = note.read_bytes()
    assert main(["sources", "refresh", str(library), "--write"]) == 0
    assert json.loads((library / "sources/_retracted.json").read_text()) == {"pmid:1": "said PubMed"}
    assert note.read_bytes() == held
    (source,) = read_shelf(library / "sources").sources
    assert source.meta.retracted
    registry.articles["1"] = article("1")
    main(["sources", "refresh", str(library), "--write"])
    assert not read_shelf(library / "sources").sources[0].meta.retracted


def test_an_outage_during_a_refresh_leaves_the_sources_as_they_are(registry, library, capsys):
    registry.articles["1"] = article("1")
    main(["sources", "add", str(library), "pmid:1", "--write"])
    before = (library / "sources/pmid-1.json").read_bytes()
    registry.faults = [(403, b"", {})]
    assert main(["sources", "refresh", str(library), "--write"]) == 3
    assert "status 403" in capsys.readouterr().err
    assert (library / "sources/pmid-1.json").read_bytes() == before


def test_a_damaged_list_of_retractions_is_named(library, capsys):
    (library / "sources").mkdir()
    (library / "sources/_retracted.json").write_text("[")
    assert main(["sources", "list", str(library)]) == 3
    assert "sources/_retracted.json: expected one JSON object" in capsys.readouterr().err
