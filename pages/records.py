"""Records: find, read, take out, bring in."""

from core import records
from core.find import find
from pages.parts import exporting, filters, importing, record_list, top

top.show("Records", "Find, review, report; take records out in a standard's format, bring them in", here="Records")
rows = records.index().rows()
found = find(rows, filters.wanted(rows))
record_list.show(found, records.index().unreadable())
exporting.show(found)
importing.show()
