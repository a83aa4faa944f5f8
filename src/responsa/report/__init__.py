"""The report: how healthy a library is, as figures and as one page for those who answer for it."""
