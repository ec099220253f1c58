"""What each exit code says: of an answer, of an error (`errors.py` has a class for each), and of a signal."""

MEANINGS: dict[int, str] = {
    0: "done, or yes",
    1: "the answer is no: a check failed, files differ, something was found, changes are pending",
    2: "wrong usage, or a mistake in edge.yaml",
    3: "refused: a conflict, a safety limit, a stale plan, a file edited by hand",
    4: "an external failure; nothing was changed",
    5: "an external failure; some changes were made: run it again",
    6: "another edgegen is running in this folder",
    7: "reading or writing local files failed",
    70: "a bug in edgegen",
    130: "interrupted",
    143: "terminated",
}
