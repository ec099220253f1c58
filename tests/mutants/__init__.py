"""Mutation testing of the safety nets: `make mutants`."""
