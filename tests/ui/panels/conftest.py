"""The program with its stub engine."""

from tests.ui.rig import engine, make_program, program, session, window

__all__ = ["engine", "make_program", "program", "session", "window"]
