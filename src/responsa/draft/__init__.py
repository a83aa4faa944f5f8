"""A question becomes an article in which every sentence is carried by a passage, or a refusal that says why not."""

from responsa.draft.outcome import Draft, Reason, Refusal
from responsa.draft.writing import Study, Writer, draft

__all__ = ["Draft", "Reason", "Refusal", "Study", "Writer", "draft"]
