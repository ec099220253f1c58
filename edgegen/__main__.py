"""The entry point. `--version` is answered before anything heavy is imported (bar P1)."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if "--version" in sys.argv and {*sys.argv[1:]} <= {"--version", "--json"}:
        from edgegen.cli.version import say

        sys.exit(say(sys.argv))
    import gc
    import signal

    # Before the first line of a command and after its last a signal simply ends the process: Python
    # would print its traceback.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A command is short-lived and creates almost no reference cycles; the collector would walk every imported module
    # again, and once again while the interpreter exits, unless everything is frozen by then (30 ms).
    gc.disable()
    _without_plugins()
    from edgegen.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


def _without_plugins() -> None:
    import os

    # Official switch of pydantic: edgegen has no plugin for it, and looking for one reads every installed package.
    if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") == "__all__":
        _without_plugin_loader()


def _without_plugin_loader() -> None:
    # pydantic imports what looks for plugins before it reads the switch, and with it email, zipfile and csv (11 ms).
    from types import ModuleType
    from typing import Any

    name = "pydantic.plugin._loader"

    class NoPlugins(ModuleType):
        get_plugins = tuple

        def __getattr__(self, wanted: str) -> Any:
            from importlib import import_module

            if wanted.startswith("__"):
                raise AttributeError(wanted)
            sys.modules.pop(name, None)  # whatever else a version of pydantic asks for: its own module has it
            return getattr(import_module(name), wanted)

    sys.modules[name] = NoPlugins(name)


if __name__ == "__main__":
    main()
