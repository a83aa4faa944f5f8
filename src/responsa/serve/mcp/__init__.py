"""The library as tools for agents, by the Model Context Protocol: small answers, each with its address."""
