"""This machine, once: locks, signals, the clock, files read and written whole, and which addresses are public."""
