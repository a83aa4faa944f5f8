"""Views to pages, by templates that a publisher can replace one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import minijinja
from msgspec import Struct

from responsa.errors import ConfigError
from responsa.publish.structured_data import breadcrumbs, encode, json_ld
from responsa.publish.views import Crumb, HomeView, QuestionView, SiteView, SubjectItem, SubjectView, grouped, shorten

TEMPLATES: Final = Path(__file__).parent / "templates"


class MissingPage(Struct, frozen=True):
    """What the 404 page knows of itself: nothing, and search engines leave it out."""

    url: str = ""
    language: str = ""
    indexed: bool = False


class FrontPage(Struct, frozen=True):
    """The home page's view as its template sees it."""

    view: HomeView
    newest: tuple[object, ...]
    url: str = "/"
    language: str = ""
    indexed: bool = True


class Renderer:
    """Compiles the templates once; ``overrides`` is a folder whose files win over the bundled ones.

    A template that cannot be compiled or filled is a ``ConfigError`` with its file and line.
    """

    def __init__(self, site: SiteView, overrides: Path | None = None) -> None:
        self.site = site
        self.overrides = overrides
        self._environment = minijinja.Environment(
            loader=template_loader(overrides),
            auto_escape_callback=lambda _name: "html",
            undefined_behavior="strict",
            keep_trailing_newline=True,
            trim_blocks=True,
            globals={"site": site},
        )

    def question(self, view: QuestionView) -> str:
        """A question page."""
        return self._render(
            "question.html",
            page=view,
            page_title=view.title,
            share_title=view.heading,
            page_description=view.description,
            json_ld=json_ld(view, self.site),
        )

    def subject(self, view: SubjectView) -> str:
        """One page of a subject's list."""
        numbered = f"{view.title}, page {view.page}" if view.page > 1 else view.title
        steps = (*view.crumbs, Crumb(view.title, view.url))
        structured = {"@context": "https://schema.org", **breadcrumbs(steps, self.site)}
        return self._render(
            "subject.html",
            page=view,
            page_title=f"{numbered} | {self.site.name}",
            share_title=view.title,
            page_description=f"Questions and answers on {view.title}." if view.page == 1 else "",
            json_ld="" if self.site.structured_data == "none" else encode(structured),
            total=grouped(view.total),
        )

    def home(self, view: HomeView) -> str:
        """The front page."""
        site = self.site
        structured = {"@context": "https://schema.org", "@type": "WebSite", "name": site.name}
        if site.base_url:
            structured["url"] = f"{site.base_url}/"
        return self._render(
            "home.html",
            page=FrontPage(view, view.newest),
            page_title=f"{site.name}: {site.tagline}" if site.tagline else site.name,
            share_title=site.name,
            page_description=shorten(site.description),
            json_ld="" if site.structured_data == "none" else encode(structured),
            subjects=[_counted(subject) for subject in view.subjects],
            total=grouped(view.total),
        )

    def not_found(self) -> str:
        """The page for an address that leads nowhere."""
        name = self.site.name
        title = f"Page not found | {name}"
        return self._render(
            "404.html", page=MissingPage(), page_title=title, share_title=title, page_description="", json_ld=""
        )

    def _render(self, name: str, **context: object) -> str:
        try:
            html = self._environment.render_template(name, **context)
        except minijinja.TemplateError as error:
            raise ConfigError(self._complaint(name, error)) from None
        # minijinja writes every "/" of a text as &#x2f;, which costs a question page about 10% of its size. The
        # reference means "/" wherever it can stand, so that the page says the same.
        return html.replace("&#x2f;", "/")

    def _complaint(self, name: str, error: minijinja.TemplateError) -> str:
        where = error.name or name
        own = self.overrides / where if self.overrides else None
        path = own if own and own.is_file() else TEMPLATES / where
        problem = error.detail or error.message or error.kind
        return f"{path}:{error.line or 1}: {problem} (docs/templates.md says what a template can use)"


def template_loader(overrides: Path | None) -> Callable[[str], str | None]:
    """Looks in ``overrides`` first; a name that leaves its folder is not found."""

    def load(name: str) -> str | None:
        if ".." in Path(name).parts or name.startswith("/"):
            return None
        for folder in (overrides, TEMPLATES):
            if folder is not None and (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
        # An override extends the bundled page by this name, which would else be itself.
        bundled = TEMPLATES / name.removeprefix("responsa/")
        return bundled.read_text(encoding="utf-8") if bundled.is_file() else None

    return load


def _counted(subject: SubjectItem) -> dict[str, str]:
    return {"title": subject.title, "url": subject.url, "count": grouped(subject.count)}
