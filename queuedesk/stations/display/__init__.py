"""The hall's display: who is called where, who waits, what the hall has to say."""
