"""The lobby: the hall at a glance for whoever walks about in it, and what to do now.

`LobbyBoard` (station.py) is one widget in two places: its own station and the first tab of the manager's Order and
waits. It asks `HallState` alone for what is now. Suggested moves come from passes over that state on the GUI thread,
some ten milliseconds, some tens in a full hall of 22 windows; what past days and moves taught is read on the long lane.
What features add to it (`FeatureBoardPanel`) stands in the place of what is to be done while there is something to
show."""
