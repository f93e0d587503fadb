"""Picks window, verb or child before anything heavy is imported."""

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns the exit status (0, 2 = a user's mistake, 3 = the engine failed)."""
    given = sys.argv[1:] if arguments is None else arguments
    role = given[0] if given else ""
    if role == "--engine":
        from writer_app.engine.child import main as engine

        return engine(given[1:])
    if role == "--template":
        from writer_app.engine.template import main as template

        return template()
    if role == "--self-check":
        from writer_app.selfcheck import main as self_check

        return self_check()
    from writer_app.cli import main as command_line

    return command_line(given)


if __name__ == "__main__":
    sys.exit(main())
