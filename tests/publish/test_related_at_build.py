"""``build.related = "filled"``: what pages lead to is worked out by the build."""

import re
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fake_encoder import FakeEncoder
from library_folder import address, made, put, tree
from responsa.errors import MissingExtraError
from responsa.index import extra
from responsa.relate import now

FILLED = '[build]\nrelated = "filled"\n'
TOPICS = {
    "liver": "What does the liver do?",
    "biopsy": "How is a liver biopsy done?",
    "cancer": "Which cancer of the liver is common?",
    "heart": "What does the heart do?",
    "attack": "What is a heart attack?",
    "valve": "Which heart valve leaks most?",
}


@pytest.fixture(autouse=True)
def _encoder(monkeypatch):
    monkeypatch.setattr(now, "encoder_of", lambda _library: FakeEncoder())


def library(folder, **links):
    folder.mkdir(exist_ok=True)
    (folder / "responsa.toml").write_text(FILLED)
    for name, question in TOPICS.items():
        put(folder, name, question=question, links=links.get(name, ()))
    return folder


def leads_to(folder, name):
    page = (folder / f"site/learn/medicine/questions/{name}.html").read_text(encoding="utf-8")
    return re.findall(r'href="/learn/medicine/questions/(\w+)"', page.partition("Related")[2])


def clean_tree(folder, root):
    shutil.rmtree(root / "clean", ignore_errors=True)
    shutil.copytree(folder, root / "clean", ignore=shutil.ignore_patterns("site", ".site.*", ".responsa"))
    made(root / "clean")
    return tree(root / "clean/site")


def test_pages_lead_to_five_questions_though_their_records_name_none(tmp_path):
    folder = library(tmp_path)
    before = {path: path.read_bytes() for path in (folder / "content").rglob("*.md")}
    made(folder)
    assert len(leads_to(folder, "liver")) == 5
    assert set(leads_to(folder, "liver")[:2]) == {"biopsy", "cancer"}
    assert {path: path.read_bytes() for path in (folder / "content").rglob("*.md")} == before


def test_without_the_setting_they_lead_where_their_records_say(tmp_path):
    folder = library(tmp_path, liver=[address("heart")])
    (folder / "responsa.toml").write_text("")
    made(folder)
    assert leads_to(folder, "liver") == ["heart"]
    assert leads_to(folder, "heart") == []


def test_a_banned_question_is_not_led_to_though_it_is_the_only_other(tmp_path):
    (tmp_path / "responsa.toml").write_text(FILLED)
    put(tmp_path, "liver", links=[address("heart")], more=f"related_banned: [{address('heart')}]\n")
    put(tmp_path, "heart")
    made(tmp_path)
    assert leads_to(tmp_path, "liver") == []


def test_a_new_article_changes_the_pages_that_lead_to_it_now(tmp_path):
    folder = library(tmp_path / "library")
    made(folder)
    put(folder, "graft", question="When is a liver graft done?")
    made(folder)
    assert "graft" in leads_to(folder, "biopsy")
    assert tree(folder / "site") == clean_tree(folder, tmp_path)


def test_a_build_without_changes_asks_no_encoder(tmp_path, monkeypatch):
    folder = library(tmp_path)
    made(folder)
    monkeypatch.setattr(now, "relations_now", None)
    assert made(folder).written == 0


def test_without_the_extra_the_build_names_it_and_makes_nothing(tmp_path, monkeypatch):
    folder = library(tmp_path)
    monkeypatch.setattr(extra, "PARTS", ("no_such_module",))
    with pytest.raises(MissingExtraError, match=r"responsa\[search\]"):
        made(folder)
    assert not (folder / "site").exists()


names = st.sampled_from(list(TOPICS))
edit = st.one_of(
    st.tuples(st.just("ask"), names, st.sampled_from(list(TOPICS.values()))),
    st.tuples(st.just("link"), names, st.lists(names, max_size=2)),
    st.tuples(st.just("hide"), names),
    st.tuples(st.just("delete"), names),
    st.tuples(st.just("setting"), st.sampled_from([FILLED, ""])),
)


def carry_out(folder, kind, *rest):
    if kind == "ask":
        put(folder, rest[0], question=rest[1])
    elif kind == "link":
        put(folder, rest[0], question=TOPICS[rest[0]], links=map(address, rest[1]))
    elif kind == "hide":
        put(folder, rest[0], question=TOPICS[rest[0]], more="no_index: true\n")
    elif kind == "delete":
        (folder / f"content/learn/medicine/{rest[0]}.md").unlink(missing_ok=True)
    else:
        (folder / "responsa.toml").write_text(rest[0])


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rounds=st.lists(st.lists(edit, min_size=1, max_size=3), min_size=1, max_size=3))
def test_an_incremental_build_equals_a_clean_one_byte_for_byte(tmp_path_factory, rounds):
    root = tmp_path_factory.mktemp("related")
    folder = library(root / "library")
    made(folder)
    for batch in rounds:
        for kind, *rest in batch:
            carry_out(folder, kind, *rest)
        made(folder)
        assert tree(folder / "site") == clean_tree(folder, root)
    shutil.rmtree(root)
