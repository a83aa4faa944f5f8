"""How Sphinx makes the published documentation. Run by ``tools/docs_site.py``, which says what the pages are."""

# ruff: noqa: INP001  (settings that Sphinx reads, in no package)

project = "Responsa"
html_title = "Responsa"
language = "en"
extensions = ["myst_parser"]
myst_heading_anchors = 4
nitpicky = True
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
smartquotes = False  # two hyphens before an option stay two
# Both keep 4.5 : 1 on furo's grounds, comments included.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b4f8a", "color-brand-content": "#0b4f8a"},
    "dark_css_variables": {"color-brand-primary": "#8cc4ff", "color-brand-content": "#8cc4ff"},
}
