import json

import pytest

from exchange.intakes import articles, made, untaken
from responsa.exchange.imports.site import pairs


def put(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


HUGO = {
    "hugo.toml": "",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/medicine/hcc.md": "+++\ntitle = 'What is HCC?'\ndate = 2024-01-02\ntags = ['liver', 'cancer']\n"
    "aliases = ['/old/hcc/']\nweight = 3\n+++\nSee {{< ref \"icc.md\" >}} and [x](icc.md#a).\n",
    "content/medicine/icc.md": "---\ntitle: What is ICC?\ndraft: true\n---\nText {{< youtube x >}}.\n",
    "content/law/court/index.md": '{"title": "What is a court?", "url": "/courts/"}\n\nA place.\n',
}


def test_a_folder_of_hugo_keeps_dates_tags_addresses_and_links(tmp_path, import_from, library):
    outcomes = import_from(start=put(tmp_path / "site", HUGO))
    assert untaken(outcomes) == [("", "a list, no article"), ("", "a draft")]
    court, hcc = articles(library)
    assert (court.question, court.answer, court.subject, court.aliases) == (
        "What is a court?", "A place.", "Law", ("/courts/",),
    )  # fmt: skip
    assert hcc.answer == "See /medicine/icc/ and [x](/medicine/icc/#a)."
    assert (str(hcc.date), hcc.seo.keywords, hcc.subject) == ("2024-01-02", "liver, cancer", "Medicine")
    assert hcc.aliases == ("/medicine/hcc/", "/old/hcc/")
    assert hcc.extra == {"origin": "page/medicine/hcc.md", "weight": 3}


def test_a_folder_of_jekyll_takes_day_and_address_from_the_name(tmp_path, import_from, library):
    site = {
        "_config.yml": "",
        "_posts/2020-02-03-why-rain.md": "---\ntitle: Why does it rain?\ncategories: weather\ntags: a b\n"
        "redirect_from: /rain\n---\n{% post_url 2020-02-04-snow %}\n",
        "_posts/2020-02-04-snow.md": "---\ntitle: Snow?\n---\nx\n",
    }
    import_from(start=put(tmp_path / "site", site))
    snow, rain = sorted(articles(library), key=lambda a: a.question)
    assert (str(rain.date), rain.aliases) == ("2020-02-03", ("/weather/2020/02/03/why-rain.html", "/rain"))
    assert (rain.subject, rain.seo.keywords, rain.url) == ("weather", "a, b", "/learn/weather/questions/why-rain")
    assert rain.answer == "/2020/02/04/snow.html"
    assert snow.file_name == "snow.md"


def test_template_code_stays_as_text_and_is_said(tmp_path, import_from):
    page = {"a.md": "---\ntitle: A?\n---\n{{< youtube id >}}\n"}
    assert import_from(start=put(tmp_path / "s", page))[-1].text == "holds template code that is now text"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("---\ntitle: [\n---\nx", "not YAML"),
        ("+++\ntitle = \n+++\nx", "cannot be read"),
        ("---js\n{title: 1}\n---\nx", "nothing of an import is run"),
        ("---\na: &a [x]\nb: [*a, *a]\ntitle: T\n---\n" + "", ""),
    ],
)
def test_front_matter_that_cannot_be_read_is_said(tmp_path, import_from, text, problem):
    outcomes = import_from(start=put(tmp_path / "s", {"a.md": text}))
    assert problem in outcomes[0].detail
    assert not made(outcomes)


def test_a_link_never_reads_a_file_outside_the_folder(tmp_path, import_from, library):
    (tmp_path / "secret.md").write_text("---\nurl: /secret/\n---\n")
    page = {"a.md": '---\ntitle: A?\n---\n[x](../secret.md) {{< ref "../secret.md" >}}\n'}
    import_from(start=put(tmp_path / "s", page))
    assert "/secret/" not in articles(library)[0].answer


JSON_LD = {
    "@context": "https://schema.org",
    "@graph": [
        {
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": "A &amp; B?",
                    "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes</p>"},
                },
                {
                    "@type": ["Question"],
                    "name": "C?",
                    "suggestedAnswer": [
                        {"text": "few", "upvoteCount": 1},
                        {"text": "many", "upvoteCount": "7", "author": {"name": "Ann"}},
                    ],
                },
            ],
        }
    ],
}


MICRODATA = """<div itemscope itemtype="https://schema.org/Question"><h2 itemprop="name">Q?</h2>
<div itemprop="acceptedAnswer"><div itemprop="text"><p>a</p></div></div></div>"""


def test_structured_data_is_read():
    page = f'<html><script type="application/ld+json">{json.dumps(JSON_LD)}</script><h2>Other?</h2>x</html>'
    assert [(p.question, p.html, p.author) for p in pairs(page)] == [
        ("A & B?", "<p>Yes</p>", ""),
        ("C?", "many", "Ann"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        MICRODATA,
        "<details><summary>Q?</summary><p>a</p></details>",
        "<dl><dt>Q?<dd><p>a</p><dt>Term<dd>b</dl>",
        "<main><h2>Q?</h2><p>a</p><h2>Other</h2><p>b</p></main><h2>no</h2>",
        "<article><h3>Q?</h3><p>a</p></article><footer>f</footer>",
    ],
)
def test_questions_are_found_in_each_form(page):
    (pair,) = pairs(page)
    assert pair.question == "Q?"
    assert pair.html.strip() == "<p>a</p>"


def test_a_sitemap_names_the_pages(tmp_path, import_from, library):
    page = '<html lang="de"><link rel="canonical" href="https://x.org/faq/one"><h1>Warum?</h1><p>Darum.</p></html>'
    locs = "".join(f"<url><loc>https://x.org{path}</loc></url>" for path in ("/faq/one", "/gone", "/../../etc/passwd"))
    site = put(tmp_path / "s", {"sitemap.xml": f"<urlset>{locs}</urlset>", "faq/one.html": page, "other.html": page})
    outcomes = import_from(start=site / "sitemap.xml")
    assert [reason for _, reason in untaken(outcomes)] == ["no file for the address"] * 2
    (article,) = articles(library)
    assert (article.question, article.answer, article.language, article.aliases) == (
        "Warum?", "Darum.", "de", ("/faq/one",),
    )  # fmt: skip


def test_a_page_without_questions_is_named(tmp_path, import_from):
    put(tmp_path / "s", {"a.html": "<title>T</title><p>x", "b.html": "<h1>Q?</h1>a"})
    assert untaken(import_from(start=tmp_path / "s")) == [("", "no questions on the page")]


@pytest.mark.parametrize(
    "page",
    [
        "<details>" * 20_000,
        "<dt>?" * 20_000,
        "<h1>?" * 20_000,
        "<div itemscope itemtype='schema.org/Question'>" * 9_000,
    ],
)
def test_hostile_pages_end(page):
    assert isinstance(pairs(page), list)
