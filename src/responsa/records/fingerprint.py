"""What a review was a review of."""

import hashlib


def fingerprint(answer: str) -> str:
    """Sixteen hexadecimal digits that change with the answer, whatever its line endings and outer blank space."""
    text = "\n".join(answer.split("\r\n")).strip()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
