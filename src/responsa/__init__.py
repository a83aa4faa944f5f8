"""Responsa: libraries of questions and answers, checked, linked, cited and published."""

__version__ = "0.1.0"
