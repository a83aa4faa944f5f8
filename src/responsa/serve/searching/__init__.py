"""Searching in processes beside the server: they read the same mapped index, keep nothing, and may die at any time."""
