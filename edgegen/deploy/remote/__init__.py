"""The project's files on another host: copied over ssh before Compose runs there, and only what has changed."""
