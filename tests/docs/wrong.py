"""What the runner of code blocks raises."""


class Wrong(AssertionError):
    """A block does not do what its page says. The message begins with its place."""
