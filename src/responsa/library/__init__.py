"""A folder of records as one value; the one place that writes them."""
