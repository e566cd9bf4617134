"""Records: find, read, take out, bring in."""

from core.records import index
from core.records.find import find
from pages.parts.frame import frame
from pages.parts.records import exporting, filters, importing, listing

frame.show("Records", "Find, review, report; take records out in a standard's format, bring them in", here="Records")
rows = index.index().rows()
found = find(rows, filters.wanted(rows))
listing.show(found, index.index().unreadable())
exporting.show(found)
importing.show()
