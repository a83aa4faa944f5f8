import zlib

import numpy as np
import pytest

from library_folder import put
from responsa.index.encoder import unit
from responsa.index.index import open_index
from responsa.library.catalogue import refresh
from responsa.library.library import read


class Letters:
    """An encoder for tests: a text is the sum of a fixed vector for each of its words."""

    dims = 32

    def __init__(self, name="letters"):
        self.name = name
        self.asked = 0

    def encode(self, texts):
        self.asked += len(texts)
        return unit(np.array([self.vector(text) for text in texts], np.float32).reshape(-1, self.dims))

    def vector(self, text):
        total = np.zeros(self.dims, np.float32)
        for word in text.lower().split():
            total += np.random.default_rng(zlib.crc32(word.strip("?.,").encode())).standard_normal(self.dims)
        return total


@pytest.fixture
def letters():
    return Letters()


@pytest.fixture
def made():
    """Brings the index of a folder up to date and opens it."""

    def make(folder, encoder=None, **wish):
        library = read(folder)
        with refresh(library) as catalogue:
            return open_index(library, catalogue, encoder or Letters(), **wish)

    return make


@pytest.fixture
def livers(tmp_path):
    """Three articles that share words."""
    put(tmp_path, "a", question="What is liver cancer?", answer="A tumour of the liver. It grows slowly.")
    put(tmp_path, "b", question="How is kidney failure treated?", answer="By dialysis, or a new kidney.")
    put(tmp_path, "c", question="Which tumours grow in the liver?", answer="Carcinoma of the bile ducts and others.")
    return tmp_path
