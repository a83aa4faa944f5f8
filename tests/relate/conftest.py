import pytest

from fake_encoder import FakeEncoder
from responsa.library.catalogue import refresh
from responsa.library.library import apply, read
from responsa.library.write import write
from responsa.relate.related import relations


@pytest.fixture
def relate():
    """The relations of the library in a folder, as its files are now, with its open catalogue."""
    held = []

    def related_now(folder):
        catalogue = refresh(read(folder))
        held.append(catalogue)
        encoder = FakeEncoder()
        return relations(catalogue.library, catalogue, encoder.name, encoder.encode), catalogue

    yield related_now
    for catalogue in held:
        catalogue.close()


@pytest.fixture
def carry_out():
    def carried(folder, edits):
        library = read(folder)
        return write(library, apply(library, edits))

    return carried
