"""Calls spoken aloud, never more than one at a time on a PC.

There is one announcer on a PC, in the display's process, with a lock beside this PC's settings; the engine lives in a
child process that can be killed. The picture never waits for the sound. A call counts as announced only when the player
ended well.

`saying.py` decides what is said next (emergency, recall, call, notice). It is given every moment and length, so
it can be tested without a sound. `announcer.py` plays a turn language by language and asks before each piece who waits.
Where a number would begin more than 15 s behind its picture, nothing is repeated, then several calls are said as one,
then one language alone; what still comes too late is noted as silent, never dropped.

How to speak (`VoiceManner`) is asked anew for each thing that is said, so a changed set-up needs no restart. Recorded
words (`engines.py`) are a link of the chain like any engine: a text is joined from the longest recordings that say it,
and a word that was never recorded leaves that text to the next link. `announcer.py` reads pages aloud in the kiosk's
own process; it holds no voice lock, so the hall's calls go on. Engine and player are devices of their own: each time
they are replaced is an outage."""
