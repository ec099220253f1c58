"""Lint: silent faults in Compose files, Swarm stacks, and Traefik's own files, whoever wrote them.

The flow: `reader` makes a `Project` of files (the only part that reads the disk), `rules` look at it, `engine` binds
what they find to severities and places. A rule never guesses: what the files do not show is unknown.
"""
