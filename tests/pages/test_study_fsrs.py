"""The script's FSRS gives the numbers of py-fsrs, the original: for any reader, on any day."""

import datetime
import random

import fsrs
import pytest

from responsa.publish.study.files import STATIC

pytestmark = pytest.mark.browser
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
STATES = {fsrs.State.Learning: 1, fsrs.State.Review: 2, fsrs.State.Relearning: 3}
READERS = 150


def histories():
    """Ratings with the minutes since the one before: on time, early, late, at once, years late."""
    chance = random.Random(1)
    waits = [0, 1, 9, 11, 60, 1439, 1440, 1441, 3 * 1440, 30 * 1440, 400 * 1440]
    for reader in range(READERS):
        retention = chance.choice([0.8, 0.9, 0.95])
        steps = [(chance.choice([1, 2, 3, 3, 3, 4]), chance.choice(waits)) for _ in range(2 + reader % 14)]
        yield retention, steps


def expected(retention, steps):
    scheduler = fsrs.Scheduler(desired_retention=retention, enable_fuzzing=False)
    card, now = fsrs.Card(), START
    for rating, minutes in steps:
        now += datetime.timedelta(minutes=minutes)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), now)
        due, last = (round(moment.timestamp() * 1000) for moment in (card.due, card.last_review))
        yield [STATES[card.state], card.step, card.stability, card.difficulty, due, last]


def test_every_state_number_and_day_is_that_of_the_original(browser):
    given = list(histories())
    page = browser.new_page()
    page.add_script_tag(content=(STATIC / "fsrs.js").read_text(encoding="utf-8") + ";globalThis.fsrs = fsrs")
    found = page.evaluate(
        """([histories, start]) => histories.map(([retention, steps]) => {
            let card, now = start
            return steps.map(([rating, minutes]) => {
                now += minutes * 60000
                return card = fsrs.review(card, rating, now, retention)
            })
        })""",
        [given, START.timestamp() * 1000],
    )
    page.close()
    for history, cards in zip(given, found, strict=True):
        for theirs, ours in zip(expected(*history), cards, strict=True):
            assert ours[:2] == theirs[:2], history
            assert ours[2:4] == pytest.approx(theirs[2:4], rel=1e-9), history
            assert ours[4:] == theirs[4:], history
