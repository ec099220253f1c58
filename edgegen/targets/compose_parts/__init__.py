"""The parts of target compose, one idea per file. Pure."""
