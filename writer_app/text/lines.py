"""Line endings of an edited text whose original mixed them."""

from difflib import SequenceMatcher


def kept_endings(text: str, source: str, crlf_lines: str) -> str:
    """``text`` with the line endings of ``source``: untouched lines keep theirs, new ones get the usual.

    Args:
        text: The edited text, lines ending with LF.
        source: The text before the edits, lines ending with LF.
        crlf_lines: For each line of ``source`` that ends, "1" for CRLF and "0" for LF.
    """
    usual = "1" if 2 * crlf_lines.count("1") > len(crlf_lines) else "0"
    old, new = source.split("\n"), text.split("\n")
    flags = [usual] * len(new)
    for old_start, new_start, size in _common_runs(old, new):
        run = crlf_lines[old_start : old_start + size]
        flags[new_start : new_start + len(run)] = run
    pieces = [
        line + ("\r\n" if flag == "1" else "\n") for line, flag in zip(new, flags, strict=True)
    ]
    pieces[-1] = new[-1]
    return "".join(pieces)


def _common_runs(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Runs of equal lines as (place in old, place in new, length)."""
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at] != new[at]), shortest)
    rest = shortest - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    # Only what lies between is compared: comparing whole books line by line takes seconds.
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail])
    runs = [(head + a, head + b, size) for a, b, size in middle.get_matching_blocks()]
    return [(0, 0, head), *runs, (len(old) - tail, len(new) - tail, tail)]
