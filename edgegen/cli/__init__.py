"""The command line: one file per command, no logic. Results go to stdout, everything else to stderr."""
