import json

import pytest

from responsa.publish.redirects import WRITERS, complaints, is_safe, netlify, nginx, refused, s3, safe_pairs

OLD, NEW = "/learn/a/old", "/learn/a/new"


def test_the_rule_for_undefined_cannot_lead_to_another_site():
    assert netlify([]) == "/questions/undefined/learn/* /learn/:splat 301\n"
    assert '"~^/questions/undefined/learn/(?<moved_rest>[A-Za-z0-9._~/-]*)$" "/learn/$moved_rest";' in nginx([])
    rule = json.loads(s3([]))["RoutingRules"][0]
    assert rule["Condition"] == {"KeyPrefixEquals": "questions/undefined/learn/"}
    assert rule["Redirect"]["ReplaceKeyPrefixWith"] == "learn/"


@pytest.mark.parametrize(
    "url",
    ["//evil.com", "/a//b", "/a/../b", "/%2e%2e/b", "/%2Fevil.com", "/a b", '/a"b', "/a%0ab", "/%zz", "/%ff", "/a?b"],
)
def test_an_address_that_is_more_than_an_address_is_refused_and_said(url):
    assert not is_safe(url)
    assert safe_pairs([(url, NEW)]) == []
    assert [(item.old, item.new) for item in refused([(url, NEW), (OLD, url)])] == sorted([(url, NEW), (OLD, url)])


def test_the_first_of_doubled_old_addresses_stays_and_the_other_is_said():
    pairs = [(OLD, "/learn/b"), (OLD, "/learn/a"), (OLD, "/learn/a")]
    assert safe_pairs(pairs) == [(OLD, "/learn/a")]
    assert [item.reason for item in refused(pairs)] == [f"{OLD} leads to /learn/a already"]


def test_what_is_refused_is_told_in_one_line_each():
    told = complaints([("/a\nb", NEW), (OLD, OLD), ("/c", NEW)])
    assert told == [
        f"no redirect from '/a\\nb' to '{NEW}': '/a\\nb' is no plain address on this site",
        f"no redirect from '{OLD}' to '{OLD}': it would lead to itself",
    ]


def test_nginx_compares_the_decoded_path():
    assert '"/caf\u00e9" "/n%C3%A9w";' in nginx([("/caf%C3%A9", "/n\u00e9w")])


def test_an_nginx_key_that_differs_in_case_alone_does_not_lead_to_itself():
    assert '"~^/learn/a$" "/Learn/A";' in nginx([("/learn/a", "/Learn/A")])


def test_every_alias_is_exact_on_s3_however_many_there_are():
    pairs = [(f"/old/{number}", f"/new/{number}") for number in range(200)]
    objects = json.loads(s3(pairs))["Objects"]
    assert len(objects) == 200
    assert {"Key": "old/7", "WebsiteRedirectLocation": "/new/7"} in objects


def test_every_format_has_a_writer():
    assert set(WRITERS) == {"netlify", "nginx", "s3"}
