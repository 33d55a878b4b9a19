// Live updates. The server says which alert changed and hands out the words to show; everything is
// put in place as text, never as markup.
"use strict";

(() => {
  const BATCH_MILLIS = 120;
  const BATCH_SIZE = 50;
  const MAX_CARDS = 1000;
  const FILTERS = ["q", "relation", "severity", "organisation", "agreement", "status", "period"];
  const READ = "pactwatch.read";
  const MAX_READ = 5000;

  const list = document.getElementById("alerts");
  const blank = document.getElementById("blank");
  const title = document.title;
  const live = document.getElementById("live");
  const liveText = document.getElementById("live-text");
  if (!list || !blank || !window.EventSource) {
    return;
  }

  const filter = new URLSearchParams();
  const asked = new URLSearchParams(location.search);
  for (const name of FILTERS) {
    if (asked.get(name)) {
      filter.set(name, asked.get(name));
    }
  }

  const changed = new Set();
  let timer = 0;
  let busy = false;

  function say(state, text) {
    if (live.dataset.state !== state) {
      live.dataset.state = state;
      liveText.textContent = text;
    }
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }

  function time(made, moment) {
    made.dateTime = moment.iso;
    made.textContent = moment.text;
    return made;
  }

  /** A link when the server found the address fit for one; only http and https in any case. */
  function link(text, address) {
    if (!address || !/^https?:\/\//i.test(address)) {
      return document.createTextNode(text);
    }
    const made = element("a", text);
    made.rel = "noopener noreferrer nofollow";
    made.href = address;
    return made;
  }

  /** A link to a page of the console. */
  function room(address) {
    const made = element("a");
    if (/^\/(?!\/)/.test(address)) {
      made.href = address;
    }
    return made;
  }

  function party(one) {
    const item = element("li");
    const name = element("bdi", one.name);
    if (one.link) {
      const page = room(one.link);
      page.append(name);
      item.append(page);
    } else {
      item.append(name);
    }
    item.append(" ", element("span", one.role, "role"));
    return item;
  }

  function step(one) {
    const item = element("li", one.label);
    item.dataset.step = one.state;
    if (one.state === "here") {
      item.setAttribute("aria-current", "step");
    }
    return item;
  }

  function quote(one) {
    const block = element("blockquote");
    block.dir = "auto";
    for (const part of one.segments) {
      block.append(part.proof ? element("mark", part.text) : document.createTextNode(part.text));
    }
    if (one.from) {
      const from = element("footer", one.from);
      from.dir = "auto";
      block.append(from);
    }
    return block;
  }

  function article(one) {
    const item = element("li");
    item.dir = "auto";
    const publisher = element("span", undefined, "publisher");
    publisher.append(element("bdi", one.publisher || ""), ", ", time(element("time"), one.published));
    item.append(link(one.headline, one.link), " ", publisher);
    return item;
  }

  function reason(one) {
    const item = element("li", one);
    item.dir = "auto";
    return item;
  }

  function card(alert) {
    const made = blank.content.firstElementChild.cloneNode(true);
    const part = (name) => made.querySelector(`[data-f="${name}"]`);
    made.dataset.severity = alert.severity;
    made.dataset.id = alert.id;
    made.dataset.revision = alert.revision;
    made.dataset.seen = alert.lastSeenMillis;
    made.dataset.withdrawn = alert.withdrawn;
    for (const name of [
      "severity", "relation", "certainty", "change", "title", "why", "event", "status", "amount",
      "product", "agreement", "term", "earlier", "publishers",
    ]) {
      part(name).textContent = alert[name] ?? "";
    }
    part("title").href = room(alert.link).href;
    part("path").append(...alert.path.map(step));
    part("certainty").dataset.certainty = alert.certainty;
    part("change").dataset.change = alert.change;
    made.querySelector(".historical").hidden = !alert.historical;
    part("checkedTo").textContent = alert.checkedTo ? `checked to ${alert.checkedTo}` : "";
    if (alert.sourceTitle) {
      part("source").append(link(alert.sourceTitle, alert.sourceLink));
    }
    part("parties").append(...alert.parties.map(party));
    part("quotes").append(...alert.quotes.map(quote));
    part("moreReasons").append(...alert.moreReasons.map(reason));
    part("articles").append(...alert.articles.map(article));
    time(part("firstSeen"), alert.firstSeen);
    time(part("lastSeen"), alert.lastSeen);
    return made;
  }

  // What was read, in this browser alone: the revision by alert, and the time of the newest report
  // when everything was last marked as read.
  function recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(READ));
      if (kept && typeof kept.until === "number" && typeof kept.revisions === "object") {
        return kept;
      }
    } catch {
      // Storage that is switched off or spoilt forgets; the page goes on.
    }
    return null;
  }

  function keep() {
    const ids = Object.keys(read.revisions);
    ids.slice(0, Math.max(0, ids.length - MAX_READ)).forEach((id) => delete read.revisions[id]);
    try {
      localStorage.setItem(READ, JSON.stringify(read));
    } catch {
      // As above.
    }
  }

  function readAll() {
    for (const one of list.children) {
      read.revisions[one.dataset.id] = Number(one.dataset.revision);
      read.until = Math.max(read.until, Number(one.dataset.seen));
      one.querySelector(".unread").hidden = true;
      delete one.dataset.fresh;
    }
    arrived.clear();
    keep();
    tell();
  }

  function isUnread(one) {
    const revision = read.revisions[one.dataset.id];
    return revision === undefined
      ? arrived.has(one.dataset.id) || Number(one.dataset.seen) > read.until
      : Number(one.dataset.revision) > revision;
  }

  function tell() {
    let unread = 0;
    for (const one of list.children) {
      const is = isUnread(one);
      one.querySelector(".unread").hidden = !is;
      unread += is ? 1 : 0;
    }
    document.getElementById("unread").textContent = unread;
    document.getElementById("fresh").hidden = unread === 0;
    document.title = unread === 0 ? title : `(${unread}) ${title}`;
  }

  const arrived = new Set();
  const before = recall();
  const read = before || { until: 0, revisions: {} };
  if (before) {
    tell();
  } else {
    // Nobody has missed anything before the first visit.
    readAll();
  }
  document.getElementById("read").addEventListener("click", readAll);
  list.addEventListener("click", (event) => {
    const one = event.target.closest(".title a")?.closest("article");
    if (one) {
      read.revisions[one.dataset.id] = Number(one.dataset.revision);
      keep();
      tell();
    }
  });

  function find(id) {
    for (const one of list.children) {
      if (one.dataset.id === id) {
        return one;
      }
    }
    return null;
  }

  function show(alert) {
    const old = find(alert.id);
    if (old && Number(old.dataset.revision) >= alert.revision) {
      return;
    }
    const made = card(alert);
    made.dataset.fresh = "";
    arrived.add(alert.id);
    if (old) {
      made.querySelector("details").open = old.querySelector("details").open;
      // Somebody who is reading or tabbing through the card keeps the place.
      const focused = old.contains(document.activeElement);
      old.remove();
      if (focused) {
        made.tabIndex = -1;
      }
      place(made);
      if (focused) {
        made.focus({ preventScroll: true });
      }
    } else {
      place(made);
    }
    document.getElementById("notice")?.remove();
    while (list.children.length > MAX_CARDS) {
      list.lastElementChild.remove();
    }
  }

  function place(made) {
    const seen = Number(made.dataset.seen);
    let next = list.firstElementChild;
    while (next && Number(next.dataset.seen) > seen) {
      next = next.nextElementSibling;
    }
    list.insertBefore(made, next);
  }

  async function fetchChanged() {
    timer = 0;
    if (busy) {
      return;
    }
    busy = true;
    const ids = [...changed].slice(0, BATCH_SIZE);
    ids.forEach((id) => changed.delete(id));
    try {
      const query = new URLSearchParams(filter);
      ids.forEach((id) => query.append("id", id));
      const answer = await fetch(`/page/alerts?${query}`, { cache: "no-store" });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const alerts = await answer.json();
      alerts.forEach(show);
      tell();
      const wanted = new Set(alerts.map((alert) => alert.id));
      // An alert that no longer passes the filter leaves the page.
      ids.filter((id) => !wanted.has(id)).forEach((id) => find(id)?.remove());
      await count();
    } catch {
      ids.forEach((id) => changed.add(id));
      say("broken", "Reconnecting");
      timer = setTimeout(fetchChanged, 2000);
    } finally {
      busy = false;
    }
    if (changed.size > 0) {
      schedule();
    }
  }

  async function count() {
    const query = new URLSearchParams(filter);
    query.set("limit", "1");
    const answer = await fetch(`/api/alerts?${query}`, { cache: "no-store" });
    if (answer.ok) {
      document.getElementById("total").textContent = (await answer.json()).total;
    }
  }

  function schedule() {
    if (!timer && !busy) {
      timer = setTimeout(fetchChanged, BATCH_MILLIS);
    }
  }

  // Where to go on when the connection has to be made anew by hand.
  let cursor = document.body.dataset.cursor;

  function connect() {
    const stream = new EventSource(`/alerts/stream?since=${encodeURIComponent(cursor)}`);
    const alive = (event) => {
      cursor = event.lastEventId || cursor;
      say("live", "Live");
    };
    stream.addEventListener("heartbeat", alive);
    stream.addEventListener("alert", (event) => {
      alive(event);
      changed.add(JSON.parse(event.data).id);
      schedule();
    });
    stream.addEventListener("reset", () => setTimeout(() => location.reload(), 1000));
    stream.addEventListener("error", () => {
      say("broken", "Reconnecting");
      // The browser tries again by itself, but not after an answer that is an error.
      if (stream.readyState === EventSource.CLOSED) {
        setTimeout(connect, 5000);
      }
    });
  }

  connect();
})();
