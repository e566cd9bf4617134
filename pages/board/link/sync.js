// One session and a line of its own, as board and room view need it.

import { Copy } from "./copy.js";
import { Line } from "./link.js";

export class Sync extends Copy {
  constructor(session, onChange) {
    super(session, null);
    this.onChange = onChange;
    this.line = new Line(this, session);
    this.line.start();
  }

  stop() {
    this.line.stop();
  }

  get online() {
    return this.line.online;
  }

  get lowOnSpace() {
    return this.line.lowOnSpace;
  }

  get present() {
    return this.line.present;
  }

  get safe() {
    return this.line.safe;
  }

  // A sentence, where the server would not take what waits.
  get unsent() {
    return this.line.unsent.get(this.session) ?? null;
  }

  // ------------------------------------------------------------------------------------------ what the line reports
  hear({ session, version }) {
    if (!session || (session === this.session && version > this.version)) this.pull();
  }

  again() {
    this.pull();
  }

  acked(entries) {
    this.taken(entries);
  }

  changed() {
    this.onChange();
  }
}
