"""Finds articles by words and by meaning. So far only the embedded encoder's weights are here, in ``model/``."""
