"""The window round every station: its frame, look, menu, locks and work off the GUI thread.

`shell.py` has sign-in, menu, language, size, theme, help and pictures. Commands run on one serial lane, reports and
files on a second, signs of life and pictures of figures on a third that waits for neither (`context.py`); answers come
back on the GUI thread.

Python's garbage collector runs on the GUI thread alone (`app/station/program.py`): on another it would destroy a
window's parts while they are drawn. Text at 125 and 150 % makes letters and keys larger; margins stay, and rails and
large numbers grow by the square root, because a page laid out for 1366 × 768 would not fit otherwise.

`first_frame.py` is what a window shows until its hall is read. `context.HallFeed` is the station's copy of the hall. A
station that cannot follow an event takes a fresh snapshot and says "met a fault" only while that fails too. `away.py`
says what a station shows while its hall cannot be reached; what would change the hall is held meanwhile
(`Button.set_disabled_while_away`). A command in a shared hall carries an id: the lane asks again with it where no
answer came, and `shell.py` asks the log what became of one that was given up. It stands between every way out of a
window and a manager's PIN."""
