"""How fast edgegen is, as ratios inside one run: `python -m tests.bench`."""
