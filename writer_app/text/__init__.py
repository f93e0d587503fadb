"""Pure functions on strings: no state, no files, no Qt."""
