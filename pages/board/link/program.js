// The program that this page's scripts are of: the server fills it in (core/web/version.py).

export const PROGRAM = ""; // of all
export const SHAPE = ""; // of what makes a protocol's text into tables
