"""Commands: one function each. Nothing is worked out here; a command reads, calls a stage and prints."""

from responsa.cli.app import main

__all__ = ["main"]
