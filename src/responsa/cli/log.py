"""What an endpoint did, kept in a file for whoever asks for it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from responsa.errors import UsageError


@contextmanager
def logged(file: Path | None, *names: str) -> Iterator[None]:
    """What the loggers ``names`` say goes to ``file``, if there is one. Raises ``UsageError`` where it cannot."""
    if file is None:
        yield
        return
    try:
        handler = logging.FileHandler(file, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--log {file}: cannot be written: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
