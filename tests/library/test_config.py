import re
from pathlib import Path

import msgspec
import pytest

from responsa.errors import ConfigError
from responsa.library.config import SECTIONS, Config, fingerprint
from responsa.library.guess import guess_kind
from responsa.library.settings import load, parse
from responsa.records.layout import HUGO, SEED

DOCS = Path(__file__).parents[2] / "docs/configuration.md"


def wrong(text, folder):
    with pytest.raises(ConfigError) as raised:
        parse(text, folder)
    return str(raised.value).splitlines()


def test_a_folder_without_settings_has_defaults(tmp_path):
    config = load(tmp_path)
    assert (config.site, config.policy, config.layout.content) == (Config().site, Config().policy, ".")


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_known(tmp_path):
    text = '[site]\nname = "A"\nnmae = "B"\n'
    assert wrong(text, tmp_path) == ["responsa.toml:3: unknown key `site.nmae`; did you mean `site.name`?"]


def test_all_problems_are_reported_together_in_order(tmp_path):
    text = '[biuld]\n[build]\npage_size = "x"\n[[subjects]]\ntitle = "A"\n[[subjects]]\nslug = "b/c"\n'
    lines = [line.split(":")[1] for line in wrong(text, tmp_path)]
    assert lines == ["1", "3", "6", "7"]


@pytest.mark.parametrize(
    "text",
    [
        "site = 3", '[[site]]\nname = "A"', 'subjects = ["A"]', '[site]\nbase_url = "example.org"',
        '[layout]\ncontent = "../other"', '[layout]\npermalink = "/{subject}"', "[build]\npage_size = 0",
        "[policy]\nmin_score = 2.0", '[policy]\nrefusals = "show"', '[build]\nstyle = "/etc/passwd"', "a = ", "a = [",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error(text, tmp_path):
    assert wrong(text, tmp_path)


def test_a_preset_gives_what_the_section_leaves_out(tmp_path):
    layout = parse('[layout]\nkind = "hugo"\ncontent = "posts"\nkeys = { author = "by" }\n', tmp_path).layout
    assert layout == msgspec.structs.replace(HUGO, content="posts", keys={**HUGO.keys, "author": "by"})


def test_the_seeds_keys_are_recognised(folder):
    assert load(folder).layout == SEED


def test_a_folder_of_plain_markdown_is_read_as_such(tmp_path):
    (tmp_path / "liver.md").write_text("---\ntitle: What is it?\n---\nAn organ.\n")
    layout = load(tmp_path).layout
    assert (layout.content, layout.answer_in_body) == (".", True)


def test_the_fingerprint_follows_the_settings(tmp_path):
    one, other = parse("", tmp_path), parse("[policy]\nreview_years = 2\n", tmp_path)
    assert fingerprint(one) == fingerprint(parse("", tmp_path)) != fingerprint(other)


def test_every_setting_is_documented_and_no_other():
    text = DOCS.read_text()
    for section, kind in SECTIONS.items():
        part = re.split(r"^## ", text, flags=re.MULTILINE)
        rows = next(p for p in part if p.startswith((f"`[{section}]`", f"`[[{section}]]`")))
        documented = re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)
        assert documented == [field.name for field in msgspec.structs.fields(kind)]


def test_a_record_of_a_question_and_an_answer_alone_is_of_the_seeds_kind(tmp_path):
    (tmp_path / "one.md").write_text("---\nquestion: Why?\nanswer: Because.\n---\n")
    assert guess_kind(tmp_path, ".") == "seed"
    (tmp_path / "one.md").write_text("---\ntitle: Why?\n---\nBecause.\n\n---\nanswer: no key\n")
    assert guess_kind(tmp_path, ".") == "markdown"


def test_a_page_size_that_no_list_can_have_is_told(tmp_path):
    (tmp_path / "responsa.toml").write_text("[build]\npage_size = 99999999999999999999999\n")
    with pytest.raises(ConfigError, match="expected 1 or more, and less than a billion"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[site]\nbase_url = "https://example.org/library"', "a site lies at the root of its host, not below a path"),
        ('[site]\nbase_url = "https://me:secret@example.org"', "expected the site's address"),
        ('[site]\nlanguage = "\\" onload=x"', "expected a language such as `en`"),
        ('[layout]\ncontent = ".responsa"', "expected the folder of the articles"),
        ('[layout]\nkeys = { answr = "x" }', "unknown key `layout.keys.answr`; did you mean `layout.keys.answer`?"),
        ('[layout]\nkeys = { answer = "a..b" }', "expected a key of the files for `answer`, found 'a..b'"),
        ("[layout]\nkeys = { answer = 3 }", "`layout.keys`: Expected `str`, got `int`"),
        ('[build]\nstatic = "."', "expected a folder of its own such as `static`"),
        ('[build]\nstatic = "sources"', "expected a folder of its own such as `static`"),
        ('[layout]\ncontent = "a/b"\n[build]\ntemplates = "a"', "expected a folder of its own such as `templates`"),
        ('[layout]\ncontent = "a/b"\n[draft]\nfolder = "./a/b"', "all articles lie in a/b"),
        ('[[subjects]]\ntitle = "A"\n[[subjects]]\ntitle = "B"\nslug = "a"', "the slug `a` is that of 'A' already"),
        ('[[subjects]]\ntitle = "A"\n[[subjects]]\ntitle = "B"\nspellings = ["a"]', "'a' means 'A' already"),
        ("[site]\nname = " + "[" * 5000 + "]" * 5000, "too deep to be read"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_is_expected(text, told, tmp_path):
    assert told in wrong(text, tmp_path)[0]


def test_what_looks_odd_and_can_be_meant_is_taken(tmp_path):
    text = """
        site = { base_url = "http://localhost:8000/", language = "pt-BR" }
        layout = { content = "content/", keys = { question = "seo.headline", "related_article1.url" = "next.url" } }
        subjects = [{ title = "Computer Science", spellings = ["Computer science", "CS"] }, { title = "C" }]
        build = { static = "content-of-site", templates = "look/templates" }
    """
    assert parse(text, tmp_path).layout.key("question") == "seo.headline"


def test_settings_that_are_a_link_to_nothing_are_told(tmp_path):
    (tmp_path / "responsa.toml").symlink_to(tmp_path / "gone.toml")
    with pytest.raises(ConfigError, match="is a link to nothing"):
        load(tmp_path)
