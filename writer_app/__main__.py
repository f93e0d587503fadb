"""Picks window, verb or child before anything heavy is imported."""

import io
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns the exit status (0, 2 = a user's mistake, 3 = the engine failed)."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:  # while modules are still being imported
        return 130


def _run(arguments: list[str] | None = None) -> int:
    _settle_streams()
    given = sys.argv[1:] if arguments is None else arguments
    role = given[0] if given else ""
    if role == "--engine":
        from writer_app.engine.child import main as engine

        return engine(given[1:])
    if role == "--download":
        from writer_app.engine.download_child import main as download

        return download()
    if role == "--inspect":
        from writer_app.engine.inspector import main as inspector

        return inspector(given[1:])
    if role == "--template":
        from writer_app.engine.template import main as template

        return template()
    if role == "--document":
        from writer_app.story.documents import main as document

        return document()
    if role == "--bare":
        from writer_app.bench.bare import main as bare

        return bare(*given[1:])
    if role == "--peer":
        from writer_app.bench.peers import main as peer

        return peer(*given[1:])
    if role == "--self-check":
        from writer_app.selfcheck import main as self_check

        return self_check()
    from writer_app.cli import main as command_line

    return command_line(given)


def _settle_streams() -> None:
    """Give closed streams (``>&-``, a program without a console) a place to go, and all of them UTF-8.

    A manuscript has characters that the locale's encoding may lack; a path may hold bytes that are no text.
    """
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # In order, so that a descriptor that was closed is taken again, and by nothing else.
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif name != "stdin" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
