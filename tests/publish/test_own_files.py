"""Facts about the publisher's own files beside the pages."""

import os

import pytest

from library_folder import made, put, tree
from responsa.errors import ConfigError
from responsa.publish.own_files import addresses_of, own_files


def library(folder, settings, *files):
    put(folder, "a")
    (folder / "responsa.toml").write_text(settings, encoding="utf-8")
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"<{name}>".encode())


def test_every_file_is_copied_as_it_is_and_goes_with_its_original(tmp_path):
    names = ("favicon.ico", ".well-known/security.txt", "img/liver.png", "google1.html", "_headers", "CNAME")
    library(tmp_path, '[build]\nstatic = "static"\n', *(f"static/{name}" for name in names), "static/.DS_Store")
    made(tmp_path)
    site = tree(tmp_path / "site")
    assert {name: site[name] for name in names} == {name: f"<static/{name}>".encode() for name in names}
    assert ".DS_Store" not in site
    (tmp_path / "static/favicon.ico").unlink()
    made(tmp_path)
    assert set(site) - set(tree(tmp_path / "site")) == {"favicon.ico"}


def test_a_robots_txt_of_the_publishers_own_wins(tmp_path):
    library(tmp_path, '[build]\nstatic = "static"\n', "static/robots.txt")
    made(tmp_path)
    assert (tmp_path / "site/robots.txt").read_text() == "<static/robots.txt>"


@pytest.mark.parametrize(
    "name", ["index.html", "sitemap-3.xml", "assets/x.css", "_redirects", "learn/medicine.html", "learn"]
)
def test_the_sites_own_places_are_refused_with_the_files_name(tmp_path, name):
    library(tmp_path, '[build]\nstatic = "static"\n', f"static/{name}")
    with pytest.raises(ConfigError, match=rf"build.static`: {name} has the place"):
        made(tmp_path)


def test_an_article_yields_to_a_file_in_its_place(tmp_path):
    library(tmp_path, '[build]\nstatic = "static"\n', "static/learn/medicine/questions/a.html")
    result = made(tmp_path)
    assert (result.pages, result.held) == (0, 1)
    assert (tmp_path / "site/learn/medicine/questions/a.html").read_bytes().startswith(b"<static/")


def test_a_file_without_a_suffix_has_no_address_of_a_page(tmp_path):
    for name in ("CNAME", "a.html", "b/c.md", "d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert set(addresses_of(own_files(tmp_path, [], []))) == {"/a", "/b/c"}


def test_a_link_to_a_folder_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/etc").symlink_to("/etc")
    assert own_files(tmp_path / "static", [], []) == ()


def test_a_logo_that_is_a_file_is_copied_under_a_name_with_its_hash(tmp_path):
    library(tmp_path, '[site]\nbase_url = "https://example.org"\nlogo = "img/my logo.PNG"\n', "img/my logo.PNG")
    made(tmp_path)
    (logo,) = (tmp_path / "site/assets").glob("logo.*.png")
    html = (tmp_path / "site/index.html").read_text()
    assert f'<link rel="icon" href="/assets/{logo.name}">' in html
    assert f'<meta property="og:image" content="https://example.org/assets/{logo.name}">' in html


def test_a_logo_elsewhere_keeps_its_address(tmp_path):
    library(tmp_path, '[site]\nbase_url = "https://example.org"\nlogo = "https://cdn.example/l.png"\n')
    made(tmp_path)
    assert '"og:image" content="https://cdn.example/l.png"' in (tmp_path / "site/index.html").read_text()


@pytest.mark.parametrize("name", ["missing.png", "../secret.png"])
def test_a_logo_that_cannot_be_had_is_told(tmp_path, name):
    library(tmp_path, f'[site]\nlogo = "{name}"\n')
    with pytest.raises(ConfigError, match=r"site\.logo"):
        made(tmp_path)


def test_a_name_that_is_no_utf8_is_refused_with_its_bytes(tmp_path):
    library(tmp_path, '[build]\nstatic = "static"\n', "static/a.png")
    (tmp_path / os.fsdecode(b"static/caf\xe9.png")).touch()
    with pytest.raises(ConfigError, match=r"build.static`: caf\\xe9.png: the name is not UTF-8; rename it"):
        made(tmp_path)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ('[build]\nstatic = "static"\n', "static/key.txt"),
        ('[build]\ntemplates = "templates"\n', "templates/footer.html"),
        ('[build]\nstyle = "own.css"\n', "own.css"),
        ('[site]\npromo = "promo.html"\n', "promo.html"),
        ('[site]\nlogo = "logo.svg"\n', "logo.svg"),
    ],
)
def test_a_link_that_leads_out_of_the_library_publishes_nothing(tmp_path, settings, name):
    (tmp_path / "secret").write_text("a key")
    folder = tmp_path / "library"
    library(folder, settings)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigError, match="is a link out of the library"):
        made(folder)
    (folder / name).unlink()
    (folder / "own").write_text("no secret")
    (folder / name).symlink_to(folder / "own")
    assert made(folder).pages == 1


def test_what_is_no_plain_file_is_refused_and_never_waited_for(tmp_path):
    library(tmp_path, '[build]\nstatic = "static"\n', "static/a.png")
    os.mkfifo(tmp_path / "static/pipe")
    with pytest.raises(ConfigError, match=r"build.static`: pipe is no plain file"):
        made(tmp_path)
    (tmp_path / "static/pipe").unlink()
    (tmp_path / "static/gone").symlink_to(tmp_path / "static/nothing")
    with pytest.raises(ConfigError, match=r"build.static`: gone cannot be read: No such file"):
        made(tmp_path)
