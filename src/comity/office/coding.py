"""What stopped an act, as a coded error: for a terminal, a page or a run that is nobody's foreground."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from comity.case.errors import BadInput, ComityError, Usage

PACKAGE = Path(__file__).parents[1]


def coded(error: BaseException) -> ComityError:
    """`error` as whoever gave the command may read it: messages of others print values, and are left unsaid (P9)."""
    from comity.crypto import CryptoError

    if isinstance(error, ComityError):
        return error
    if isinstance(error, CryptoError):
        return BadInput(error.code, error.says, error.next)
    if isinstance(error, KeyboardInterrupt):
        return ComityError(
            "COMMAND_INTERRUPTED", "The command was interrupted.", "Run it again: what was not done, it does."
        )
    if isinstance(error, OSError):
        return _of_a_file(error)
    if isinstance(error, UnicodeDecodeError):
        return BadInput("FILE_NOT_TEXT", "A file that should be text is none.", "See that each option names its file.")
    return _defect(error)


def _of_a_file(error: OSError) -> ComityError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return BadInput("FILE_MISSING", "A file or folder that is needed is not there.", "See what was named.")
    if isinstance(error, FileExistsError):
        return Usage("FILE_EXISTS", "A file is already there.", "Name a file that is not there yet.")
    if isinstance(error, IsADirectoryError | PermissionError):
        return BadInput("FILE_CLOSED", "A file cannot be opened: it is a folder, or not yours.", "See what was named.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ComityError("DISK_FULL", "The disk is full.", "Make room, then run the command again.")
    return ComityError("DEVICE_FAILED", "A file could not be read or written.", "See to the disk, then run it again.")


def _defect(error: BaseException) -> ComityError:
    """The kind of `error` and its place in our code; its message stays unsaid, for it may repeat what was read."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    place = f"{Path(ours[-1].filename).relative_to(PACKAGE)}, line {ours[-1].lineno}" if ours else "an unknown place"
    return ComityError(
        "DEFECT_FOUND",
        f"A defect stopped the command: {type(error).__name__} in {place}.",
        "Report this line; nothing of what was read is in it.",
    )
