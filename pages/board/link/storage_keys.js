// Every key under which the board keeps something in the browser. They stay as they are: tablets hold entries under them.
// Scripts that run in a page's head before any module name theirs themselves: tablet/dress.js (theme, touches, device),
// tablet/lost.js, and the line that core/web/dress.py puts after them (zone).

import { SHAPE } from "./program.js";

// Entries and copies, one key each: what is named follows the colon.
export const OUTBOX = "is:out:"; // an event that the server has not got yet, by its id
export const REFUSED = "is:refused:"; // an event that the server refused, by its id
export const LOG = "is:log:"; // the copy of a log, by its session
export const TABLES = "is:tables:"; // a protocol, by the hash of its text, and the shape of its tables
export const DRILL = "is:drill:"; // a drill, by its id
export const WARD = "is:ward"; // who stands on the recovery board

// This tablet.
export const DEVICE = "is:device"; // its name, where the server gave it none
export const OFFSET = "is:offset"; // the server's clock minus this tablet's, ms
export const LAST = "is:last"; // {tapped, seq} of the last entry
export const BY = "is:by"; // who records at the recovery board
export const ZONE = "is:zone"; // the site's time zone

// What was chosen on it.
export const SOUND = "is:sound";
export const SPEECH = "is:speech";
export const ROOM_SPEECH = "is:room:speak";
export const PEDAL = "is:pedal";
export const THEME = "is:theme";
export const TOUCHES = "is:touches"; // in sessionStorage: the last two touches
export const LOST = "is:lost"; // in sessionStorage: how long to wait before the page is loaded again, ms
export const RENEWED = "is:renewed"; // in sessionStorage: the program for which the page was loaded again

/** @param {string | null} hash of a protocol's text */
export const tablesKey = (hash) => `${TABLES}${hash}:${SHAPE}`;
