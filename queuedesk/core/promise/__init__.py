"""The wait that may be promised: the hall as numbers, one pass over it, what was learned, and how promises are kept
honest."""
