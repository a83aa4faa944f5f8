"""The library for programs: read only, typed, described by OpenAPI 3.1."""
