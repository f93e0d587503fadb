"""Where two texts differ."""


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
