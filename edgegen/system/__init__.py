"""This machine, in one place: locks, signals, the clock, bounded reads, atomic writes, and which addresses are
public."""
