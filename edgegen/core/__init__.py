"""What every room shares: errors, findings, places in a file, names, secrets. Pure."""
