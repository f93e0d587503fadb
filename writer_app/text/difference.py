"""Where two texts differ."""

from typing import NamedTuple


class Edit(NamedTuple):
    """A change of a text: at ``at``, so many code points were removed, and so many inserted."""

    at: int
    removed: int
    inserted: int

    def then(self, later: "Edit") -> "Edit":
        """The one edit that does this and, to the text that comes of it, a later one.

        What lies between the two is removed and inserted again.
        """
        at = min(self.at, later.at)
        end = max(self.at + self.inserted, later.at + later.removed)  # before the later one
        removed = end - at + self.removed - self.inserted
        return Edit(at, removed, end - at + later.inserted - later.removed)


def common_prefix(one: str, other: str) -> int:
    """Length of the longest common beginning; by bisection, since comparing slices is fast."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def difference(old: str, new: str) -> tuple[int, str, str]:
    """The one replacement that makes ``new`` of ``old``: (offset, removed, inserted), trimmed."""
    head = common_prefix(old, new)
    tail = common_prefix(old[head:][::-1], new[head:][::-1])
    return head, old[head : len(old) - tail], new[head : len(new) - tail]
