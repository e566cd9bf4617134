"""Records: find, read, export, import."""

from core.records import index
from core.records.find import find
from pages.parts.frame import frame
from pages.parts.records import exporting, filters, importing, listing

frame.show("Records", "Find, review, report; export records in a standard's format, import them", here="Records")
rows = index.index().rows()
records = find(rows, filters.wanted(rows))
listing.show(records, index.index().unreadable())
exporting.show(records)
importing.show()
