"""Programs for those who work on edgegen; none of them is installed with it."""
