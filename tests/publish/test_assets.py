"""Facts about the files that pages share."""

import re

from responsa.publish.assets import assets, minified


def test_the_style_is_named_by_what_it_holds():
    plain, extra = assets(), assets("h1 { color: red }")
    assert plain.style_url != extra.style_url
    assert assets().style_url == plain.style_url
    assert extra.files[0].content.endswith(b"h1 { color: red }\n")


def test_every_font_that_the_style_names_is_there_and_on_this_site():
    made = assets()
    urls = re.findall(r"url\(([^)]*)\)", made.files[0].content.decode())
    assert urls
    assert set(urls) <= {file.url for file in made.files}


def test_the_maths_font_is_small_enough_for_a_phone():
    (font,) = [file for file in assets().files if file.path.endswith(".woff2")]
    assert font.content[:4] == b"wOF2"
    assert len(font.content) < 113_000


def test_the_style_weighs_little():
    assert len(assets().files[0].content) < 14_000


def test_minified_rules_mean_the_same():
    css = "/* c */ a > b { width: calc(1px + 2px) ; color : red }\n@media (x: y) { a { b: c; } }"
    assert minified(css) == "a > b{width:calc(1px + 2px);color : red}@media (x: y){a{b:c}}"
