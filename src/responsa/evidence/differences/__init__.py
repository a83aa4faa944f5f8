"""A claim laid beside a sentence of a source: what is the same, and what was exchanged, a file a kind of difference."""
