"""What stations and commands borrow from layers beside theirs: printing, reports, voice."""
