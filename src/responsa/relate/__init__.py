"""Which questions belong together: five that a reader wants next, and those that are one question asked twice."""
