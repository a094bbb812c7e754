"""The windows people work at.

Each station is a `controller.py` (no widgets) and a `view.py` (no rules); views never import the desk or the store.
Lists are models updated by difference; everything else is painted. `window` is the frame that all of them share,
`widgets` the painted controls, `acts` and `talk` what several of them do.
"""
