import pytest
from desk_library import BCLC

PAGES = (
    "/desk/queue",
    "/desk/queue?kind=unsupported&subject=medicine&text=liver&start=0",
    "/desk/overview",
    "/desk/changes",
    f"/desk/article?url={BCLC}",
    f"/desk/edit?url={BCLC}",
    f"/desk/links?url={BCLC}",
    f"/desk/merge?url={BCLC}",
    f"/desk/history?url={BCLC}",
    "/desk/source?id=bclc-2022",
    "/desk/login",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_for_readers_and_editors(ann, nobody, path):
    for editor in (ann, nobody):
        answer = editor.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "<h1" in answer.text
        assert " style=" not in answer.text
