"""The commands, one function each."""

import typer

main = typer.Typer(name="responsa", no_args_is_help=True, add_completion=False)
