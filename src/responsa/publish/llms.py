"""llms.txt: what a language model should know of the site, as llmstxt.org proposes."""

from collections.abc import Iterable

from responsa.publish.markdown_twin import escaped
from responsa.publish.views import HomeView, ListItem, SiteView, grouped


def llms(home: HomeView, site: SiteView) -> str:
    """The site, its subjects, and its newest questions with the addresses of their Markdown twins."""
    summary = site.description or site.tagline or f"{grouped(home.total)} questions with their answers."
    subjects = (f"- [{escaped(s.title)}]({site.base_url}{s.url}): {grouped(s.count)} questions" for s in home.subjects)
    parts = [
        f"# {escaped(site.name)}",
        f"> {escaped(summary)}",
        "Every question page has a Markdown twin: the same address with `.md` after it.",
        "\n".join(["## Subjects", "", *subjects]),
        "\n".join(["## Newest questions", "", *_questions(home.newest, site)]),
    ]
    return "\n\n".join(parts) + "\n"


def _questions(items: Iterable[ListItem], site: SiteView) -> Iterable[str]:
    return (f"- [{escaped(item.title)}]({site.base_url}{item.url}.md)" for item in items)
