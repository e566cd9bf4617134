"""Who held the needle while the canal was looked for: what tells whose case a procedure was."""

from core.session import Session, insertions


def held_by(session: Session) -> list[str]:
    """The operators in order, from the first insertion until the clock that a success needs ended; more than one: the
    needle changed hands. Without an insertion, whoever was named last.
    """
    p, inserted = session.protocol, insertions(session)
    if not inserted:
        return [session.walk.operator]
    held = [inserted[0].operator]
    end = session.walk.clock(p.curve.success.reached).end if p.curve else inserted[-1].at
    given_up = next(one.until for one in p.counter if one.runs)
    for line in session.lines:
        if line.event.kind == "mark" and line.counts and line.data.get("mark") in given_up:
            break
        handed = line.event.kind == "mark" and line.counts and line.data.get("mark") == p.operator_mark
        if handed and inserted[0].at <= line.at and (end is None or line.at <= end):
            operator = str(line.data.get("operator") or "")
            held += [operator] if operator != held[-1] else []
    return held
