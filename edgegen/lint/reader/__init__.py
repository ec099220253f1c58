"""Files -> `Project`. The only part of lint that reads the disk, and only through `Disk`."""
