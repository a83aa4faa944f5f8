"""References by their number: PubMed and Crossref are asked politely, and what they say is kept as a file."""
