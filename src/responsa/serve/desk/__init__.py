"""The desk: what needs a person, most harmful first; every accepted change is one edit and one commit."""
