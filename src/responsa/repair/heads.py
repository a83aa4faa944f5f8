"""What the head of a page says: descriptions that are shown whole, and keywords where a library has them."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from responsa.article import Article, Edit
from responsa.check.case import Case
from responsa.check.fields import LONGEST_DESCRIPTION
from responsa.describe.description import description, kept
from responsa.describe.keywords import keywords
from responsa.library.catalogue import Catalogue
from responsa.library.refusal import is_refusal

SAMPLE: Final = 500
DESCRIPTION, KEYWORDS = "seo.page_description", "seo.page_keywords"


def description_of(case: Case) -> Iterator[Edit]:
    """One that fits, where there is none or one that is too long; nothing where the answer gives none."""
    article, stored = case.article, case.article.seo.description
    if _misread(case, DESCRIPTION) or (stored.strip() and len(stored) <= LONGEST_DESCRIPTION):
        return
    own = kept(stored)
    text = own or description(article.question, "" if is_refusal(article) else article.answer)
    if text:
        why = "its own first sentences" if own else "whole sentences of the answer"
        was = f"{len(stored)} characters were too long" if stored.strip() else "there was none"
        yield case.edit(DESCRIPTION, text, f"{why}: {was}")


def keywords_of(case: Case) -> Iterator[Edit]:
    """Those of question and answer, where there are none."""
    article = case.article
    if article.seo.keywords.strip() or _misread(case, KEYWORDS) or is_refusal(article):
        return
    if found := keywords(article.question, article.answer):
        yield case.edit(KEYWORDS, ", ".join(found), "the article named none")


def has_keywords(catalogue: Catalogue) -> bool:
    """Whether half of the articles name keywords, by a sample of them: a library that does without stays so."""
    paths = [card.path for card in islice(catalogue.cards(by="path"), 0, None, max(1, catalogue.count() // SAMPLE))]
    found = [entry for entry in catalogue.entries(paths) if isinstance(entry, Article)]
    return sum(bool(article.seo.keywords.strip()) for article in found) * 2 >= max(1, len(found))


def _misread(case: Case, key: str) -> bool:
    """Whether the file holds something there that is no text, such as a list: that is a person's to mend."""
    return any(misfit.key in {key, key.partition(".")[0]} for misfit in case.article.misfits)
