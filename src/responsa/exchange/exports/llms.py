"""llms-full.txt: the whole library as one Markdown text, each answer with its address, dates and references."""

from pathlib import Path

from responsa.exchange.exports.columns import storable
from responsa.exchange.exports.reading import site_of
from responsa.exchange.exports.selection import Selection
from responsa.publish.markdown_twin import escaped, markdown_twin
from responsa.publish.views import question_view


def write(selection: Selection, target: Path) -> int:
    """How many articles were written."""
    config, count = selection.library.config, 0
    site = site_of(config.site.name, config.site.base_url, config.site.language, config.site.description)
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {escaped(site.name)}\n")
        if site.description:
            file.write(f"\n> {escaped(site.description)}\n")
        for count, article in enumerate(selection.listed(), 1):  # noqa: B007 - counted for the report
            policy = config.policy
            view = question_view(
                article, "", site, disclose_machine=policy.disclose_machine, review_years=policy.review_years
            )
            file.write(f"\n---\n\n{storable(markdown_twin(view, article.answer, site))}")
    return count
