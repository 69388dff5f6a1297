// The picture: a ruler, a row for each process, thread and lock, drawn anew for each frame. Where more spans than pixels fall into a row,
// each column of pixels shows how much of its time went to which state.

const RULER = 40, GROUP = 22;
/// Tall rows have a line for names and marks; low ones show the name upon the bar; flat ones, for hundreds of threads, only the bar.
const SIZES = { tall: [17, 24, 7], low: [0, 18, 3], flat: [0, 4, 1] };
let size = "tall", [HEAD, BAR, GAP] = SIZES[size], ROW = HEAD + BAR + GAP;
/// Height of a bar by state, of 1: also without colours a row reads as a skyline.
const SHARE = [1, 0.62, 0.42, 0.3, 0.13];
let HEIGHT = SHARE.map((h) => h * BAR);
const COLOURS = ["run", "wait", "block", "io", "sleep"];

const canvas = document.getElementById("lanes"), view = document.getElementById("view"), spacer = document.getElementById("spacer");
const ctx = canvas.getContext("2d", { alpha: false });
let width = 0, height = 0, scale = 1, colours = {}, patterns = {}, rgb = [], frames = 0;

function setSize(name) {
  size = name;
  [HEAD, BAR, GAP] = SIZES[name];
  ROW = HEAD + BAR + GAP;
  HEIGHT = SHARE.map((h) => Math.max(h * BAR, 1));
  rows.splice(0, rows.length, ...layOut());
  const button = document.getElementById("rows");
  button.textContent = { tall: "Tall rows", low: "Low rows", flat: "Flat rows" }[name];
}

/// The rows from top to bottom, and their heights.
function layOut() {
  const rows = [];
  let y = 0;
  const add = (row, h) => { rows.push({ ...row, y, h }); y += h; };
  for (const process of data.processes) {
    if (data.processes.length > 1) add({ kind: "process", process }, GROUP);
    for (const lane of data.lanes) if (lane.pid === process.pid && lane.count + lane.markCount > 0) add({ kind: "lane", lane }, ROW);
    data.objects.forEach((object, index) => {
      const [start, count] = holdSlices[index] || [0, 0];
      if (object.pid === process.pid && count) add({ kind: "lock", object, index, start, count }, size === "tall" ? 42 : size === "low" ? ROW : 22);
    });
  }
  return rows;
}

/// Holds are sorted by object: the slice of each.
function sliceHolds() {
  const slices = [], object = data.holdColumns.object;
  for (let i = 0; i < object.length;) {
    let end = i;
    while (end < object.length && object[end] === object[i]) end++;
    slices[object[i]] = [i, end - i];
    i = end;
  }
  return slices;
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = {};
  for (const name of ["paper", "ink", "quiet", "line", "row", "pick", "bad", "focus", "on-run", "on-block", ...COLOURS]) colours[name] = style.getPropertyValue("--" + name).trim();
  rgb = COLOURS.map((name) => parseInt(colours[name].slice(1), 16)).map((c) => (0xff000000 | ((c & 255) << 16) | (c & 0xff00) | (c >> 16)) >>> 0);
  patterns = { wait: stripes(colours.wait, colours.paper), io: stripes(colours.io, colours.paper, true) };
}

/// Stripes or dots, so that states differ without colours too.
function stripes(colour, paper, dots) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6 * scale;
  const t = tile.getContext("2d");
  t.scale(scale, scale);
  t.fillStyle = colour;
  t.fillRect(0, 0, 6, 6);
  t.strokeStyle = t.fillStyle = paper;
  t.lineWidth = 1.3;
  t.beginPath();
  if (dots) {
    t.rect(1, 1, 1.6, 1.6);
    t.rect(4, 4, 1.6, 1.6);
    t.fill();
  } else {
    t.moveTo(-1, 7); t.lineTo(7, -1); t.moveTo(-1, 1); t.lineTo(1, -1); t.moveTo(5, 7); t.lineTo(7, 5);
    t.stroke();
  }
  const pattern = ctx.createPattern(tile, "repeat");
  if (pattern.setTransform) pattern.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}

function resize() {
  scale = window.devicePixelRatio || 1;
  width = view.clientWidth;
  const total = RULER + (rows.length ? rows[rows.length - 1].y + rows[rows.length - 1].h : 0) + 4;
  const most = Math.max(220, Math.round(window.innerHeight * 0.62));
  view.style.height = Math.min(total, most) + 2 + "px";
  height = view.clientHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.height = height + "px";
  spacer.style.height = Math.max(0, total - height) + "px";
  readColours();
  draw();
}

const xOf = (time) => ((time - shown.from) / (shown.to - shown.from)) * width;
const timeOf = (x) => shown.from + (x / width) * (shown.to - shown.from);

let asked = 0;
function draw() {
  if (!asked) asked = requestAnimationFrame(() => { asked = 0; paint(); });
}

function paint() {
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, width, height);
  ctx.textBaseline = "alphabetic";
  const scrolled = view.scrollTop;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, RULER, width, height - RULER);
  ctx.clip();
  const seen = [];
  for (const row of rows) {
    const y = RULER + row.y - scrolled;
    if (y + row.h < RULER || y > height) continue;
    if (row.kind === "process") paintProcess(row, y);
    else if (row.kind === "lock") paintLock(row, y);
    else { paintLane(row.lane, y); seen.push([row.lane, y]); }
  }
  paintSwitches(seen);
  for (const [lane, y] of seen) paintHead(lane.name, `T${lane.tid}`, y, picked && picked.lane === lane);
  paintCursor();
  ctx.restore();
  paintRuler();
  frames++;
}

function paintProcess(row, y) {
  ctx.fillStyle = colours.row;
  ctx.fillRect(0, y, width, GROUP - 2);
  ctx.fillStyle = colours.ink;
  ctx.font = "600 12px system-ui, sans-serif";
  ctx.fillText(`${row.process.name} (process ${row.process.pid})`, 6, y + 14);
}

/// A row's name, on a plate, above everything else of the row.
function paintHead(text, extra, y, chosen) {
  if (size === "flat" && !chosen) return;
  ctx.font = "600 12px system-ui, sans-serif";
  const at = 12 + ctx.measureText(text).width;
  ctx.font = "11px system-ui, sans-serif";
  ctx.fillStyle = chosen ? colours.pick : colours.paper;
  ctx.globalAlpha = size === "low" ? 0.8 : 1;
  ctx.fillRect(0, y, at + ctx.measureText(extra).width + 6, 16);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colours.quiet;
  ctx.fillText(extra, at, y + 13);
  ctx.font = "600 12px system-ui, sans-serif";
  ctx.fillStyle = colours.ink;
  ctx.fillText(text, 6, y + 13);
}

function paintLane(lane, y) {
  const base = y + HEAD;
  if (picked && picked.lane === lane) {
    ctx.fillStyle = colours.pick;
    ctx.fillRect(0, y, width, ROW - 1);
  }
  ctx.fillStyle = colours.row;
  ctx.fillRect(Math.max(0, xOf(lane.start)), base, Math.min(width, xOf(lane.end)) - Math.max(0, xOf(lane.start)), BAR);
  const first = Math.max(0, lane.at(shown.from)), last = lane.at(shown.to);
  if (!lane.count || last < first || lane.end < shown.from) return;
  if (last - first > width * 0.7) paintDense(lane, base);
  else for (let i = first; i <= last; i++) paintSpan(lane, i, base);
  paintMarks(lane, base);
}

function paintSpan(lane, i, base) {
  const state = lane.s_state[i];
  const a = Math.max(-2, xOf(lane.s_from[i])), b = Math.min(width + 2, xOf(lane.endOf(i)));
  const w = Math.max(b - a, 0.7), h = HEIGHT[state], top = base + BAR - h;
  ctx.fillStyle = state === WAIT && w > 3 ? patterns.wait : state === IO && w > 3 ? patterns.io : colours[COLOURS[state]];
  ctx.fillRect(a, top, w, h);
  if (w > 12) {
    ctx.fillStyle = colours.paper;
    ctx.fillRect(b - 0.6, top, 0.6, h);
  }
  if (state === RUN) paintTicks(lane, i, a, b, base);
  if (w > 34 && size === "tall") paintLabel(lane, i, state, a, b, base);
}

/// Single ticks, once there is room for them.
function paintTicks(lane, i, a, b, base) {
  const from = lane.s_from[i], end = lane.endOf(i), ticks = lane.ticksAfter(i) - lane.s_ticks[i];
  const wide = ((end - from) / (shown.to - shown.from)) * width / Math.max(1, ticks);
  if (ticks < 1 || wide < 5 || size === "flat") return;
  const x0 = xOf(from), first = Math.max(0, Math.floor((a - x0) / wide)), last = Math.min(ticks, Math.ceil((b - x0) / wide));
  ctx.fillStyle = colours["on-run"];
  ctx.globalAlpha = 0.55;
  for (let t = Math.max(1, first); t < last; t++) ctx.fillRect(x0 + t * wide - 0.4, base + BAR - 7, 0.8, 7);
  ctx.globalAlpha = 1;
  if (wide < 34) return;
  ctx.font = "9px system-ui, sans-serif";
  for (let t = first; t < last; t++) ctx.fillText(grouped(lane.s_ticks[i] + t + 1), x0 + t * wide + 3, base + BAR - 2);
}

function paintLabel(lane, i, state, a, b, base) {
  let text = "";
  if (state === RUN) {
    const line = sourceLine(lane.s_file[i], lane.s_line[i]);
    text = lane.s_line[i] ? `${lane.s_line[i]}${line === null ? "" : "  " + line.trim()}` : "";
  } else if (state === WAIT) text = data.controlled ? "waits for its turn" : "waits for the GIL";
  else if (state === BLOCK) text = waitedFor(lane.s_object[i]) || "blocked";
  else text = STATES[state];
  ctx.save();
  ctx.beginPath();
  const left = Math.max(a, 0), right = Math.min(b, width);
  ctx.rect(left, base - 1, right - left - 2, BAR + 1);
  ctx.clip();
  ctx.font = state === RUN ? "11px ui-monospace, monospace" : "11px system-ui, sans-serif";
  if (state === RUN) {
    ctx.fillStyle = colours["on-run"];
    ctx.fillText(text, left + 4, base + 13);
  } else {
    // above the bar, which is low
    const y = base + BAR - HEIGHT[state] - 3;
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, left + 4, Math.max(base + 8, y));
  }
  ctx.restore();
}

let image = null;
/// Shares of states by columns of pixels, running at the bottom.
function paintDense(lane, base) {
  const sums = lane.prefix(), w = canvas.width, h = Math.round(BAR * scale);
  if (!image || image.width !== w || image.height !== h) image = ctx.createImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  const paper = parseInt(colours.row.slice(1), 16);
  pixels.fill((0xff000000 | ((paper & 255) << 16) | (paper & 0xff00) | (paper >> 16)) >>> 0);
  const per = (shown.to - shown.from) / w;
  let i = lane.at(shown.from);
  const upTo = (state, index, time) => {
    if (index < 0) return 0;
    const whole = sums[state][index];
    return lane.s_state[index] === state ? whole + Math.min(time, lane.endOf(index)) - lane.s_from[index] : whole;
  };
  let old = [0, 1, 2, 3, 4].map((s) => upTo(s, i, shown.from));
  for (let x = 0; x < w; x++) {
    const time = shown.from + (x + 1) * per;
    let step = 1;
    while (i + step < lane.count && lane.s_from[i + step] <= time) step *= 2;
    i += 1 + before(lane.s_from.subarray(i + 1, Math.min(lane.count, i + step + 1)), Math.min(lane.count, i + step + 1) - i - 1, time);
    let filled = 0, sum = 0;
    for (let s = 0; s < 5; s++) {
      const now = upTo(s, i, time), part = (now - old[s]) / per;
      old[s] = now;
      sum += part * SHARE[s];
      const until = Math.min(h, Math.round(sum * h));
      for (let row = filled; row < until; row++) pixels[(h - 1 - row) * w + x] = rgb[s];
      filled = Math.max(filled, until);
    }
  }
  const y = Math.round(base * scale), top = Math.round(RULER * scale);
  const cut = Math.max(0, top - y);
  if (cut < h) ctx.putImageData(image, 0, y, 0, cut, w, h - cut);
}

const CAUSE_LETTER = ["t", "i", "b", "x"];
function paintMarks(lane, base) {
  if (size === "flat") return;
  // why runs ended
  const first = Math.max(0, lane.at(shown.from)), last = lane.at(shown.to);
  if (last - first < width / 14 && size === "tall") {
    ctx.font = "bold 10px system-ui, sans-serif";
    ctx.fillStyle = colours.ink;
    let free = -1;
    for (let i = first; i <= last; i++) {
      const x = xOf(lane.endOf(i));
      if (lane.s_state[i] !== RUN || lane.s_cause[i] > 3 || x < free) continue;
      ctx.fillText(CAUSE_LETTER[lane.s_cause[i]], x - 3, base - 1);
      free = x + 9;
    }
  }
  const m0 = before(lane.m_at, lane.markCount, shown.from) + 1, m1 = before(lane.m_at, lane.markCount, shown.to);
  const sparse = m1 - m0 < width / 3;
  let pixel = -2;
  for (let m = m0; m <= m1; m++) {
    const kind = lane.m_kind[m], x = xOf(lane.m_at[m]);
    if (!sparse && kind !== IN_VAIN && kind !== STEP) continue;
    if (x - pixel < 1 && kind !== STEP) continue;
    pixel = x;
    paintMark(kind, lane.m_arg[m], x, base);
  }
}

function paintMark(kind, arg, x, base) {
  const y = base + BAR;
  ctx.beginPath();
  if (kind === IN_VAIN) {
    ctx.strokeStyle = colours.bad;
    ctx.lineWidth = 1.6;
    ctx.moveTo(x - 3, base + 1); ctx.lineTo(x + 3, base + 7); ctx.moveTo(x + 3, base + 1); ctx.lineTo(x - 3, base + 7);
    ctx.stroke();
  } else if (kind === ASKS) {
    ctx.fillStyle = colours.bad;
    ctx.font = "bold 11px system-ui, sans-serif";
    ctx.fillText("?", x - 3, base + 8);
  } else if (kind === TAKE || kind === GIVE) {
    const up = kind === TAKE ? 5 : -5;
    ctx.fillStyle = colours.ink;
    ctx.moveTo(x - 3, y + 4 + (up > 0 ? 2 : -2)); ctx.lineTo(x + 3, y + 4 + (up > 0 ? 2 : -2)); ctx.lineTo(x, y + 4 - up + (up > 0 ? 2 : -2));
    ctx.fill();
  } else if (kind === STEP) {
    ctx.fillStyle = colours.bad;
    ctx.fillRect(x - 0.8, base - 15, 1.6, BAR + 15);
    ctx.beginPath();
    ctx.arc(x, base - 8, 8, 0, 7);
    ctx.fill();
    ctx.fillStyle = colours.paper;
    ctx.font = "bold 10px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.fillText(String(arg), x, base - 4.5);
    ctx.textAlign = "start";
  } else {
    ctx.fillStyle = kind === OUTPUT ? colours.io : colours.quiet;
    ctx.arc(x, y + 4, 2, 0, 7);
    ctx.fill();
  }
}

/// From who gave the GIL up to who had it next, where runs are few enough to tell apart.
function paintSwitches(seen) {
  const runs = [];
  for (const [lane, y] of seen) {
    const first = Math.max(0, lane.at(shown.from)), last = lane.at(shown.to);
    if (last - first > 200 || !lane.count) return;
    for (let i = first; i <= last; i++) if (lane.s_state[i] === RUN) runs.push([lane.s_from[i], lane.endOf(i), lane, y]);
  }
  if (runs.length > 300) return;
  runs.sort((a, b) => a[0] - b[0]);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.5;
  for (let i = 0; i + 1 < runs.length; i++) {
    const [, end, lane, y] = runs[i], [from, , next, below] = runs[i + 1];
    if (lane === next || lane.pid !== next.pid || from < end) continue;
    const x = xOf(end), to = xOf(from), down = below > y;
    ctx.beginPath();
    ctx.moveTo(x, y + HEAD + (down ? BAR : 0));
    ctx.lineTo(to, below + HEAD + (down ? 0 : BAR));
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

function paintLock(row, y) {
  const base = y + (size === "tall" ? HEAD : 2), h = 14, c = data.holdColumns;
  ctx.fillStyle = colours.row;
  ctx.fillRect(0, base, width, h);
  const from = c.from.subarray(row.start, row.start + row.count);
  const first = Math.max(0, before(from, row.count, shown.from) - 1), last = before(from, row.count, shown.to);
  let drawn = -9;
  ctx.font = "10px system-ui, sans-serif";
  for (let k = first; k <= last; k++) {
    const i = row.start + k, a = Math.max(-2, xOf(c.from[i])), b = Math.min(width + 2, xOf(c.to[i]));
    if (b < 0 || (b < drawn + 0.5)) continue;
    const left = Math.max(a, drawn), w = Math.max(b - left, 0.6);
    ctx.fillStyle = colours.block;
    ctx.globalAlpha = c.lane[i] % 2 ? 0.62 : 1;
    ctx.fillRect(left, base, w, h);
    ctx.globalAlpha = 1;
    drawn = left + w;
    if (w > 30) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, base, w - 2, h);
      ctx.clip();
      ctx.fillStyle = colours["on-block"];
      ctx.fillText(data.lanes[c.lane[i]].name, Math.max(left, 0) + 3, base + 11);
      ctx.restore();
      ctx.fillStyle = colours.paper;
      ctx.fillRect(b - 0.6, base, 0.6, h);
    }
  }
  paintHead(row.object.label, "held by", y, size === "flat");
}

function niceStep(range, most) {
  const raw = range / most, power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= raw);
}

function paintRuler() {
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, width, RULER);
  ctx.fillStyle = colours.line;
  ctx.fillRect(0, RULER - 1, width, 1);
  ctx.font = "11px system-ui, sans-serif";
  const range = shown.to - shown.from, step = Math.max(1, niceStep(range, Math.max(2, width / 110)));
  const of = picked ? picked.lane : data.lanes.find((l) => l.count);
  for (let t = Math.ceil(shown.from / step) * step; t <= shown.to; t += step) {
    const x = xOf(t);
    ctx.fillStyle = colours.line;
    ctx.fillRect(x, 0, 1, height);
    ctx.fillStyle = colours.ink;
    ctx.fillText(timeText(t, step), x + 4, 14);
    if (of) {
      ctx.fillStyle = colours.quiet;
      ctx.fillText(`${grouped(of.ticksAt(t))} ticks`, x + 4, 30);
    }
  }
  if (of) {
    const text = `ticks of ${of.name}`;
    ctx.font = "10px system-ui, sans-serif";
    const w = ctx.measureText(text).width;
    ctx.fillStyle = colours.paper;
    ctx.fillRect(width - w - 10, 18, w + 10, 18);
    ctx.fillStyle = colours.quiet;
    ctx.fillText(text, width - w - 5, 30);
  }
}

/// The chosen event.
function paintCursor() {
  if (!picked || picked.span < 0) return;
  const row = rows.find((r) => r.lane === picked.lane);
  if (!row) return;
  const y = RULER + row.y - view.scrollTop + HEAD;
  const a = xOf(picked.lane.s_from[picked.span]), b = xOf(picked.lane.endOf(picked.span));
  ctx.strokeStyle = colours.focus;
  ctx.lineWidth = 2;
  ctx.strokeRect(Math.max(a, -4) - 1, y - 2, Math.min(b, width + 8) - Math.max(a, -4) + 2, BAR + 4);
}
