"""The demo: an invented hall with a busy day, live on the screen or as pictures, sounds and a report; and the
trial, in which a person plays through the stations of such a hall in one window."""
