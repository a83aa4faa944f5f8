"""Articles in from other places, out to others, and described to the editors' tools that open them."""
