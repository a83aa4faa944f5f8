"""The queue follows the files, and an interruption or damage costs nothing but time."""

import datetime

import pytest
from desk_library import committed

from library_folder import REFUSAL, address, put
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.serve.desk.asked import to
from responsa.serve.desk.near import near_tasks, others
from responsa.serve.desk.queue import Filter, Queue
from responsa.serve.desk.tasks import tasks_of
from responsa.serve.desk.views.lists import address as page_of
from responsa.serve.live import Live

TODAY = "2026-11-25"


@pytest.fixture
def queue(tmp_path):
    found = Queue(tmp_path)
    yield found
    found.close()


def renewed(queue, folder):
    library = read(folder)
    with refresh(library) as catalogue:
        queue.renew(library, catalogue)
    return [(task.kind, task.url) for task in queue.tasks(Filter(), TODAY)]


def test_only_what_changed_is_looked_at_again(tmp_path, queue, monkeypatch):
    put(tmp_path, "a", answer=REFUSAL)
    put(tmp_path, "b")
    renewed(queue, tmp_path)
    looked = []

    def watched(shard):
        looked.append([card.url for card in shard.cards])
        return tasks_of(shard)

    monkeypatch.setattr("responsa.serve.desk.queue.tasks_of", watched)
    put(tmp_path, "b", answer=REFUSAL)
    kinds = renewed(queue, tmp_path)
    assert looked == [[address("b")]]
    assert [url for kind, url in kinds if kind == "refusal"] == [address("a"), address("b")]


def test_what_is_gone_or_mended_leaves_the_queue(tmp_path, queue):
    gone = put(tmp_path, "a", answer=REFUSAL)
    put(tmp_path, "b", answer=REFUSAL)
    assert [kind for kind, _ in renewed(queue, tmp_path)].count("refusal") == 2
    gone.unlink()
    put(tmp_path, "b", answer="A real answer.")
    assert [kind for kind, _ in renewed(queue, tmp_path)].count("refusal") == 0


def test_a_review_waits_from_its_day_on_though_no_file_changes(tmp_path, queue):
    put(tmp_path, "a", more="review_by: 2026-12-01\n")
    renewed(queue, tmp_path)
    days = {day: queue.count(Filter("review"), day) for day in ("2026-11-30", "2026-12-01", "2027-01-01")}
    assert days == {"2026-11-30": 0, "2026-12-01": 1, "2027-01-01": 1}


def test_pages_hold_every_task_once(tmp_path, queue):
    for number in range(23):
        put(tmp_path, f"q{number}", answer=REFUSAL)
    renewed(queue, tmp_path)
    wanted = Filter("refusal")
    seen = [task.url for start in range(0, 30, 5) for task in queue.tasks(wanted, TODAY, start, 5)]
    assert seen == sorted(seen)
    assert len(set(seen)) == queue.count(wanted, TODAY) == 23


def test_signs_of_a_pattern_stand_for_themselves(tmp_path, queue):
    put(tmp_path, "a", question="What is 100%_sure\\?", answer=REFUSAL)
    put(tmp_path, "b", question="What is 100 per cent?", answer=REFUSAL)
    renewed(queue, tmp_path)
    for text, found in (("100%_", 1), ("\\?", 1), ("100", 2), ("' OR 1=1 --", 0)):
        assert queue.count(Filter("refusal", "", text), TODAY) == found, text


def test_words_are_found_at_their_beginnings_in_any_order(tmp_path, queue):
    put(tmp_path, "a", question="How is (Liver) cancer staged?", answer=REFUSAL)
    put(tmp_path, "b", question="When is a delivery late?", answer=REFUSAL)
    renewed(queue, tmp_path)
    found = {text: queue.count(Filter("refusal", "", text), TODAY) for text in ("liver", "CANCER liv", "iver", "late")}
    assert found == {"liver": 1, "CANCER liv": 1, "iver": 0, "late": 1}


def test_a_damaged_queue_is_made_anew(tmp_path):
    put(tmp_path, "a", answer=REFUSAL)
    first = Queue(tmp_path)
    renewed(first, tmp_path)
    first.close()
    (tmp_path / ".responsa" / "desk.sqlite").write_bytes(b"nothing of a database" * 99)
    again = Queue(tmp_path)
    assert not again.made
    assert ("refusal", address("a")) in renewed(again, tmp_path)
    assert again.made
    again.close()


def test_questions_in_other_words_are_one_task_that_puts_them_beside_each_other(tmp_path):
    put(tmp_path, "a", question="What is hepatocellular carcinoma?")
    put(tmp_path, "b", question="What does hepatocellular carcinoma mean?", answer="Another answer.")
    put(tmp_path, "c", question="Who treats broken bones?", answer="A third answer.")
    committed(tmp_path)
    with Live(tmp_path) as live:
        live.open()
        with live.reading() as now:
            (task,) = near_tasks(now)
    assert {task.url, *others(task)} == {address("a"), address("b")}
    way = page_of(task, Filter(), 3)
    assert way == to("/merge", url=task.url, at=3) + "&with=" + to("", x=others(task)[0]).partition("x=")[2]


def test_the_day_is_noted_once_however_often_it_is_counted(queue):
    for value in (5, 7):
        queue.note_day(TODAY, {"all": value})
    queue.note_day(str(datetime.date(2026, 11, 24)), {"all": 9})
    assert queue.days("all") == [("2026-11-24", 9), (TODAY, 7)]
