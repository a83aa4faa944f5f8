"""Views to pages, by templates that a publisher can replace one by one."""

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Final

import minijinja
from msgspec import Struct, structs

from responsa.errors import ConfigError
from responsa.publish.structured_data import Node, breadcrumbs, encode, json_ld, website
from responsa.publish.views import Crumb, HomeView, QuestionView, SiteView, SubjectItem, SubjectView, grouped, shorten

TEMPLATES: Final = Path(__file__).parent / "templates"

# Where whole HTML goes after the template is filled. No escaped text can hold a "<", so that none can be a slot.
BODY, PROMO, ANALYTICS = (f"<!--responsa:{name}-->" for name in ("body", "promo", "analytics"))


class MissingPage(Struct, frozen=True):
    """What the 404 page and the search page know of themselves: nothing, and search engines leave them out."""

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

    A template that cannot be compiled or filled is a ``ConfigError`` with its file and line. The bundled templates
    given as overrides make the same pages, byte for byte.
    """

    def __init__(self, site: SiteView, overrides: Path | None = None) -> None:
        self.site = site
        self.overrides = overrides
        # A publisher's own template may do anything with these texts: only the bundled ones get slots for them.
        self._slotted = overrides is None
        self._environment = minijinja.Environment(
            loader=template_loader(overrides),
            auto_escape_callback=lambda _name: "html",
            finalizer=None if self._slotted else escaped,
            undefined_behavior="strict",
            keep_trailing_newline=True,
            trim_blocks=True,
            globals={"site": _with_slots(site) if self._slotted else site},
            debug=False,
        )

    def question(self, view: QuestionView) -> str:
        """A question page."""
        return self._render(
            "question.html",
            view.body,
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
        return self._render(
            "subject.html",
            page=view,
            page_title=f"{numbered} | {self.site.name}",
            share_title=view.title,
            page_description=f"Questions and answers on {view.title}." if view.page == 1 else "",
            json_ld=self._structured(breadcrumbs(steps, self.site)),
            total=grouped(view.total),
        )

    def home(self, view: HomeView) -> str:
        """The front page."""
        site = self.site
        return self._render(
            "home.html",
            page=FrontPage(view, view.newest),
            page_title=f"{site.name}: {site.tagline}" if site.tagline else site.name,
            share_title=site.name,
            page_description=shorten(site.description),
            json_ld=self._structured(website(site)),
            subjects=[_counted(subject) for subject in view.subjects],
            total=grouped(view.total),
        )

    def search(self, subjects: Iterable[tuple[str, SubjectItem]]) -> str:
        """The page on which a search lists what it finds; subjects by title, each with its slug."""
        title = f"Search | {self.site.name}"
        return self._render(
            "search.html",
            page=MissingPage(),
            page_title=title,
            share_title=title,
            page_description="",
            json_ld="",
            subjects=[{"slug": slug, **_counted(subject)} for slug, subject in subjects],
        )

    def not_found(self) -> str:
        """The page for an address that leads nowhere."""
        title = f"Page not found | {self.site.name}"
        return self._render(
            "404.html", page=MissingPage(), page_title=title, share_title=title, page_description="", json_ld=""
        )

    def other(self, template: str, view: object, title: str, structured: str = "", total: str = "") -> str:
        """Any further page; its view has the ``url``, ``language`` and ``indexed`` of every page."""
        return self._render(
            template,
            page=view,
            page_title=title,
            share_title=title,
            page_description="",
            json_ld=structured,
            total=total,
        )

    def _structured(self, node: Node) -> str:
        return "" if self.site.structured_data == "none" else encode(node)

    def _render(self, name: str, body: str = "", **context: object) -> str:
        try:
            html = self._environment.render_template(name, body=BODY if self._slotted else body, **context)
        except minijinja.TemplateError as error:
            raise ConfigError(self._complaint(name, error)) from None
        return self._filled(html, body) if self._slotted else html

    def _filled(self, html: str, body: str) -> str:
        """The page with its slots filled.

        minijinja writes every "/" of a text as &#x2f;, which costs a question page about 10% of its size. Here the page
        holds nothing but the bundled templates and escaped texts yet, in which the reference means "/" everywhere.
        """
        head, _, tail = html.replace("&#x2f;", "/").partition(BODY)
        html = f"{head}{body}{tail}"
        if self.site.promo:
            html = html.replace(PROMO, self.site.promo)
        if self.site.analytics:
            html = html.replace(ANALYTICS, self.site.analytics)
        return html

    def _complaint(self, name: str, error: minijinja.TemplateError) -> str:
        where = error.name or name
        own = self.overrides / where if self.overrides else None
        path = own if own and own.is_file() else TEMPLATES / where
        problem = error.detail or error.message or error.kind
        return f"{path}:{error.line or 1}: {problem} (docs/templates.md says what a template can use)"


def escaped(value: object) -> object:
    """A text as HTML, by the rule of the bundled pages; anything else as the template engine has it."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return minijinja.safe(escape(value))
    return value


def _with_slots(site: SiteView) -> SiteView:
    return structs.replace(site, promo=site.promo and PROMO, analytics=site.analytics and ANALYTICS)


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
