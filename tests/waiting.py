"""Waiting for a page in a browser."""

import time


def until(page, told):
    """Waits for what a page is to say. Playwright's own waiting evaluates strings, which the page's policy refuses."""
    end = time.monotonic() + 15
    while not page.evaluate(told):
        assert time.monotonic() < end, told
        page.wait_for_timeout(20)
