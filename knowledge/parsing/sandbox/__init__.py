"""The process in which files are read, under limits."""
