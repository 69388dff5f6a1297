// What the run's events are, out of the page's own text: columns of numbers in base 64, lanes as slices of them.

const RUN = 0, WAIT = 1, BLOCK = 2, IO = 3, SLEEP = 4;
const STATES = ["running", "waiting for the GIL", "blocked", "input/output", "sleeping"];
const CAUSES = ["ticks ran out", "input/output", "blocks", "thread ends", "end of the log"];
const IN_VAIN = 0, ASKS = 1, TAKE = 2, GIVE = 3, OUTPUT = 4, START = 5, STEP = 6;
const NONE = 0xffffffff, LANE = 0x80000000, STARTS = 0x40000000;

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/// A column: [kind, base 64]; `u1` to `u4` are unsigned bytes, shorts and words, `f8` doubles.
function column([kind, text]) {
  const bytes = bytesOf(text);
  const types = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };
  return new types[kind](bytes.buffer, bytes.byteOffset, bytes.byteLength / types[kind].BYTES_PER_ELEMENT);
}

/// Sums a column of differences within each slice, in place of a column of values.
function summed(differences, slices) {
  const values = new Float64Array(differences.length);
  for (const [start, count] of slices) {
    let sum = 0;
    for (let i = start; i < start + count; i++) values[i] = sum += differences[i];
  }
  return values;
}

function load() {
  const element = document.getElementById("data");
  const data = JSON.parse(element.textContent);
  element.remove();
  const columns = (group) => Object.fromEntries(Object.entries(group).map(([name, c]) => [name, column(c)]));
  const spans = columns(data.spans), marks = columns(data.marks), holds = columns(data.holds);
  const of = (which) => data.lanes.map((lane) => lane[which]);
  spans.from = summed(spans.from, of("spans"));
  spans.ticks = summed(spans.ticks, of("spans"));
  marks.at = summed(marks.at, of("marks"));
  marks.ticks = summed(marks.ticks, of("marks"));
  const lanes = data.lanes.map((lane, index) => new Lane(lane, index, spans, marks));
  return { ...data, lanes, holdColumns: holds };
}

/// A thread: its slice of the columns.
class Lane {
  constructor(lane, index, spans, marks) {
    Object.assign(this, lane);
    this.index = index;
    const [a, n] = lane.spans, [b, m] = lane.marks;
    const cut = (c, start, count) => c.subarray(start, start + count);
    this.count = n;
    this.markCount = m;
    for (const name of ["from", "ticks", "state", "cause", "file", "line", "object", "kept"]) this["s_" + name] = cut(spans[name], a, n);
    for (const name of ["at", "ticks", "kind", "arg", "file", "line"]) this["m_" + name] = cut(marks[name], b, m);
    this.allTicks = lane.ticks;
    this.sums = null;
  }
  get start() { return this.count ? this.s_from[0] : this.end; }
  endOf(i) { return i + 1 < this.count ? this.s_from[i + 1] : this.end; }
  ticksAfter(i) { return i + 1 < this.count ? this.s_ticks[i + 1] : this.allTicks; }
  /// The span at a time; -1 before the first.
  at(time) { return before(this.s_from, this.count, time); }
  /// How long the thread was at each state before a time: sums up to a span.
  prefix() {
    if (this.sums) return this.sums;
    const sums = Array.from({ length: 5 }, () => new Float64Array(this.count + 1));
    for (let i = 0; i < this.count; i++) {
      for (let s = 0; s < 5; s++) sums[s][i + 1] = sums[s][i];
      sums[this.s_state[i]][i + 1] += this.endOf(i) - this.s_from[i];
    }
    return (this.sums = sums);
  }
  /// Ticks that the thread has run at a time.
  ticksAt(time) {
    const i = this.at(time);
    if (i < 0) return 0;
    const from = this.s_from[i], end = this.endOf(i), a = this.s_ticks[i], b = this.ticksAfter(i);
    if (this.s_state[i] !== RUN || end <= from) return a;
    return a + (b - a) * Math.min(1, (time - from) / (end - from));
  }
}

/// The last index whose value is not above `x`; -1: none.
function before(values, count, x) {
  let low = 0, high = count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (values[mid] <= x) low = mid + 1; else high = mid;
  }
  return low - 1;
}

/// A time in ns as people read it, as exact as a step of `step` ns asks for.
function timeText(ns, step) {
  const [unit, size] = ns >= 1e9 ? ["s", 1e9] : ns >= 1e6 ? ["ms", 1e6] : ns >= 1e3 ? ["µs", 1e3] : ["ns", 1];
  const value = ns / size;
  const digits = step === undefined ? (value < 10 ? 2 : value < 100 ? 1 : 0) : Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / size) - 1e-9)));
  return (size === 1 ? String(Math.round(ns)) : value.toFixed(digits)) + " " + unit;
}

const grouped = (n) => Math.round(n).toLocaleString("en");
