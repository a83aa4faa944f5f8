"""What the library's policy makes of an article: published, kept out of lists and search engines, or held back."""

from typing import Final

from msgspec import Struct

from responsa.article import Article
from responsa.library.config import Policy
from responsa.library.refusal import is_refusal
from responsa.library.subjects import Subjects
from responsa.library.urls import is_address
from responsa.records.fingerprint import fingerprint

UNMET: Final = ("score", "review", "sources")
"""What a policy asks of an article, in the order in which it is looked for."""


class Gate(Struct, frozen=True):
    """``held``: why there is no page. ``unmet``: what the policy asks and the article lacks, held back for it or not.

    Both are empty where nothing is in the way.
    """

    held: str
    unmet: str

    @property
    def hidden(self) -> bool:
        """Whether a page that is published stays out of lists, search engines and the site's own search."""
        return bool(self.unmet) and not self.held


def gate(policy: Policy, subjects: Subjects, article: Article) -> Gate:
    """The first reason that applies: an unsafe address, a draft, a refusal, what the policy asks and does not get."""
    unmet = _unmet(policy, subjects, article)
    if not is_address(article.url) or article.url == "/":
        return Gate("address", unmet)
    if is_draft(article):
        return Gate("draft", unmet)
    if policy.refusals == "hold" and is_refusal(article):
        return Gate("refusal", unmet)
    return Gate(unmet if policy.unmet == "hold" else "", unmet)


def is_draft(article: Article) -> bool:
    """Whether the record says so: `draft: true`, as Hugo has it, or `published: false`, as Jekyll does."""
    return article.extra.get("draft") is True or article.extra.get("published") is False


def least_score(policy: Policy, subjects: Subjects, subject: str) -> float | None:
    """The score that the policy asks of an article on ``subject``; its own one wins over that for all."""
    for name, least in policy.min_score_of.items():
        if subjects.named(subject, [name]):
            return least
    return policy.min_score


def _unmet(policy: Policy, subjects: Subjects, article: Article) -> str:
    least = least_score(policy, subjects, article.subject)
    if least is not None and (article.score is None or article.score < least):
        return "score"
    reviewed = article.reviewed is not None and article.reviewed.of == fingerprint(article.answer)
    if not reviewed and subjects.named(article.subject, policy.require_review):
        return "review"
    if not article.sources and subjects.named(article.subject, policy.require_sources):
        return "sources"
    return ""
