"""What the lists of the stations show, without the lists themselves."""
