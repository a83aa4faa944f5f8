import gzip
import re
from email.utils import parsedate_to_datetime

import pytest
from serving import serving

from library_folder import put
from responsa.serve.site.files import Files

PAGE = "/learn/medicine/questions/what-is-the-liver"


def test_a_page_has_its_clean_address(served):
    status, headers, body = served.get(PAGE)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"stores glycogen" in body


def test_a_page_that_did_not_change_is_not_sent_again(served):
    _, headers, _ = served.get(PAGE)
    status, again, body = served.get(PAGE, if_none_match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert "content-length" not in again
    assert served.get(PAGE, if_none_match='"other", W/' + headers["etag"])[0] == 304
    assert served.get(PAGE, if_none_match='"other"')[0] == 200


def test_the_time_counts_where_no_tag_is_sent(served):
    _, headers, _ = served.get(PAGE)
    parsedate_to_datetime(headers["last-modified"])
    assert served.get(PAGE, if_modified_since=headers["last-modified"])[0] == 304
    assert served.get(PAGE, if_modified_since="Mon, 01 Jan 2001 00:00:00 GMT")[0] == 200
    assert served.get(PAGE, if_modified_since="yesterday")[0] == 200
    assert served.get(PAGE, if_none_match='"x"', if_modified_since=headers["last-modified"])[0] == 200


def test_a_page_is_compressed_for_who_takes_it_under_a_tag_of_its_own(served):
    _, plain, body = served.get(PAGE)
    _, zipped, small = served.get(PAGE, accept_encoding="br, gzip")
    assert gzip.decompress(small) == body
    assert zipped["content-encoding"] == "gzip"
    assert zipped["etag"] != plain["etag"]
    assert plain["vary"] == zipped["vary"] == "accept-encoding"
    assert "content-encoding" not in served.get(PAGE, accept_encoding="gzip;q=0, br")[1]


def test_a_head_is_a_get_without_its_body(served):
    _, whole, body = served.get(PAGE)
    status, headers, nothing = served.get(PAGE, method="HEAD")
    assert (status, nothing) == (200, b"")
    assert headers["content-length"] == whole["content-length"] == str(len(body))


def test_files_under_a_fingerprint_are_kept_for_ever_and_pages_looked_after(served):
    _, headers, body = served.get("/")
    assert headers["cache-control"] == "no-cache"
    style = re.search(rb'href="(/assets/style[^"]+)"', body)[1].decode()
    assert served.get(style)[1]["cache-control"] == "public, max-age=31536000, immutable"


def test_earlier_addresses_lead_to_the_present_one(served):
    target = "/learn/medicine/questions/what-does-moved-mean"
    for old in ("/old/address", "/alt/%C3%A4rger"):
        status, headers, _ = served.get(old)
        assert (status, headers["location"]) == (301, target)
    assert served.get("/questions/undefined/learn/medicine")[1]["location"] == "/learn/medicine"


def test_a_slash_too_many_leads_to_the_page(served):
    status, headers, _ = served.get(f"{PAGE}/")
    assert (status, headers["location"]) == (301, PAGE)


def test_what_is_not_there_is_the_sites_own_page(served):
    status, headers, body = served.get("/nothing/here")
    assert status == 404
    assert b"This page does not exist" in body
    assert "etag" not in headers


def test_pages_are_only_read(served):
    status, headers, _ = served.get(PAGE, method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/../content/learn/medicine/what-is-the-liver.md", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e%5c%2e%2e%5cwindows", "/assets/..%2f..%2fcatalogue.sqlite", "//etc/passwd", "/.responsa-site",
        "/learn/%00/medicine", "/learn/medicine%00.html", "/_redirects", "/%252e%252e/x", "/./index.html",
        "/.git/config",
        "/" + "a" * 3000, "/" + "a/" * 900, "/%ff%fe", "/%0d%0aSet-Cookie:%20a=b", "/learn\\medicine",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_site(served, path):
    answer = served.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
    assert b"root:" not in answer
    assert b"set-cookie" not in answer.lower()


def test_links_that_lead_out_of_the_site_are_not_followed(tmp_path):
    site, secret = tmp_path / "site", tmp_path / "secret.html"
    (site / "inner").mkdir(parents=True)
    secret.write_text("secret")
    (site / "page.html").symlink_to(secret)
    (site / "folder").symlink_to(tmp_path)
    files = Files(site)
    assert files.read("page.html", zipped=False) is None
    assert files.read("folder/secret.html", zipped=False) is None
    assert files.read("inner", zipped=False) is None


def test_memory_for_files_has_a_bound(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.html").write_bytes(bytes(100))
    files = Files(tmp_path, room=1000)
    for number in range(20):
        files.read(f"{number}.html", zipped=False)
    assert files.kept("0.html", zipped=False) is None
    assert files.kept("19.html", zipped=False).body == bytes(100)
    assert files._held <= 1000


def test_a_file_that_was_exchanged_is_seen_at_once(tmp_path):
    (tmp_path / "a.html").write_text("old")
    files = Files(tmp_path)
    files.read("a.html", zipped=False)
    (tmp_path / "b").write_text("new")
    (tmp_path / "b").replace(tmp_path / "a.html")
    assert files.kept("a.html", zipped=False) is None
    assert files.read("a.html", zipped=False).body == b"new"


def test_a_large_file_is_sent_in_pieces(tmp_path):
    put(tmp_path, "a")
    (tmp_path / "responsa.toml").write_text('[build]\nstatic = "own"\n')
    (tmp_path / "own").mkdir()
    (tmp_path / "own/film.mp4").write_bytes(b"0123456789" * 500_000)
    with serving(tmp_path) as served:
        status, headers, body = served.get("/film.mp4", accept_encoding="gzip")
        assert (status, headers["content-type"], len(body)) == (200, "video/mp4", 5_000_000)
        assert served.get("/film.mp4", if_none_match=headers["etag"])[0] == 304


def test_an_address_may_hold_a_dot(tmp_path):
    put(tmp_path, "pi", url="/learn/what-is-3.14")
    with serving(tmp_path) as served:
        assert served.get("/learn/what-is-3.14")[0] == 200
