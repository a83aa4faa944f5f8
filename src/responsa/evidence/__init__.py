"""Answers against their sources: claims, passages, verdicts, the ledger that keeps them, the score it gives."""
