"""Search and ask for readers: pages made by the server that need no script, in the look of the published site."""
