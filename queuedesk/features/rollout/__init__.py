"""Many PCs set up alike: a file says what each is for, and a PC is set up from it."""
