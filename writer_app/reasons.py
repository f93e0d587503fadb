"""Why the system refused something with a file, in words for people."""

import errno

from writer_app.errors import N_

_REASONS = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is full"),
    errno.EIO: N_("the disk reported an error"),
    errno.EINTR: N_("the disk reported an error"),  # where Python does not try again by itself
    errno.EROFS: N_("the disk can only be read"),
    errno.EACCES: N_("you are not allowed to write or read there"),
    errno.EPERM: N_("you are not allowed to write or read there"),
    errno.ENOENT: N_("the folder does not exist"),
    errno.ENOTDIR: N_("the folder does not exist"),
    errno.EISDIR: N_("there is a folder of that name"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("it is a link that leads to itself"),
    errno.ESTALE: N_("the drive does not answer"),
    errno.ETIMEDOUT: N_("the drive does not answer"),
    errno.EFBIG: N_("the disk cannot hold a file of this size"),
    errno.EBUSY: N_("another program is using the file"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
}


def reason_for(error: Exception) -> str:
    """A clause that completes "cannot be saved: …", to be translated; the system's own words as a last resort."""
    if not isinstance(error, OSError):
        return _REASONS[errno.ELOOP]
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
