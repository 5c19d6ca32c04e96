"""Why a workbook could not be written, in words for the person who waits for it."""

from __future__ import annotations


class NotWritten(Exception):
    """The workbook was not written; nothing is left behind and an earlier file of that name is untouched."""


class TooManyRows(NotWritten):
    """A sheet would need more rows or columns than a spreadsheet holds."""


class FileInUse(NotWritten):
    """The file to be replaced is open in another program."""


class FolderNotWritable(NotWritten):
    """The folder may not be written to."""


class NoPlace(NotWritten):
    """The name is not one a file can have there: a folder, a device, or in a folder that does not exist."""
