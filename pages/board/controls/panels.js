// The middle of the board: what the phase asks, or a panel that the recorder opened. It never covers marks or foot.

import { momentOf, number, timeOfDay } from "../model/format.js";
import {
  askedByPlan,
  checksOf,
  endsNext,
  lacking,
  missingDetails,
  openMarks,
  planRows,
  valuesOf,
} from "../model/model.js";
import { carriedText, labelOf, reviewText, shown } from "../model/wording.js";
import { counts, late as isLate } from "../rules/log.js";
import { fittingOptions, goes, leftOptions, optionsOf } from "../rules/options.js";
import { dark } from "../tablet/theme.js";
import { detail, tabletSays, tapOrHold } from "./buttons.js";
import { h } from "./dom.js";
import { debriefPanel } from "./drill.js";
import { rings } from "./ring.js";

export const TYPING = ["recorder", "note", "words", "value", "detail", "operator"]; // panels that begin with a field

// The panel that is open, for any screen that shows it in a place of its own.
export const panelOf = (m, ui) => PANELS[ui.panel.name](m, ui);

export function middle(m, ui) {
  const panel = PANELS[ui.panel?.name];
  return h(
    "section",
    {
      class: "card",
      key: ui.panel ? `panel-${ui.panel.name}` : `phase-${ui.phase ?? m.phase}`,
      "aria-label": ui.panel ? "Panel" : m.protocol.phase[ui.phase ?? m.phase].label,
    },
    panel ? panel(m, ui) : phaseCard(m, ui),
  );
}

function phaseCard(m, ui) {
  const phase = ui.phase ?? m.phase;
  const rows = planRows(m, phase).map((plan) => planRow(m, ui, plan));
  const checks = checksOf(m.protocol, phase).map((id) => check(m, ui, id));
  const windows = rings(m, ui, phase);
  const values = valuesOf(m.protocol, phase).map((id) => valueChip(m, ui, id));
  const elsewhere =
    phase !== m.phase &&
    h(
      "p",
      { class: "elsewhere" },
      `Looking at ${m.protocol.phase[phase].label}. Recording goes on in ${m.protocol.phase[m.phase].label}.`,
    );
  const lacks = (m.over !== null || endsNext(m)) && missing(m, ui);
  const empty =
    !lacks &&
    !windows.length &&
    !rows.length &&
    !checks.length &&
    !values.length &&
    h(
      "div",
      { class: "blank" },
      h("h2", {}, m.protocol.phase[phase].label),
      h("p", { class: "quiet" }, m.state.phases.includes(phase) ? `Now: ${m.state.label}.` : ""),
    );
  return [
    elsewhere,
    lacks,
    windows,
    rows,
    checks.length > 0 && h("div", { class: "checks" }, checks),
    values.length > 0 && h("div", { class: "values" }, values),
    totals(m, phase),
    empty,
  ];
}

// Before the end and at it: what the protocol asks for and the record lacks, by name.
function missing(m, ui) {
  const items = lacking(m);
  if (!items.length)
    return (
      m.protocol.expect.length > 0 && h("p", { class: "whole", key: "lacks" }, "Nothing is missing from this record.")
    );
  return h(
    "section",
    { class: "lacks", key: "lacks", "aria-label": "Missing from this record" },
    h("h2", {}, "Missing from this record"),
    h(
      "ul",
      {},
      items.map(({ name, where, panel }, n) =>
        h(
          "li",
          { key: String(n) },
          h(
            "button",
            { class: "btn", disabled: !ui.recorder, onclick: () => ui.open(panel.name, panel) },
            h("b", {}, name),
            h("span", {}, where),
          ),
        ),
      ),
    ),
    h("button", { class: "btn", onclick: () => ui.open("log") }, "Why: in the log"),
  );
}

function planRow(m, ui, plan) {
  const { protocol, opened } = m;
  const left = new Set(leftOptions(m).map((option) => option.id));
  const warn = optionsOf(protocol, plan.key).find((one) => one.id === plan.chosen)?.warn;
  const pills = fittingOptions(m, plan.key, m.walk.plan).map((one) => {
    const spent = plan.key === protocol.group && !left.has(one.id);
    const apart = !goes(m, plan.key, one.id, m.walk.plan);
    const suggested = !plan.chosen && opened[`suggested_${plan.key}`] === one.id;
    const said = [one.label, spent && "failed or barred", apart && "does not go together", suggested && "suggested"]
      .filter(Boolean)
      .join(", ");
    return h(
      "button",
      {
        key: one.id,
        class: `pill ${one.id === plan.chosen ? "on" : ""} ${spent || apart ? "bad" : ""} ${suggested ? "hint" : ""}`,
        "aria-pressed": String(one.id === plan.chosen),
        "aria-label": said,
        disabled: !ui.recorder,
        onclick: (tap) => ui.plan(plan, one.id, tap),
      },
      one.short || one.label,
    );
  });
  const done = m.entries.findLast((line) => line.event.kind === "mark" && line.data.mark === plan.on && counts(line));
  const asks = ui.recorder && askedByPlan(m, done, plan.key);
  const need = asks && protocol.mark[plan.on].needs.includes(plan.key);
  return h(
    "div",
    { class: "row plan", key: plan.key },
    h("span", { class: `lab ${need ? "need" : ""}` }, protocol.value[plan.key].label + (asks ? "?" : "")),
    h("div", { class: "pills" }, pills),
    warn && h("p", { class: "warn" }, warn),
  );
}

export function check(m, ui, id) {
  const ticked = Object.hasOwn(m.walk.checks, id);
  const line = ticked && m.entries.find((one) => one.event.id === m.walk.checks[id]);
  return h(
    "button",
    {
      class: `tick ${ticked ? "on" : ""}`,
      key: id,
      role: "checkbox",
      "aria-checked": String(ticked),
      disabled: !ui.recorder,
      onclick: (tap) => ui.tickCheck(id, tap),
    },
    h("span", { class: "box", "aria-hidden": "true" }, ticked ? "✓" : ""),
    h("span", {}, m.protocol.check[id].label),
    ticked && h("time", {}, timeOfDay(line.at, false)),
  );
}

export function valueChip(m, ui, id) {
  const value = m.protocol.value[id];
  const found = Object.hasOwn(m.walk.values, id) ? m.walk.values[id] : null;
  const low =
    typeof found === "number" &&
    (value.red_below && found < value.red_below
      ? "red"
      : value.amber_below && found < value.amber_below
        ? "amber"
        : "");
  return h(
    "button",
    { class: `btn value ${low || ""}`, key: id, disabled: !ui.recorder, onclick: () => ui.open("value", { id }) },
    h("small", {}, value.label),
    h("b", {}, found === null ? "–" : shown(m.protocol, id, found)),
  );
}

// What adds up, shown in the phases of the states where its mark is open.
function totals(m, phase) {
  const given = (state, { mark }) =>
    state.phases.includes(phase) && Object.hasOwn(state.open, mark) && !state.rare.includes(mark);
  const near = (total) => Object.values(m.protocol.state).some((state) => given(state, total));
  return m.protocol.total
    .filter((total) => m.walk.totals[total.id] > 0 && near(total))
    .map((total) => {
      const size = m.walk.values[total.per];
      const each =
        size > 0 ? ` · ${number(Math.round((m.walk.totals[total.id] / size) * 100) / 100)} ${total.per_unit}` : "";
      const held = total.ceiling.some((ceiling) => m.walk.values[ceiling.when] >= ceiling.at_least);
      return h(
        "p",
        { class: "total", key: total.id },
        h("b", {}, `${total.label}: ${number(m.walk.totals[total.id])} ${total.unit}${each}`),
        held ? "" : ` ${total.no_ceiling}`,
      );
    });
}

const title = (text, ui) =>
  h("div", { class: "title" }, h("h2", {}, text), h("button", { class: "btn close", onclick: ui.close }, "Close"));
const choices = (buttons, wide) => h("div", { class: `choices ${wide ? "wide" : ""}` }, buttons);

const PANELS = {
  debrief: debriefPanel,
  complication: (m, ui) => [
    title("Complication: tap what happened", ui),
    choices(
      Object.entries(m.protocol.complication)
        .filter(([, one]) => !one.follow_up_only)
        .map(([id, one]) =>
          h(
            "button",
            {
              class: "btn",
              key: id,
              onclick: (tap) =>
                one.words ? ui.open("words", { kind: "complication", id, title: one.label }) : ui.complication(id, tap),
            },
            one.label,
          ),
        ),
    ),
    field(ui, "Words to go with it (optional)"),
  ],
  note: (m, ui) => written(ui, "Note", "Write what should be in the record", (text, tap) => ui.note(text, tap)),
  words: (m, ui) => written(ui, ui.panel.title, "Describe it", (text, tap) => ui.complication(ui.panel.id, tap, text)),
  detail: (m, ui) =>
    written(ui, m.protocol.value[ui.panel.key].label, "", (text, tap) =>
      ui.detail(
        m.entries.find((line) => line.event.id === ui.panel.entry),
        ui.panel.key,
        text,
        tap,
      ),
    ),
  value: (m, ui) => valuePanel(m, ui),
  check: (m, ui) => [title("Missing from this record", ui), h("div", { class: "checks" }, check(m, ui, ui.panel.id))],
  choose: (m, ui) => [
    title(m.protocol.mark[ui.panel.mark].label, ui),
    choices(
      leftOptions(m).map((one) =>
        h(
          "button",
          { class: "btn big", key: one.id, onclick: (tap) => ui.change(ui.panel.mark, one.id, tap) },
          one.label,
          m.opened[`suggested_${m.protocol.group}`] === one.id &&
            h("small", {}, m.opened[`suggested_${m.protocol.group}_why`]),
        ),
      ),
    ),
  ],
  pass: (m, ui) =>
    reasons(ui, m.protocol.prompt[ui.panel.prompt.kind].reasons, (reason, tap) =>
      ui.answer(ui.panel.prompt, reason, tap),
    ),
  replan: (m, ui) => [
    title(`Needle is in at ${shown(m.protocol, ui.panel.plan.key, ui.panel.entry.data[ui.panel.plan.key])}`, ui),
    choices(
      [
        h(
          "button",
          {
            class: "btn big",
            key: "now",
            onclick: (tap) => ui.correct(ui.panel.entry, ui.panel.plan.key, ui.panel.option, tap),
          },
          `This insertion is at ${shown(m.protocol, ui.panel.plan.key, ui.panel.option)}`,
          h("small", {}, "corrects the record"),
        ),
        h(
          "button",
          { class: "btn big", key: "next", onclick: (tap) => ui.planNext(ui.panel.plan.key, ui.panel.option, tap) },
          `The next one at ${shown(m.protocol, ui.panel.plan.key, ui.panel.option)}`,
        ),
      ],
      true,
    ),
  ],
  late: (m, ui) => latePanel(m, ui),
  more: (m, ui) => morePanel(m, ui),
  operator: (m, ui) =>
    written(
      ui,
      m.protocol.mark[m.protocol.operator_mark].label,
      "Initials or code of whoever holds the needle now",
      (text, tap) => ui.operator(text, tap),
    ),
  log: (m, ui) => logPanel(m, ui),
  entry: (m, ui) => entryPanel(m, ui),
  recorder: (m, ui) =>
    written(ui, "Recording is on this tablet. Who records?", "Initials or code", (text, tap) =>
      ui.recordedBy(text, tap),
    ),
  qr: (m, ui) => qrPanel(m, ui),
};

function field(ui, label) {
  return h("input", {
    class: "text",
    type: "text",
    maxlength: ui.panel.name === "operator" || ui.panel.name === "recorder" ? "24" : "500",
    placeholder: label,
    "aria-label": label,
    value: ui.draft,
    oninput: (event) => ui.setDraft(event.target.value),
  });
}

function written(ui, heading, label, save) {
  return [
    title(heading, ui),
    field(ui, label || heading),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { class: "btn on", disabled: !ui.draft.trim(), onclick: (tap) => save(ui.draft.trim(), tap) },
        "Record",
      ),
    ),
  ];
}

function reasons(ui, offered, save) {
  return [
    title(ui.panel.prompt.table.pass.startsWith("Go on") ? "Going on: why?" : ui.panel.prompt.table.label, ui),
    choices(
      offered.map((reason) => h("button", { class: "btn", key: reason, onclick: (tap) => save(reason, tap) }, reason)),
    ),
    h(
      "div",
      { class: "row" },
      field(ui, "Another reason"),
      h(
        "button",
        { class: "btn on", disabled: !ui.draft.trim(), onclick: (tap) => save(ui.draft.trim(), tap) },
        "Record",
      ),
    ),
  ];
}

function valuePanel(m, ui) {
  const { id } = ui.panel;
  const value = m.protocol.value[id];
  const save = (found) => (tap) => ui.value(id, found, tap);
  if (value.type === "option")
    return [
      title(value.label, ui),
      choices(
        optionsOf(m.protocol, id).map((one) =>
          h(
            "button",
            { class: `btn ${m.walk.values[id] === one.id ? "on" : ""}`, key: one.id, onclick: save(one.id) },
            one.label,
          ),
        ),
      ),
    ];
  if (value.type === "yesno")
    return [
      title(value.label, ui),
      choices(
        [true, false].map((one) =>
          h("button", { class: "btn big", key: String(one), onclick: save(one) }, one ? "Yes" : "No"),
        ),
      ),
    ];
  if (value.type === "text") return written(ui, value.label, value.label, (text, tap) => ui.value(id, text, tap));
  const typed = ui.draft.trim() === "" ? NaN : Number(ui.draft.replace(",", "."));
  const range = value.min === null ? "" : ` (${value.min} to ${value.max} ${value.unit})`;
  const odd = Number.isFinite(typed) && (typed < value.min || typed > value.max);
  const wrong = ui.draft.trim() !== "" && (!Number.isFinite(typed) || (value.whole && typed % 1 !== 0));
  return [
    title(`${value.label}, ${value.unit}`, ui),
    h(
      "div",
      { class: "row" },
      h("input", {
        class: "text number",
        type: "text",
        inputmode: "decimal",
        maxlength: "12",
        "aria-label": `${value.label}, ${value.unit}`,
        value: ui.draft,
        oninput: (event) => ui.setDraft(event.target.value),
      }),
      h("button", { class: "btn on", disabled: !Number.isFinite(typed) || wrong, onclick: save(typed) }, "Record"),
    ),
    h(
      "p",
      { class: odd || wrong ? "warn" : "quiet", role: "status" },
      wrong
        ? `Expected a ${value.whole ? "whole " : ""}number${range}.`
        : odd
          ? `Outside the usual range${range}: it is kept and listed to review.`
          : `A ${value.whole ? "whole " : ""}number${range}`,
    ),
  ];
}

function latePanel(m, ui) {
  const line = m.entries.find((one) => one.event.id === ui.panel.entry && counts(one));
  const now = ui.sync.now();
  const typed = momentOf(ui.draft.trim(), now);
  const forLast = ui.panel.last && line;
  const use = (at) => (tap) => (forLast ? ui.move(line, at, tap) : ui.setLate(at));
  const minutes = [1, 2, 5].map((n) =>
    h(
      "button",
      { class: "btn big", key: String(n), onclick: use((forLast ? line.at : now) - n * 60000) },
      `−${n} min`,
      h("small", {}, timeOfDay((forLast ? line.at : now) - n * 60000)),
    ),
  );
  return [
    title(forLast ? `When was it: ${labelOf(m.protocol, line)}?` : "The next tap happened…", ui),
    line &&
      h(
        "div",
        { class: "row" },
        h(
          "button",
          {
            class: `btn ${forLast ? "" : "on"}`,
            "aria-pressed": String(!forLast),
            onclick: () => ui.open("late", { entry: line.event.id }),
          },
          "For the next tap",
        ),
        h(
          "button",
          {
            class: `btn ${forLast ? "on" : ""}`,
            "aria-pressed": String(Boolean(forLast)),
            onclick: () => ui.open("late", { entry: line.event.id, last: true }),
          },
          `For: ${labelOf(m.protocol, line)}`,
        ),
      ),
    choices([...minutes]),
    h(
      "div",
      { class: "row" },
      h("input", {
        class: "text number",
        type: "text",
        inputmode: "numeric",
        placeholder: "hh:mm",
        "aria-label": "Time of day, hours and minutes",
        maxlength: "8",
        value: ui.draft,
        oninput: (event) => ui.setDraft(event.target.value),
      }),
      h("button", { class: "btn on", disabled: typed === null, onclick: use(typed) }, "At this time"),
      ui.late && h("button", { class: "btn", onclick: () => ui.setLate(null) }, "Not late after all"),
    ),
  ];
}

function morePanel(m, ui) {
  const { near, rare } = openMarks(m);
  const open = new Set([...near, ...rare].map((one) => one.id));
  const held = new Set(m.protocol.everywhere);
  const button = (id) =>
    h(
      "button",
      {
        class: `btn ${m.protocol.mark[id].tone}`,
        key: id,
        ...(id === m.protocol.operator_mark ? { onclick: () => ui.open("operator") } : tapOrHold(m, ui, [id])),
      },
      m.protocol.mark[id].label,
    );
  if (!ui.recorder)
    return [title("More", ui), tablet(ui), h("p", { class: "quiet" }, "Only the recording tablet can enter marks.")];
  return [
    title("More", ui),
    tablet(ui),
    h("h3", {}, "Marks"),
    choices([...rare.map((one) => button(one.id)), ...m.protocol.everywhere.map(button)]),
    h("h3", {}, "Forgotten marks"),
    h("p", { class: "quiet" }, "Not expected now: kept, and listed to review unless entered late at the right time."),
    choices(
      Object.keys(m.protocol.mark)
        .filter((id) => !open.has(id) && !held.has(id))
        .map(button),
    ),
  ];
}

// What is set for this tablet alone.
function tablet(ui) {
  const button = (text, tapped, on) =>
    h(
      "button",
      {
        class: `btn ${on ? "on" : ""}`,
        key: text,
        "aria-pressed": on === undefined ? null : String(on),
        onclick: () => ui.setting(tapped),
      },
      text,
    );
  return [
    h("p", { class: "quiet" }, tabletSays(ui)),
    choices([
      button(dark() ? "Light screen" : "Dark room", () => ui.theme(dark() ? "light" : "dark")),
      button(ui.sound.on ? "Sound on" : "Sound off", () => ui.sound.toggle(), ui.sound.on),
      button(ui.sound.speech ? "Speech on" : "Speech off", () => ui.sound.toggleSpeech(), ui.sound.speech),
      button(ui.pedal.on ? "Pedal on" : "Pedal off", () => ui.pedal.toggle(), ui.pedal.on),
      h("button", { class: "btn", key: "qr", onclick: () => ui.open("qr") }, "QR for a second tablet"),
      h(
        "a",
        { class: "btn", key: "room", href: `/room?s=${ui.sync.session}`, target: "_blank", rel: "noopener" },
        "Room view",
      ),
    ]),
  ];
}

function qrPanel(m, ui) {
  const url = `${location.origin}/bedside?s=${ui.sync.session}`;
  return [
    title("Open this procedure on another device", ui),
    h(
      "div",
      { class: "qr" },
      h("img", {
        src: `/api/qr?url=${encodeURIComponent(url)}`,
        alt: `QR picture of ${url}`,
        width: "200",
        height: "200",
      }),
      h("p", { class: "quiet" }, "It watches; recording is taken over there with one tap."),
      h("p", { class: "quiet addr" }, url),
    ),
  ];
}

function logPanel(m, ui) {
  const refused = ui.sync.refused.map(({ event, why }) =>
    h("p", { class: "warn", key: event.id }, `Not accepted by the server, kept on this tablet: ${why}`),
  );
  const review = m.walk.review.map((item, n) => h("p", { class: "warn", key: `r${n}` }, reviewText(m, item)));
  const laidOver = new Set(["detail", "undo", "amend", "ack", "review"]);
  const waiting = new Set(ui.sync.outbox.map((event) => event.id));
  const entries = m.entries
    .filter((line) => !laidOver.has(line.event.kind))
    .toReversed()
    .map((line) => logEntry(m, ui, line, waiting));
  return [title("Log", ui), refused, review, h("ol", { class: "log" }, entries)];
}

function logEntry(m, ui, line, waiting) {
  const { event } = line;
  const flags = [
    isLate(line) && `late, entered ${timeOfDay(event.tapped)}`,
    line.undone && "undone",
    line.amended && "amended",
    line.double_of && "counts once",
    waiting.has(event.id) && "not saved yet",
  ].filter(Boolean);
  const can = ui.recorder && event.kind !== "opened";
  return h(
    "li",
    { key: event.id, class: line.undone ? "undone" : "" },
    h("time", {}, timeOfDay(line.at)),
    h("span", { class: "txt" }, h("b", {}, labelOf(m.protocol, line)), " ", carriedText(m.protocol, line)),
    h("small", {}, [event.by, ...flags].filter(Boolean).join(" · ")),
    can &&
      !line.undone &&
      missingDetails(m, line).length > 0 &&
      h("button", { class: "btn add", onclick: () => ui.open("entry", { entry: event.id }) }, "Add…"),
    can &&
      h(
        "button",
        { class: "btn", onclick: (tap) => (line.undone ? ui.restore(line, tap) : ui.undo(line, tap)) },
        line.undone ? "Restore" : "Undo",
      ),
  );
}

// What an entry of the log could still carry.
function entryPanel(m, ui) {
  const line = m.entries.find((one) => one.event.id === ui.panel.entry);
  return [
    title(`${labelOf(m.protocol, line)}, ${timeOfDay(line.at)}`, ui),
    missingDetails(m, line).map((key) => h("div", { class: "entry", key }, detail(m, ui, line, key, true))),
  ];
}
