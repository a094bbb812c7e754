"""What helps when lines run late.

`move_search.py` finds what is about to go wrong, lists what could be done, tries each of these as another pass over the
same hall and keeps the best few; `outlook.py` says what such a pass means for the next half hour."""
