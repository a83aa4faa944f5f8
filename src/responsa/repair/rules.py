"""Every rule of repair: what it does, why it is right, and which rules of `responsa check` it answers."""

from typing import Final

from msgspec import Struct


class Rule(Struct, frozen=True):
    """``make`` names a function as ``module:function``, loaded when its rule is wanted.

    It takes one article's ``Case`` and yields edits, or where ``together`` a ``Scene`` and yields repairs; where
    ``related`` the scene holds the neighbours of every question, which need the extra `search`. ``usual``: there is
    one right answer, so that it is done without being asked for. ``clears`` are rules of check, ``why`` goes into Git.
    ``asks`` names a function of the catalogue that says whether the rule makes sense in this library.
    """

    name: str
    title: str
    why: str
    make: str
    clears: tuple[str, ...] = ()
    together: bool = False
    related: bool = False
    usual: bool = True
    asks: str = ""
    extra: bool = False


_TABLE: Final = (
    Rule(
        "addresses",
        "addresses that hold `undefined`",
        "A script wrote these addresses without knowing the subject. Each becomes the one that the library's layout "
        "gives it; the earlier one stays as an alias, so that no link breaks.",
        "responsa.repair.addresses:addresses",
        ("address-undefined",),
        together=True,
    ),
    Rule(
        "spellings",
        "subjects in their usual spelling",
        "One shelf under two spellings looks like two. The title that the settings give it, or else the spelling that "
        "most of its articles use, stands for all.",
        "responsa.repair.spellings:of_article",
        ("subject-spelling",),
    ),
    Rule(
        "holds",
        "refusals kept out of lists and search engines",
        "An answer that declines to answer is no page for readers. It is marked `no_index`, so that whatever publishes "
        "these files leaves it out of its lists, until a person answers the question or removes the article.",
        "responsa.repair.holds:of_article",
    ),
    Rule(
        "markup",
        "Markdown and TeX that is shown broken",
        "Tables without their line of dashes, code fences that never close, headings that skip a level and commands of "
        "TeX that a tool broke at `\\n` are repaired where only one repair is possible.",
        "responsa.repair.markup:of_article",
        ("table-broken", "fence-unclosed", "heading-jump", "escape-broken"),
    ),
    Rule(
        "copies",
        "articles that repeat another word for word become one",
        "Question and answer are the same to the letter: readers and search engines meet one text at two addresses. "
        "One article stays; the addresses of the others become its aliases, and links to them follow.",
        "responsa.repair.copies:copies",
        together=True,
        extra=True,
    ),
    Rule(
        "aliases",
        "aliases that are addresses of living articles",
        "A living page is never redirected: such an alias leads nowhere and hides that two articles claim one place.",
        "responsa.repair.aliases:of_article",
    ),
    Rule(
        "links",
        "related links that lead nowhere, twice to one place, or by another name",
        "A link to nothing, to the article itself or to what an earlier slot offers is removed; one to an earlier "
        "address gets the present one, and each the question of the article that it leads to.",
        "responsa.repair.links:of_article",
        ("link-dangling", "link-doubled", "link-self", "link-undefined", "link-moved", "link-title"),
    ),
    Rule(
        "ids",
        "ids that several articles have",
        "Whatever finds articles by their id finds the wrong one. The article that most links call by the id keeps it, "
        "of equals the oldest; the others get new ones after the largest, and links to them follow.",
        "responsa.repair.ids:ids",
        ("repeated-id",),
        together=True,
    ),
    Rule(
        "descriptions",
        "descriptions that are missing or longer than is shown",
        "Search engines show 160 characters and cut the rest off. Whole sentences at the beginning of a description "
        "stay; where none fits, whole sentences of the answer stand for it.",
        "responsa.repair.heads:description_of",
        ("description-long", "description-missing"),
    ),
    Rule(
        "keywords",
        "keywords where the library has them and an article lacks them",
        "Most articles of this library name their keywords. Those that do not get the terms that question and answer "
        "turn on.",
        "responsa.repair.heads:keywords_of",
        asks="responsa.repair.heads:has_keywords",
    ),
    Rule(
        "related",
        "five related questions for every listed article",
        "Five questions that a reader of the article wants next; links that are as good as those stay where they are.",
        "responsa.repair.related:related",
        together=True,
        related=True,
        extra=True,
        usual=False,
    ),
    Rule(
        "duplicates",
        "articles that ask one question become one",
        "One question asked several times, in the same words or others. One article stays; the addresses of the others "
        "become its aliases, their wordings are kept, and links to them follow.",
        "responsa.repair.related:merged",
        ("repeated-question",),
        together=True,
        related=True,
        extra=True,
        usual=False,
    ),
    Rule(
        "subject",
        "articles on a shelf that none of their neighbours stands on",
        "Nearly all of the articles that ask nearly the same stand on another shelf. The address stays as it is.",
        "responsa.repair.shelf:shelves",
        together=True,
        related=True,
        extra=True,
        usual=False,
    ),
)

RULES: Final = {rule.name: rule for rule in _TABLE}
"""By name, in the order in which they are done: each may lean on what those before it have mended."""
