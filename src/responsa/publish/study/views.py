"""What the templates of study pages see; ``answer`` of a card is safe HTML, everything else is text or number."""

from msgspec import Struct

from responsa.publish.study.face import Face
from responsa.publish.views import Crumb, PageLink


class DeckItem(Struct, frozen=True):
    """A deck in the list of all."""

    title: str
    url: str
    count: str


class DecksView(Struct, frozen=True):
    """The page that lists all decks."""

    url: str
    items: tuple[DeckItem, ...]
    crumbs: tuple[Crumb, ...]
    style_url: str
    language: str = "en"
    indexed: bool = False


class DeckView(Struct, frozen=True):
    """One file of a deck, as a page or as a sheet for paper. ``bits`` says how names tell files apart."""

    slug: str
    title: str
    url: str
    cards: tuple[Face, ...]
    total: int
    bits: int
    data_url: str
    deck_url: str
    print_url: str
    list_url: str
    style_url: str
    script_url: str
    new_cards: int
    retention: float
    page: int = 1
    page_count: int = 1
    pages: tuple[PageLink, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    crumbs: tuple[Crumb, ...] = ()
    language: str = "en"
    indexed: bool = False
