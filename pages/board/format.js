// Moments and spans as people read them. Digits only: the words come with the protocol.

export function span(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return `${ms < 0 ? "−" : ""}${hours ? `${hours}:${two(minutes)}` : two(minutes)}:${two(rest)}`;
}

export function timeOfDay(ms, seconds = true) {
  return new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) });
}

// "12:04" or "12:04:30" today, or on the day before if that is the nearest in the past.
export function momentOf(text, now) {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return null;
  const moment = new Date(now);
  moment.setHours(+match[1], +match[2], +(match[3] || 0), 0);
  if (moment.getTime() > now) moment.setDate(moment.getDate() - 1);
  return moment.getTime();
}

// A bound in whole hours or minutes where it is so, else seconds.
export function duration(seconds) {
  for (const [size, unit] of [[3600, "h"], [60, "min"]]) if (seconds >= size && seconds % size === 0) return `${seconds / size} ${unit}`;
  return `${seconds} s`;
}

export function fill(template, words) {
  return template.replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
}
