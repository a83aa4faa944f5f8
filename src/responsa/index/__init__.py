"""Finds articles by words and by meaning: a lexical index, vectors of questions and answers, and one fused score."""
