// Wheel, drag, pinch, keys; the chosen event; the search.

let picked = null;
const card = document.getElementById("card"), pickedBox = document.getElementById("picked");

/// The least range shown, ns: some ticks.
const leastRange = () => Math.max(20, data.tickNs ? data.tickNs * 4 : 200);

function show(from, to) {
  const margin = data.end * 0.02 + 1;
  let range = Math.min(Math.max(to - from, leastRange()), data.end + 2 * margin);
  let start = from + (to - from - range) / 2;
  start = Math.min(Math.max(start, -margin), data.end + margin - range);
  shown.from = start;
  shown.to = start + range;
  draw();
}

function zoom(factor, at) {
  show(at - (at - shown.from) * factor, at + (shown.to - at) * factor);
}

function pan(share) {
  const by = (shown.to - shown.from) * share;
  show(shown.from + by, shown.to + by);
}

const all = () => show(-data.end * 0.01, data.end * 1.01);

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
  if (sideways) pan((sideways * unit) / width);
  else zoom(Math.exp(event.deltaY * unit * 0.0018), timeOf(event.offsetX));
}, { passive: false });

const pointers = new Map();
let moved = 0;
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
  moved = 0;
});
canvas.addEventListener("pointermove", (event) => {
  const old = pointers.get(event.pointerId);
  if (!old) return hover(event);
  const now = [event.offsetX, event.offsetY];
  if (pointers.size === 1) {
    const dx = now[0] - old[0], dy = now[1] - old[1];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 3) canvas.classList.add("dragging");
    view.scrollTop -= dy;
    pan(-dx / width);
  } else if (pointers.size === 2) {
    const other = [...pointers.entries()].find(([id]) => id !== event.pointerId)[1];
    const a = timeOf(old[0]), b = timeOf(other[0]), apart = Math.max(12, Math.abs(now[0] - other[0]));
    const range = (Math.abs(b - a) / apart) * width, left = b - (other[0] / width) * range;
    moved += 9;
    show(left, left + range);
  }
  pointers.set(event.pointerId, now);
  card.hidden = true;
});
for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => {
  if (kind === "pointerup" && pointers.size === 1 && moved <= 3) pickAt(event.offsetX, event.offsetY);
  pointers.delete(event.pointerId);
  canvas.classList.remove("dragging");
});
canvas.addEventListener("pointerleave", () => { card.hidden = true; });
canvas.addEventListener("dblclick", (event) => zoom(0.25, timeOf(event.offsetX)));
view.addEventListener("scroll", draw);

function rowAt(y) {
  const inside = y - RULER + view.scrollTop;
  return y < RULER ? null : rows.find((row) => inside >= row.y && inside < row.y + row.h) || null;
}

function hover(event) {
  const row = rowAt(event.offsetY), time = timeOf(event.offsetX);
  card.hidden = true;
  if (!row || row.kind === "process") return;
  const words = row.kind === "lane" ? laneWords(row.lane, time) : lockWords(row, time);
  if (!words) return;
  fillCard(card, words, words.extra || []);
  card.hidden = false;
  const box = card.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, window.innerWidth - box.width - 8);
  const y = event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 12 : event.clientY + 18;
  card.style.left = Math.max(8, x) + "px";
  card.style.top = Math.max(8, y) + "px";
}

/// What a lane does at a time, with the marks about there.
function laneWords(lane, time) {
  const i = lane.at(time);
  if (i < 0 || time > lane.end) return null;
  const words = spanWords(lane, i), near = ((shown.to - shown.from) / width) * 4;
  words.extra = marksWithin(lane, time - near, time + near, 5).map((m) => `${markText(lane, m)} at ${timeText(lane.m_at[m], 1)}${lane.m_line[m] ? ", " + placeText(lane.m_file[m], lane.m_line[m]) : ""}`);
  if (lane.s_state[i] === RUN) words.extra.unshift(`here: tick ${grouped(lane.ticksAt(time))} of ${grouped(lane.allTicks)}`);
  return words;
}

function lockWords(row, time) {
  const c = data.holdColumns, from = c.from.subarray(row.start, row.start + row.count), k = before(from, row.count, time);
  if (k < 0) return null;
  const i = row.start + k;
  if (c.to[i] < time) return { head: `${row.object.label}: free`, lines: [], file: 0, line: 0 };
  const long = timeText(c.to[i] - c.from[i]);
  return { head: `${row.object.label}: held by ${data.lanes[c.lane[i]].name}`, lines: [`for ${long}, from ${timeText(c.from[i], 1)} on`], file: c.file[i], line: c.line[i] };
}

function pickAt(x, y) {
  const row = rowAt(y);
  if (row && row.kind === "lane") pick(row.lane, row.lane.at(timeOf(x)));
}

/// Chooses an event, tells of it, and brings its row into view.
function pick(lane, span) {
  picked = { lane, span };
  const row = rows.find((r) => r.lane === lane);
  if (row) {
    if (row.y < view.scrollTop) view.scrollTop = row.y;
    if (row.y + row.h > view.scrollTop + height - RULER) view.scrollTop = row.y + row.h - height + RULER;
  }
  if (span >= 0) {
    const words = spanWords(lane, span);
    const inside = marksWithin(lane, lane.s_from[span], lane.endOf(span), 6).map((m) => `${markText(lane, m)}${lane.m_line[m] ? " (" + placeText(lane.m_file[m], lane.m_line[m]) + ")" : ""}`);
    fillCard(pickedBox, words, inside.length ? [inside.join("; ")] : []);
  } else {
    pickedBox.textContent = lane.name;
  }
  draw();
}

/// Moves the view so that a span lies in it.
function reveal(lane, span) {
  const a = lane.s_from[span], b = lane.endOf(span), range = shown.to - shown.from;
  if (b < shown.from || a > shown.to || b - a > range) {
    const wanted = Math.max(Math.min(range, (b - a) * 40), (b - a) * 1.5, leastRange());
    show((a + b) / 2 - wanted / 2, (a + b) / 2 + wanted / 2);
  } else if (a < shown.from || b > shown.to) {
    const mid = (a + b) / 2;
    show(mid - range / 2, mid + range / 2);
  }
}

function laneStep(by) {
  const lanes = rows.filter((r) => r.kind === "lane").map((r) => r.lane);
  if (!lanes.length) return;
  const now = picked ? lanes.indexOf(picked.lane) : by > 0 ? -1 : lanes.length;
  const lane = lanes[Math.min(lanes.length - 1, Math.max(0, now + by))];
  const mid = picked && picked.span >= 0 ? picked.lane.s_from[picked.span] : (shown.from + shown.to) / 2;
  pick(lane, Math.max(0, lane.at(Math.max(mid, lane.start))));
}

function eventStep(by) {
  if (!picked) return laneStep(1);
  const to = Math.min(picked.lane.count - 1, Math.max(0, picked.span + by));
  pick(picked.lane, to);
  reveal(picked.lane, to);
}

/// The next moment at which another thread has the GIL.
function nextSwitch() {
  const now = picked && picked.span >= 0 ? picked.lane.s_from[picked.span] : shown.from;
  let best = null;
  for (const { lane } of rows.filter((r) => r.kind === "lane")) {
    if (picked && picked.lane === lane) continue;
    let i = lane.at(now) + 1;
    while (i < lane.count && lane.s_state[i] !== RUN) i++;
    if (i < lane.count && (!best || lane.s_from[i] < best.lane.s_from[best.i])) best = { lane, i };
  }
  if (!best) return;
  pick(best.lane, best.i);
  reveal(best.lane, best.i);
}

const KEYS = {
  ArrowLeft: (e) => pan(e.shiftKey ? -1 : -0.12),
  ArrowRight: (e) => pan(e.shiftKey ? 1 : 0.12),
  ArrowUp: () => laneStep(-1),
  ArrowDown: () => laneStep(1),
  PageUp: () => { view.scrollTop -= height / 2; },
  PageDown: () => { view.scrollTop += height / 2; },
  "+": () => zoom(0.6, focusTime()),
  "=": () => zoom(0.6, focusTime()),
  "-": () => zoom(1 / 0.6, focusTime()),
  "0": all,
  Home: () => show(0, shown.to - shown.from),
  End: () => show(data.end - (shown.to - shown.from), data.end),
  ".": () => eventStep(1),
  ",": () => eventStep(-1),
  s: nextSwitch,
  Enter: () => {
    if (picked && picked.span >= 0) {
      const a = picked.lane.s_from[picked.span], b = picked.lane.endOf(picked.span);
      show(a - (b - a) * 0.3, b + (b - a) * 0.3);
    }
  },
};

/// Where keys zoom: at the chosen event if it is in view.
function focusTime() {
  if (picked && picked.span >= 0) {
    const t = (Math.max(picked.lane.s_from[picked.span], shown.from) + Math.min(picked.lane.endOf(picked.span), shown.to)) / 2;
    if (t >= shown.from && t <= shown.to) return t;
  }
  return (shown.from + shown.to) / 2;
}

canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const act = KEYS[event.key];
  if (act) {
    act(event);
    event.preventDefault();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
  if (event.key === "f" || event.key === "/") query.focus(), query.select();
  else if (event.key === "t") setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  else if (event.key === "?") toggleHelp();
  else return;
  event.preventDefault();
});

// --- find --------------------------------------------------------------------------------------------------

const query = document.getElementById("query"), found = document.getElementById("found");
let matches = null;

/// All spans and marks that a text is about: by thread, state, cause, what is waited for, source text or `:line`.
function search(text) {
  const wanted = text.trim().toLowerCase(), out = [];
  if (!wanted) return out;
  const has = (s) => s.toLowerCase().includes(wanted);
  const lineWanted = /^(?:line |:)(\d+)$/.exec(wanted);
  const lines = data.files.map((f) => (lineWanted || !f.lines ? null : new Set(f.lines.flatMap((l, i) => (has(l) ? [i + 1] : [])))));
  const states = STATES.map(has), objects = data.objects.map((o) => has(o.label)), names = data.lanes.map((l) => has(l.name) || has(`t${l.tid}`));
  const markKinds = ["woken in vain", "asks for the gil", "takes", "gives", "writes output", "starts", "step"].map(has);
  const onLine = (file, line) => (lineWanted ? line === Number(lineWanted[1]) : lines[file] !== null && lines[file] !== undefined && lines[file].has(line));
  for (const lane of data.lanes) {
    for (let i = 0; i < lane.count; i++) {
      const object = lane.s_object[i];
      const about = names[lane.index] || states[lane.s_state[i]] || onLine(lane.s_file[i], lane.s_line[i])
        || (object !== NONE && (object >= LANE ? names[object >= LANE + STARTS ? object - LANE - STARTS : object - LANE] : objects[object]));
      if (about) out.push([lane.s_from[i], lane, i]);
    }
    for (let m = 0; m < lane.markCount; m++) {
      const kind = lane.m_kind[m], ofObject = kind === TAKE || kind === GIVE;
      if (markKinds[kind] || (ofObject && objects[lane.m_arg[m]]) || onLine(lane.m_file[m], lane.m_line[m])) out.push([lane.m_at[m], lane, Math.max(0, lane.at(lane.m_at[m]))]);
    }
  }
  out.sort((a, b) => a[0] - b[0]);
  return out.filter((m, i) => i === 0 || m[1] !== out[i - 1][1] || m[2] !== out[i - 1][2]);
}

function findStep(by) {
  if (!matches || matches.text !== query.value) {
    matches = { text: query.value, list: search(query.value), at: -1 };
    if (by < 0) matches.at = 0;
  }
  const { list } = matches;
  if (!list.length) {
    found.textContent = query.value.trim() ? "nothing found" : "";
    return;
  }
  matches.at = (matches.at + by + list.length) % list.length;
  const [, lane, span] = list[matches.at];
  found.textContent = `${grouped(matches.at + 1)} of ${grouped(list.length)}`;
  pick(lane, span);
  reveal(lane, span);
}

document.getElementById("find").addEventListener("submit", (event) => { event.preventDefault(); findStep(1); });
document.getElementById("find-back").addEventListener("click", () => findStep(-1));
query.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { canvas.focus(); event.preventDefault(); }
  if (event.key === "Enter" && event.shiftKey) { findStep(-1); event.preventDefault(); }
});
