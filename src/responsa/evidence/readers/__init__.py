"""Files of sources as text with places. Files are untrusted: what they may cost is bounded, what they say is data."""
