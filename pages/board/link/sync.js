// One session and a line of its own, as board and room view need it.

import { Copy } from "./copy.js";
import { Link } from "./link.js";

export class Sync extends Copy {
  constructor(session, onChange) {
    super(session, null);
    this.onChange = onChange;
    this.link = new Link(this, session);
    this.link.start();
  }

  stop() {
    this.link.stop();
  }

  get online() {
    return this.link.online;
  }

  get present() {
    return this.link.present;
  }

  get safe() {
    return this.link.safe;
  }

  // A sentence, where the server would not take what waits.
  get unsent() {
    return this.link.unsent.get(this.session) ?? null;
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
