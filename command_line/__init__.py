"""The command line: one file per command or group of commands, and the code that prints their results."""
