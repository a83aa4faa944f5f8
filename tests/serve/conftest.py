import pytest
from serving import serving

from library_folder import put

ARTICLES = {
    "what-is-bone-marrow": "**Bone marrow** is soft tissue inside bones.\n\nIt makes red blood cells and platelets.",
    "what-is-the-liver": "The liver makes bile and stores glycogen.\n\n- It is the largest gland.\n- It ends alcohol.",
    "how-do-kidneys-work": "Kidneys filter blood and make urine.",
}


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    for day, (name, answer) in enumerate(ARTICLES.items(), 1):
        question = name.replace("-", " ").capitalize() + "?"
        put(folder, name, day=day, question=question, answer=answer.replace("\n", "\\n"))
    put(
        folder, "what-does-moved-mean", question="What does moved mean?", day=9,
        more="aliases:\n  - /old/address\n  - /alt/ärger\n",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def served(library):
    with serving(library) as running:
        yield running
