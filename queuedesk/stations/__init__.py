"""The windows people work at.

Each station has a `controller.py` (no widgets) and a view (`view.py` or `station.py`, no rules); views never import the
desk or the store. Lists are models updated by difference; everything else is painted. `window` is the frame that all of
them share, `widgets` the painted controls, `acts` and `talk` what several of them do."""
