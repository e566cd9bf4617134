// A session's events as one settled log: in order, undone ones marked, corrections laid over, double taps paired.
//
// Total and order-free: any set of events, arriving in any order and any number of times, settles to the same log.
// The twin of core/log.py; tests/test_twins.py demands the same answer of both.

// Entries that others can correct; what they are (`mark`, `check`, …) is not for correcting, only undo is.
const CORRECTABLE = new Set(["opened", "mark", "check", "value", "complication", "note"]);
const FIXED = new Set([
  "mark",
  "check",
  "value",
  "complication",
  "of",
  "prompt",
  "protocol",
  "version",
  "hash",
  "drill",
  "drill_id",
]);

/** Whether the line is neither undone nor the second tap of a pair. */
export const counts = (line) => !line.undone && line.double_of === null;

/** Whether the line was entered after it happened. */
export const late = (line) => line.at < line.event.tapped;

/**
 * The log as lines {event, at, data, undone, amended, double_of}, ordered by when things happened.
 * The same mark from two devices within `twoDevicesMs` is one: the later is `double_of` the earlier. A review may say
 * that it is another ("separate"), or that any mark is the same as the one of its kind before it ("same").
 */
export function settle(events, twoDevicesMs) {
  const made = [...new Map(events.map((event) => [event.id, event])).values()].sort(
    inOrderOf((event) => [event.tapped, event.seq, event.device, event.id]),
  );
  const taken = undone(made);
  const over = overlays(made, taken);
  const lines = made.map((event) => lineOf(event, taken.has(event.id), over.get(event.id) ?? []));
  lines.sort(inOrderOf(({ at, event }) => [at, event.seq, event.device, event.id]));
  return paired(lines, twoDevicesMs, verdicts(made, taken));
}

/** Compares number by number, text by text; ids are ASCII, so that `<` is the order of Python too. */
export function inOrderOf(keys) {
  return (one, other) => {
    const [first, second] = [keys(one), keys(other)];
    const n = first.findIndex((key, i) => key !== second[i]);
    return n < 0 ? 0 : first[n] < second[n] ? -1 : 1;
  };
}

/** Ids that an undo takes back, the last undo first: what it undoes may itself be an undo. */
function undone(made) {
  const taken = new Set();
  for (const event of [...made].reverse()) {
    const target = event.data?.of;
    if (event.kind === "undo" && !taken.has(event.id) && typeof target === "string") taken.add(target);
  }
  for (const event of made) if (event.kind === "opened") taken.delete(event.id);
  return taken;
}

/** Entry → the details and amendments laid over it, in the order in which they were made. */
function overlays(made, taken) {
  const over = new Map();
  for (const event of made) {
    const target = event.data?.of;
    if ((event.kind === "detail" || event.kind === "amend") && !taken.has(event.id) && typeof target === "string") {
      if (!over.has(target)) over.set(target, []);
      over.get(target).push(event);
    }
  }
  return over;
}

/** Entry → what the last review said of it: "same", "separate", or nothing of that kind. */
function verdicts(made, taken) {
  const reviews = made.filter(
    (event) => event.kind === "review" && !taken.has(event.id) && event.data?.verdict !== undefined,
  );
  return new Map(reviews.map((event) => [event.data.of, event.data.verdict]));
}

function lineOf(event, undone, over) {
  // No prototype: a key that the entry lacks is undefined, whatever its name.
  const data = Object.assign(Object.create(null), event.data);
  let at = event.at;
  let amended = false;
  for (const correction of CORRECTABLE.has(event.kind) ? over : []) {
    const { set } = correction.data;
    if (typeof set !== "object" || set === null) continue;
    if (Number.isInteger(set.at) && set.at >= 0) at = set.at;
    for (const [key, value] of Object.entries(set)) if (key !== "at" && !FIXED.has(key)) data[key] = value;
    amended ||= correction.kind === "amend";
  }
  return { event, at, data, undone, amended, double_of: null };
}

function paired(lines, withinMs, verdicts) {
  const last = new Map(); // mark → the last that counts, and the devices that told of it
  for (const line of lines) {
    const { mark } = line.data;
    if (line.event.kind !== "mark" || line.undone || typeof mark !== "string") continue;
    const { device } = line.event;
    const before = last.get(mark);
    const verdict = verdicts.get(line.event.id);
    const twice =
      before && !before.devices.has(device) && line.at - before.line.at <= withinMs && verdict !== "separate";
    if (twice || (before && verdict === "same")) {
      before.devices.add(device);
      line.double_of = before.line.event.id;
    } else {
      last.set(mark, { line, devices: new Set([device]) });
    }
  }
  return lines;
}
