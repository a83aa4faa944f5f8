"""Structured data of a deck (schema.org's Quiz of flashcards): what the page shows, and nothing else."""

from responsa.publish.structured_data import MACHINE_WRITTEN, Answer, Node, Thing
from responsa.publish.study.face import Face
from responsa.publish.study.views import DeckView
from responsa.publish.views import SiteView, plain_text


class Question(Node, frozen=True):
    """A card."""

    edu_question_type: str = ""
    text: str = ""
    accepted_answer: Answer | None = None


class Quiz(Node, frozen=True):
    """A page of a deck."""

    name: str = ""
    url: str = ""
    in_language: str = ""
    about: Thing | None = None
    has_part: tuple[Question, ...] = ()


def quiz(view: DeckView, site: SiteView) -> Quiz:
    """The cards that stand on this page."""
    return Quiz(
        f"{view.title}: flashcards",
        f"{site.base_url}{view.url}" if site.base_url else "",
        view.language,
        Thing(view.title),
        tuple(_question(card, site) for card in view.cards),
    )


def _question(card: Face, site: SiteView) -> Question:
    answer = Answer(
        text=plain_text(card.answer),
        url=f"{site.base_url}{card.url}" if site.base_url else "",
        digital_source_type=MACHINE_WRITTEN if card.machine else "",
    )
    return Question("Flashcard", card.question, answer)
