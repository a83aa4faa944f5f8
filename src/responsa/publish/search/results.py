"""The page on which results stand, and the script that fills it."""

from collections.abc import Iterator, Mapping

from responsa.publish.frame import Frame
from responsa.publish.lists import Output
from responsa.publish.page import Renderer
from responsa.publish.places import SEARCH
from responsa.publish.search.script import script
from responsa.publish.views import SubjectItem, clean


def results(counts: Mapping[str, int], frame: Frame, renderer: Renderer) -> Iterator[Output]:
    """Both files. The page offers the listed subjects that have questions; ``counts`` are these by slug."""
    code = script()
    yield Output(code.path, code.content)
    shelves = [shelf for shelf in frame.shelves.values() if shelf.listed and counts.get(shelf.slug)]
    shelves.sort(key=lambda shelf: (shelf.title.casefold(), shelf.slug))
    items = [(s.slug, SubjectItem(clean(s.title), frame.shelf_url(s.slug), counts[s.slug])) for s in shelves]
    yield Output(SEARCH, renderer.search(items).encode())
