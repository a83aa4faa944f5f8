"""Settings for content management systems that name every key a record holds."""
