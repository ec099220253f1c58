"""The one place that writes into a project: whole files or none, never through a link, never over a user's work."""

from edgegen.files.compare import Difference, check_outputs, diff_outputs
from edgegen.files.lock import lock, open_lock_file, stack_lock
from edgegen.files.manifest import last_environment, last_render
from edgegen.files.output import Output, WriteReport
from edgegen.files.report import ReportFile
from edgegen.files.single_file import put_file, put_state, read_project_file, rewrite_file
from edgegen.files.write import write_outputs

__all__ = [
    "Difference", "Output", "ReportFile", "WriteReport", "check_outputs", "diff_outputs", "last_environment",
    "last_render", "lock", "open_lock_file", "put_file", "put_state", "read_project_file", "rewrite_file", "stack_lock",
    "write_outputs",
]  # fmt: skip
