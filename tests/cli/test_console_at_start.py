"""What a command leaves in the console of this process is gone for the next test."""

from __future__ import annotations

from edgegen.cli.console import Console


def test_a_command_that_sets_how_much_is_printed() -> None:
    """Planted: as a run with `-v -q --json` leaves it."""
    Console.verbose = Console.quiet = Console.as_json = True


def test_the_next_one_starts_as_a_new_process_does() -> None:
    assert not (Console.verbose or Console.quiet or Console.as_json)
