"""The parts of target swarm, one idea per file. Pure."""
