// One session and a link of its own, as Bedside and room view need it.

import { Copy } from "./copy.js";
import { Link } from "./link.js";

export class Sync extends Copy {
  /**
   * @param {string} session
   * @param {() => void} onChange
   */
  constructor(session, onChange) {
    const link = new Link({
      watched: session,
      onChange,
      onHint: (hint) => this.hear(hint),
      onPoll: () => this.pull(),
      onAcknowledged: (events) => this.taken(events),
    });
    super(session, link, onChange);
    link.start();
  }

  stop() {
    this.link.stop();
  }

  get online() {
    return this.link.online;
  }

  get lowOnSpace() {
    return this.link.lowOnSpace;
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

  /** @param {import("./link.js").Hint} hint */
  hear({ session, version = 0 }) {
    if (!session || (session === this.session && version > this.version)) this.pull();
  }
}
