"""Questions that ask the same in other words: needs the parts of ``responsa[search]``, so it is loaded on demand."""

from collections.abc import Callable

from responsa.library.catalogue import Catalogue
from responsa.library.library import Library
from responsa.relate import duplicates
from responsa.relate.now import relations_now
from responsa.report.copies import Cluster, Copy


def clusters(library: Library, catalogue: Catalogue, progress: Callable[[int, int], None]) -> list[Cluster]:
    """As ``responsa duplicates`` has them; the index is brought up to date for it."""
    return [_cluster(one) for one in duplicates.duplicates(relations_now(library, catalogue, progress), catalogue)]


def _cluster(one: duplicates.Cluster) -> Cluster:
    copies = tuple(Copy(copy.page.title, copy.page.url, copy.page.slug, copy.why) for copy in one.copies)
    page = one.canonical
    return Cluster(page.title, page.url, page.slug, one.reason, copies)
