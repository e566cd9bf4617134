"""The dose schedules, and the next dose by one."""

from core.schedules.reader import FOLDER, load, of_protocol, parse, shipped
from core.schedules.tables import Schedule

__all__ = ["FOLDER", "Schedule", "load", "of_protocol", "parse", "shipped"]
