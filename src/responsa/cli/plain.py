"""Text of articles made safe for a terminal."""

import unicodedata

# Cc: escape sequences, bells, carriage returns. Cf: right-to-left overrides and other invisible marks that
# make a line read otherwise than it is. Cs: lone surrogates cannot be encoded. Zl, Zp: further line ends.
_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    r"""On one line; what could steer a terminal or hide text is shown as ``\x1b``, ``\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def _shown(sign: str) -> str:
    if unicodedata.category(sign) not in _HARMFUL:
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"  # noqa: PLR2004 - one byte, two digits
