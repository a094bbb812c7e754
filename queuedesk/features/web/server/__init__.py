"""The process that serves a hall's web pages: it follows the hall as a station does, without a window."""
