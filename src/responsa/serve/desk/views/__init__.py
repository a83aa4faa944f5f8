"""The pages of the desk: each takes what was asked and gives an answer."""
