"""The lobby: the hall at a glance for whoever walks about in it, what to do now, and cards for when things go wrong."""
