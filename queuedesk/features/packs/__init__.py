"""Packs for meetings: the month's pack, the summary of a quarter."""
