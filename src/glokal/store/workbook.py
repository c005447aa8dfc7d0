"""Workbooks (.xlsx): the same content gives the same bytes, whenever it is written."""

from __future__ import annotations

import datetime
import io
import zipfile

from openpyxl import Workbook

# The first day that a zip file can hold (APPNOTE.TXT 4.4.6).
_DAY = (1980, 1, 1, 0, 0, 0)
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as a file, without the time at which it was made."""
    book.properties.created = book.properties.modified = datetime.datetime(*_DAY)
    made, settled = io.BytesIO(), io.BytesIO()
    book.save(made)
    # Saving writes the time of day into the properties and each entry of the archive.
    told = book.properties.modified.strftime(_WRITTEN).encode()
    fixed = datetime.datetime(*_DAY).strftime(_WRITTEN).encode()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(settled, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name).replace(told, fixed))
    return settled.getvalue()
