"""Running what was rendered: look before the start, start, wait for health, report what is wrong."""
