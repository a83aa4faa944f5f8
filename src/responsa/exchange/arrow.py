"""Arrow's reader and writer of Parquet panic where others raise: told as errors, and nothing printed past us."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Final

_CODE: Final = re.compile(r"Os \{ code: (\d+)")


@contextmanager
def panics() -> Iterator[None]:
    """A panic becomes an ``OSError`` where the system refused something, else a ``ValueError``.

    It prints where in its own code it stopped to the process's standard error; what this program says goes on to be
    seen, for Python writes to a copy meanwhile.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere, os.fdopen(os.dup(2), "w") as ours, redirect_stderr(ours):
            os.dup2(nowhere.fileno(), 2)
            yield
    except BaseException as error:
        # Python sees a panic as an exception beside all others, not below `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        if code := _CODE.search(str(error)):
            raise OSError(int(code[1]), os.strerror(int(code[1]))) from error
        raise ValueError(str(error)[:200]) from error
    finally:
        os.dup2(kept, 2)
        os.close(kept)
