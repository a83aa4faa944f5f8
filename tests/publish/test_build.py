import errno
import os
import shutil
import signal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library_folder import REFUSAL, address, made, put, tree
from responsa.errors import ConfigError, LockedError, ResponsaError
from responsa.evidence.claims import Claim, Kind
from responsa.evidence.ledger import record
from responsa.evidence.report import Checked, Report
from responsa.evidence.verdict import Finding, Verdict
from responsa.library.library import read
from responsa.library.lock import lock
from responsa.publish import build as builder
from responsa.publish import folder as folders
from responsa.publish import swap
from responsa.publish.build import UnreadableFilesError
from responsa.publish.state import state_path
from responsa.records.fingerprint import fingerprint
from responsa.shards import Processes


@pytest.fixture
def folder(tmp_path):
    """Three articles; a links to b and c, b to a."""
    put(tmp_path, "a", links=[address("b"), address("c")], day=3)
    put(tmp_path, "b", links=[address("a")], day=2)
    put(tmp_path, "c", day=1)
    return tmp_path


def page(folder, name):
    return (folder / f"site/learn/medicine/questions/{name}.html").read_text(encoding="utf-8")


def clean_tree(folder, tmp):
    """The site that a machine which never built this library makes of it."""
    copy = tmp / "clean"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("site", ".site.*", ".responsa"))
    made(copy)
    return tree(copy / "site")


def test_every_part_of_a_site_is_there(folder):
    (folder / "responsa.toml").write_text('[site]\nbase_url = "https://example.org"\n')
    result = made(folder)
    names = set(tree(folder / "site"))
    assert {"index.html", "404.html", "robots.txt", "feed.xml", "llms.txt", "sitemap.xml", "_redirects"} <= names
    assert {"learn/medicine.html", "learn/medicine/questions/a.html", "learn/medicine/questions/a.md"} <= names
    assert (result.pages, result.held, result.unreadable) == (3, 0, ())


def test_a_build_without_changes_writes_nothing(folder):
    made(folder)
    before = {p: p.stat().st_mtime_ns for p in (folder / "site").rglob("*")}
    assert made(folder).written == 0
    assert {p: p.stat().st_mtime_ns for p in (folder / "site").rglob("*")} == before


def test_an_edited_answer_changes_its_own_page_and_twin_alone(folder):
    made(folder)
    before = tree(folder / "site")
    put(folder, "b", links=[address("a")], day=2, answer="Another answer.")
    written = made(folder).written
    after = tree(folder / "site")
    changed = {name for name in after if before.get(name) != after[name]}
    index = {name for name in changed if name.startswith("search/")}
    assert changed - index == {".responsa-site", "learn/medicine/questions/b.html", "learn/medicine/questions/b.md"}
    assert 1 <= len(index) <= 2  # the shard of the words that changed, and the words that are offered
    assert written == 2 + len(index)


def test_a_changed_question_reaches_the_pages_that_link_to_it(folder):
    made(folder)
    put(folder, "b", links=[address("a")], day=2, question="What is the new b?")
    made(folder)
    assert "What is the new b?" in page(folder, "a")
    assert "What is the new b?" in (folder / "site/learn/medicine.html").read_text()


def test_a_deleted_article_goes_with_its_twin_and_every_link_to_it(folder):
    made(folder)
    (folder / "content/learn/medicine/b.md").unlink()
    before = set(tree(folder / "site"))
    removed = made(folder).removed
    gone = before - set(tree(folder / "site"))
    assert {name for name in gone if not name.startswith("search/")} == {
        "learn/medicine/questions/b.html",
        "learn/medicine/questions/b.md",
    }
    assert removed == len(gone)
    assert "questions/b" not in "".join(str(text) for text in tree(folder / "site").values())


@pytest.mark.parametrize(
    "link",
    [address("a"), address("nowhere"), "/questions/undefined" + address("b"), "javascript:alert(1)", "undefined"],
)
def test_self_dangling_and_undefined_links_never_reach_a_page(folder, link):
    put(folder, "a", links=[link, address("c"), address("c")])
    made(folder)
    text = page(folder, "a")
    related = text.partition("Related questions")[2]
    assert related.count("<li>") == 1
    assert address("c") in related


def test_two_articles_with_one_question_are_linked_once(folder):
    put(folder, "c2", question="What is C", day=1)
    put(folder, "a", links=[address("c"), address("c2")])
    made(folder)
    assert page(folder, "a").partition("Related questions")[2].count("<li>") == 1


def test_a_refusal_is_held_until_a_person_says_publish(folder):
    put(folder, "b", answer=REFUSAL, more="no_index: true\n")
    assert made(folder).held == 1
    assert not (folder / "site/learn/medicine/questions/b.html").exists()
    assert "questions/b" not in page(folder, "a")
    (folder / "responsa.toml").write_text('[policy]\nrefusals = "publish"\n')
    assert made(folder).held == 0
    assert '<meta name="robots" content="noindex">' in page(folder, "b")


def test_no_index_and_hidden_subjects_have_pages_but_stand_in_no_list(folder):
    put(folder, "b", more="no_index: true\n")
    put(folder, "s", subject="Secret")
    (folder / "responsa.toml").write_text(
        '[site]\nbase_url = "https://example.org"\n[[subjects]]\ntitle = "Secret"\nlisted = false\n'
    )
    made(folder)
    site = tree(folder / "site")
    assert "learn/medicine/questions/b.html" in site
    assert "learn/medicine/questions/s.html" in site
    assert "learn/secret.html" not in site
    lists = b"".join(
        site[name] for name in ("index.html", "learn/medicine.html", "sitemap-1.xml", "feed.xml", "llms.txt")
    )
    assert b"questions/b" not in lists
    assert b"questions/s" not in lists
    assert b"questions/c" in lists


def test_an_alias_becomes_a_redirect_unless_a_page_has_the_address(folder):
    put(folder, "c", more=f"aliases:\n  - /old/c\n  - {address('a')}\n")
    made(folder)
    lines = (folder / "site/_redirects").read_text().splitlines()
    assert f"/old/c {address('c')} 301" in lines
    assert not [line for line in lines if line.startswith(address("a"))]


def test_of_two_articles_with_one_address_the_first_path_has_the_page(folder):
    put(folder, "z", url=address("a"), answer="The later one.")
    assert made(folder).held == 1
    assert "The later one." not in page(folder, "a")
    (folder / "content/learn/medicine/a.md").unlink()
    made(folder)
    assert "The later one." in page(folder, "a")


@pytest.mark.parametrize("url", ["/", "/index", "/404", "/learn/medicine", "/learn/medicine/page/2", "/x.html/y"])
def test_an_article_cannot_take_the_place_of_the_sites_own_pages(folder, url):
    put(folder, "z", url=url, answer="Usurper.")
    result = made(folder)
    assert result.held == 1
    assert not any(b"Usurper" in text for text in tree(folder / "site").values())


@pytest.mark.parametrize("url", ["/../../etc/passwd", "//evil.example/x", "/a/../../b", "/a\\b", "/.git/config"])
def test_a_hostile_address_writes_nothing_outside_and_is_held(folder, url):
    put(folder, "z", url=f"'{url}'", answer="Hostile.")
    outside = {p for p in folder.parent.rglob("*") if folder / "site" not in p.parents}
    assert made(folder).held == 1
    assert not any(b"Hostile" in text for text in tree(folder / "site").values())
    new = {p for p in folder.parent.rglob("*") if folder / "site" not in p.parents} - outside
    assert all(".responsa" in p.parts or p.name.startswith((".site", "site")) or ".site.next" in str(p) for p in new)


@pytest.mark.parametrize(("url", "file"), [("/x/", "x/index.html"), ("/x.html", "x.html"), ("/x", "x.html")])
def test_addresses_of_other_publishers_have_their_page_where_hosts_look(folder, url, file):
    put(folder, "z", url=url)
    made(folder)
    assert "What is z?" in (folder / "site" / file).read_text()


def test_unreadable_files_are_named_and_the_others_are_published(folder):
    (folder / "content/learn/medicine/bad.md").write_text("---\nanswer: [\n---\n")
    (folder / "content/learn/medicine/worse.md").write_text("no front matter")
    result = made(folder)
    assert [str(error.path).rpartition("/")[2] for error in result.unreadable] == ["bad.md", "worse.md"]
    assert result.pages == 3


def test_strict_shows_nothing_while_a_file_is_unreadable(folder):
    made(folder)
    before = tree(folder / "site")
    (folder / "content/learn/medicine/b.md").write_text("no front matter")
    with pytest.raises(UnreadableFilesError, match=r"b\.md:1"):
        made(folder, strict=True)
    assert tree(folder / "site") == before


def test_a_broken_template_is_named_with_its_line_and_the_site_stays(folder):
    made(folder)
    before = tree(folder / "site")
    (folder / "responsa.toml").write_text('[build]\ntemplates = "mine"\n')
    (folder / "mine").mkdir()
    (folder / "mine/question.html").write_text("fine\n{% if %}\n")
    with pytest.raises(ConfigError, match=r"question\.html:2"):
        made(folder)
    assert tree(folder / "site") == before


@pytest.mark.parametrize("key", ["site.promo", "site.analytics", "build.style", "build.templates"])
def test_a_file_that_settings_name_and_nobody_wrote_is_a_clear_error(folder, key):
    section, name = key.split(".")
    (folder / "responsa.toml").write_text(f'[{section}]\n{name} = "gone"\n')
    with pytest.raises(ConfigError, match=key.replace(".", r"\.")):
        made(folder)


def test_promo_and_analytics_are_empty_until_the_publisher_fills_them(folder):
    made(folder)
    assert "promo" not in page(folder, "a")
    (folder / "promo.html").write_text("<b>Buy</b>")
    (folder / "responsa.toml").write_text('[site]\npromo = "promo.html"\n')
    made(folder)
    assert "<b>Buy</b>" in page(folder, "a")


def test_a_list_is_paged_and_pages_that_are_no_longer_needed_go(folder):
    (folder / "responsa.toml").write_text("[build]\npage_size = 2\n")
    made(folder)
    assert (folder / "site/learn/medicine/page/2.html").exists()
    (folder / "content/learn/medicine/c.md").unlink()
    made(folder)
    assert not (folder / "site/learn/medicine/page").exists()


def test_processes_make_the_same_site(folder, tmp_path_factory):
    expected = clean_tree(folder, tmp_path_factory.mktemp("clean"))
    made(folder, executor=Processes(2))
    assert tree(folder / "site") == expected


def test_a_damaged_state_costs_a_whole_build_and_nothing_else(folder):
    made(folder)
    before = tree(folder / "site")
    state_path(folder, folder / "site").write_bytes(b"not a database at all" * 100)
    put(folder, "b", links=[address("a")], day=2, answer="Another answer.")
    made(folder)
    put(folder, "b", links=[address("a")], day=2)
    made(folder)
    assert tree(folder / "site") == before


def test_a_page_that_somebody_removed_from_the_site_comes_back_with_a_clean_build(folder):
    made(folder)
    before = tree(folder / "site")
    (folder / "site/index.html").unlink()
    made(folder, clean=True)
    assert tree(folder / "site") == before


def test_a_lost_twin_and_a_lost_page_are_made_again(folder):
    made(folder)
    shutil.rmtree(folder / ".site.next")
    (folder / "site/index.html").unlink()
    put(folder, "b", links=[address("a")], day=2, answer="Another answer.")
    made(folder)
    assert (folder / "site/index.html").exists()
    assert "Another answer." in page(folder, "b")


def test_two_builds_at_once_are_refused(folder):
    with lock(folder, "build.lock"), pytest.raises(LockedError):
        made(folder)


def test_files_that_never_stop_changing_end_in_a_sentence(folder, monkeypatch):
    def restless(_shard):
        raise builder.MovedError("changed")

    monkeypatch.setattr(builder, "make_pages", restless)
    with pytest.raises(ResponsaError, match="keep changing"):
        made(folder)
    assert not (folder / "site").exists()


STEPS = [
    (folders.Folder, "write"), (folders.Folder, "remove"), (folders.Folder, "take"), (builder, "settle"),
    (builder, "set_mark"), (builder, "remove_mark"), (builder, "discard"), (builder, "show"), (builder.State, "keep"),
    (builder.State, "forget_lag"),
]  # fmt: skip


def killed_at(step, folder, *, after):
    """Build in a child that dies of SIGKILL before (or after) its ``step``-th effect; whether it lived on."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    left = [step]

    def mortal(function):
        def call(*values, **named):
            left[0] -= 1
            if left[0] < 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*values, **named)
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    try:
        for owner, name in STEPS:
            setattr(owner, name, mortal(getattr(owner, name)))
        made(folder)
    except BaseException:  # noqa: BLE001
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("exchange", [True, False], ids=["one-step", "two-renames"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("first", [True, False], ids=["first-build", "later-build"])
def test_a_kill_at_any_step_leaves_a_whole_site_and_the_next_build_is_right(
    tmp_path, monkeypatch, first, after, exchange
):
    if not exchange:
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    folder = tmp_path / "library"
    ends = 0
    for step in range(200):
        shutil.rmtree(folder, ignore_errors=True)
        for name in "abc":
            put(folder, name, links=[address("b")])
        if not first:
            made(folder)
            put(folder, "a", answer="Second state.")
            made(folder)
        old = tree(folder / "site") if not first else {}
        (folder / "content/learn/medicine/c.md").unlink()
        put(folder, "a", answer="Third state.", question="New question?")
        new = clean_tree(folder, tmp_path)
        lived = killed_at(step, folder, after=after)
        left = tree(folder / "site") if (folder / "site").exists() else {}
        assert left in (old, new), f"step {step}"
        made(folder)
        assert tree(folder / "site") == new, f"step {step}"
        ends += lived
        if lived:
            break
    assert ends == 1


NAMES = "abcd"
link_sets = st.lists(st.sampled_from([address(name) for name in NAMES]), max_size=3)
fields = st.fixed_dictionaries(
    {
        "answer": st.sampled_from(["", "Other words.", "$x^2$ and `code`.", REFUSAL]),
        "subject": st.sampled_from(["Medicine", "medicine", "Biology", "Secret"]),
        "day": st.integers(1, 4),
        "question": st.sampled_from(["", "Why?", "why", "Really?"]),
        "url": st.sampled_from(["", "", address("a"), "/x", "/x/", "/x.html", "/learn/biology", "bad"]),
        "links": link_sets,
        "more": st.sampled_from(["", "no_index: true\n", "aliases: [/old/one]\n", "aliases: [/x]\n"]),
    }
)
put_one = st.tuples(st.just("put"), st.sampled_from(NAMES), fields)
delete = st.tuples(st.just("delete"), st.sampled_from(NAMES))
rename = st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES))
broken = st.tuples(st.just("break"), st.sampled_from(NAMES))
config = st.tuples(
    st.just("config"),
    st.sampled_from(
        [
            "",
            "[build]\npage_size = 1\n",
            '[site]\nname = "Other"\nbase_url = "https://example.org"\n',
            '[[subjects]]\ntitle = "Secret"\nlisted = false\n',
            '[build]\nmarkdown_twins = false\nredirects = ["nginx"]\n',
            '[policy]\nrefusals = "publish"\n',
            '[build]\ntemplates = "mine"\nstyle = "my.css"\n',
            "[study]\ncards = true\n",
            '[study]\ncards = true\nquiz = true\nsubjects = ["Biology"]\n[policy]\nrefusals = "publish"\n',
        ]
    ),
)
template = st.tuples(st.just("template"), st.sampled_from(["one", "two"]))
moves = st.lists(st.one_of(put_one, put_one, put_one, delete, rename, broken, config, template), min_size=1, max_size=4)


def carry_out(folder, move):
    kind, *rest = move
    path = folder / "content/learn/medicine" / f"{rest[0]}.md"
    if kind == "put":
        put(folder, rest[0], **rest[1])
    elif kind == "delete":
        path.unlink(missing_ok=True)
    elif kind == "rename" and path.exists():
        path.rename(path.with_name(f"{rest[1]}.md"))
    elif kind == "break":
        path.write_text("no front matter")
    elif kind == "config":
        (folder / "responsa.toml").write_text(rest[0])
    elif kind == "template":
        (folder / "mine/404.html").write_text(f"Gone: {rest[0]}")
        (folder / "my.css").write_text(f"p {{ color: {rest[0]} }}")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rounds=st.lists(moves, min_size=1, max_size=4))
def test_an_incremental_build_equals_a_clean_one_byte_for_byte(tmp_path_factory, rounds):
    root = tmp_path_factory.mktemp("increment")
    folder = root / "library"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine/404.html").write_text("Gone")
    (folder / "my.css").write_text("")
    for name in "abc":
        put(folder, name, links=[address("b")])
    made(folder)
    for batch in rounds:
        for move in batch:
            carry_out(folder, move)
        made(folder)
        assert tree(folder / "site") == clean_tree(folder, root)
    shutil.rmtree(root)


def test_the_policy_hides_or_holds_what_lacks_a_score_and_says_how_many(folder):
    settings_ = folder / "responsa.toml"
    settings_.write_text('[policy]\nmin_score = 0.5\nunmet = "noindex"\n')
    result = made(folder)
    assert (result.pages, result.hidden, result.why) == (3, {"score": 3}, {})
    assert '<meta name="robots" content="noindex">' in page(folder, "a")
    assert "questions/a" not in (folder / "site/index.html").read_text()
    settings_.write_text("[policy]\nmin_score = 0.5\n")
    result = made(folder)
    assert (result.pages, result.hidden, result.why) == (0, {}, {"score": 3})


def test_a_changed_ledger_changes_the_page_of_its_article_alone(folder):
    made(folder)
    article = next(one for one in read(folder).articles() if one.url == address("b"))
    text = f"---\n{(folder / article.path).read_text().split('---', 2)[1]}sources:\n  - id: s\n---\n"
    (folder / article.path).write_text(text)
    made(folder)
    assert "page-quote" not in page(folder, "b")
    claim = Claim(0, len(article.answer), article.answer, Kind.STATEMENT)
    finding = Finding(Verdict.QUOTED, 0.9, "j", "s#1", "Words <of> a source")
    report = Report(article.url, fingerprint(article.answer), "j", (Checked(claim, finding),))
    record(read(folder), article, report)
    assert made(folder).written == 1
    assert "Words &lt;of&gt; a source" in page(folder, "b")
    assert tree(folder / "site") == clean_tree(folder, folder.parent)
    (folder / "evidence/medicine/b.json").unlink()
    assert made(folder).written == 1
    assert "page-quote" not in page(folder, "b")


def test_a_redirect_that_cannot_be_made_is_told_at_every_build(folder):
    put(folder, "a", day=3, more='aliases: ["/x y"]\n')
    for result in (made(folder), made(folder)):
        assert len(result.refused) == 1
        assert result.refused[0].startswith("no redirect from '/x y'")


def test_a_full_disk_is_told_and_leaves_the_site_as_it_was(folder, monkeypatch):
    made(folder)
    before = tree(folder / "site")
    put(folder, "a", day=3, answer="Another answer.")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "a.html")

    with monkeypatch.context() as patched:
        patched.setattr(folders, "_write_all", full)
        with pytest.raises(
            ResponsaError, match=r"site: the site cannot be written \(No space left on device: a.html\)"
        ):
            made(folder)
    assert tree(folder / "site") == before
    made(folder)
    assert "Another answer." in page(folder, "a")


def test_a_site_may_lie_in_a_folder_whose_name_is_no_utf8(folder, tmp_path):
    out = tmp_path / os.fsdecode(b"caf\xe9")
    assert made(folder, out).pages == made(folder).pages
    assert tree(out) == tree(folder / "site")
    assert made(folder, out).written == 0
