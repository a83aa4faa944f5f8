"""Questions that are asked twice in other words: what `responsa duplicates` finds, as tasks of the queue."""

from collections.abc import Iterator
from typing import Final

from responsa.relate.duplicates import Cluster, duplicates
from responsa.relate.now import vectors
from responsa.relate.related import relations
from responsa.serve.desk.tasks import Task
from responsa.serve.live import Now

NEAR: Final = "near:"
MOST: Final = 10
"""Articles of one cluster that are named."""


def near_tasks(now: Now) -> Iterator[Task]:
    """One a cluster that holds more than the same words; those the queue knows from the catalogue alone."""
    found = relations(now.library, now.catalogue, now.index.encoder.name, lambda texts: vectors(now.index, texts))
    for cluster in duplicates(found, now.catalogue):
        if any(copy.page.key != cluster.canonical.key for copy in cluster.copies):
            yield _task(cluster)


def others(task: Task) -> list[str]:
    """The addresses beside which the article of the task is to be put."""
    return task.detail.removeprefix(NEAR).split() if task.detail.startswith(NEAR) else []


def _task(cluster: Cluster) -> Task:
    page, copies = cluster.canonical, cluster.copies[:MOST]
    text = "; ".join(f"{copy.page.title} ({copy.why})" for copy in copies[:3])
    named = NEAR + " ".join(copy.page.url for copy in copies)
    return Task(page.path, page.url, page.title, page.slug, "duplicate", -float(len(cluster.copies)), text[:600], named)
