"""One station as a process: opened, watched, closed.

`wiring.py` builds one `StationContext` (desk, feed, lanes, look, clock, tools) and puts the station's page into the
window that all stations share. In a simulated hall the station's clock stands at the hall's last event.

`launch.py` shows a window before it loads what reads a hall: `StationProgram.show_opening_window` shows its station's
empty frame, in whose place `StationProgram.run` puts the page.

A station that closes hides its window first. Then it finishes what was asked for (commands, slips, files, backups:
nothing queued is forgotten), with signs of life to its watchdog, for two minutes at most. What only the window wanted
to know (`may_drop`) is neither begun nor awaited.

`station_process.py` is the parent of a station started with `--kept`: it has no Qt and reads one line after the other
from the child. Whatever ends without saying that it was meant to is started again, and the child tells the log why the
one before it died. `hall_screen.py` is the window that fills a screen: on its own monitor or not shown at all. The last
station opened on a screen takes it over by a token in `screen-….claim`, written with its first frame. `Equipment`
is what a process tells of itself; a slot lock gives a second process of a name `#2`.

`running.py` is what home knows of the stations of this PC: each leaves a note under a lock, and does what home writes
beside it.

`own_hall.requested_place_and_hall_code` leads every station of a PC to where its hall is now, whatever file its command
line names; a hall's password is moved from an address into the environment there, so that no command line of ours shows
it."""
