"""Tickets and lists on paper, drawn once.

A slip is laid out once (`slip_layout.py`, `slip_painter.py`) and taken to a picture, a PDF, a page of Qt's, or the dots
of a receipt printer. `choice.py` reads the one text that names a printer.

In `escpos.py` only the cables are python-escpos's (network, serial line, USB, each with time limits); the bytes are our
own few, and so is the dialogue: the printer's state is asked before, between bands and after, and once behind the cut,
where the answer says that the slip is out. On trouble the printer is told to forget what it holds.

A job on a printer of the system is followed and taken back (`spooler.py`). CUPS is asked in its own protocol, because
its programs don't tell a finished job from one that was given up. What an idle queue says it lacks is what its last job
lacked, so it keeps nobody from trying."""
