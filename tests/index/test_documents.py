from pathlib import PurePosixPath

import numpy as np
import pytest

from responsa.index.documents import Document, Documents, table


def document(number, url="/a", *, listed=True, held=""):
    name = PurePosixPath(f"{number}.md")
    return Document(number, name, url, f"Title {number}", "Medicine", "medicine", listed, held, b"q%d" % number, b"t")


ALL = [document(3), document(5, "/b", listed=False), document(9, "/a", held="score"), document(12, "/c")]


def test_documents_are_as_they_were_put():
    found = Documents(table(ALL))
    assert list(found.all()) == ALL
    assert [one.number for one in found.all(listed=True)] == [3, 9, 12]
    assert (found.count(), found.count(listed=True)) == (4, 3)


def test_documents_are_found_by_number_and_by_address():
    found = Documents(table(ALL))
    assert found.at([12, 4, 3, 99]) == {12: ALL[3], 3: ALL[0]}
    assert (found.of_url("/b"), found.of_url("/none")) == (ALL[1], None)


def test_of_one_address_the_published_comes_first():
    first = [document(1, held="score"), document(2)]
    assert Documents(table(first)).of_url("/a") == first[1]


def test_keys_are_told_once():
    assert Documents(table(ALL)).keys("question") == [b"q3", b"q5", b"q9", b"q12"]
    assert Documents(table(ALL)).keys("text") == [b"t"]


def test_parts_must_fit():
    arrays = table(ALL)
    with pytest.raises(ValueError, match="fit"):
        Documents(arrays | {"starts": arrays["starts"][:-1]})
    with pytest.raises(ValueError, match="damaged"):
        list(Documents(arrays | {"data": np.full_like(arrays["data"], 255)}).all())
    with pytest.raises(ValueError, match="lacks"):
        Documents({})
