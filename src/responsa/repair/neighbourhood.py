"""What rules look at that lean on the neighbours of every question; needs the extra `search`."""

from msgspec import Struct

from responsa.index.index import Index
from responsa.relate.related import Relations


class Neighbourhood(Struct, frozen=True):
    """Which questions are near which, and the index that tells what is near by words."""

    relations: Relations
    index: Index
