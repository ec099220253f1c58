"""Words shared by every room: errors, findings, places in a file, names, secrets. Pure."""
