"""What the acts on attendance sheets, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "sheet.opened": _l("Attendance sheet opened"),
    "sheet.closed": _l("Attendance sheet closed"),
    "sheet.reopened": _l("Attendance sheet opened again"),
    "sheet.refreshed": _l("Seats of an attendance sheet refreshed"),
    "sheet.proxy_restored": _l("Proxy in force again: its member had not arrived"),
    "sheet.guests": _l("Guests counted"),
    "sheet.marked": _l("Attendance marked"),
    "sheet.corrected": _l("Attendance corrected"),
    "sheet.item_opened": _l("Item of a meeting opened"),
    "sheet.item_corrected": _l("Hours of an item corrected"),
}
NOUNS = {
    "attendance_sheet": (_l("Attendance sheet"), _l("Attendance sheets")),
    "attendance_line": (_l("Line of an attendance sheet"), _l("Lines of attendance sheets")),
    "attendance_stay": (_l("Hours of a person at a meeting"), _l("Hours of people at meetings")),
    "attendance_item": (_l("Item of an attendance sheet"), _l("Items of attendance sheets")),
    "attendance_recusal": (_l("Recusal"), _l("Recusals")),
}
FIELDS = {
    "added": _l("Number added"),
    "removed": _l("Number removed"),
    "absent": _l("Number of people marked as absent"),
    "item": _l("Number of the item"),
    "line": _l("Number of the line"),
    "lines": _l("Number of lines"),
    "mark": _l("Mark"),
    "number": _l("Number"),
    "mark=present": _l("Present"),
    "mark=substitute": _l("Substitute present"),
    "mark=remote": _l("Remote"),
    "mark=left": _l("Left"),
    "mark=excused": _l("Excused"),
    "mark=absent": _l("Absent"),
    "mark=undo": _l("Undo"),
}
