"""A library that answers while it is edited: its site, search, an API, tools for agents, and a desk for editors."""
