"""Spec -> Desired: everything that must exist, as plain data. Pure."""
