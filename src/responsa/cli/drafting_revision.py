"""What ``responsa draft --revise`` does."""

from responsa.cli.drafting import Wish
from responsa.library.library import Library


def revise(library: Library, url: str, wish: Wish, *, write: bool, shown: bool) -> None:
    """Placeholder."""
