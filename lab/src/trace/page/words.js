// Events in words: for the card, the status line and the search.

function shortName(file) {
  const name = data.files[file] ? data.files[file].name : "";
  return name.startsWith("<") ? name : name.split("/").pop();
}

function sourceLine(file, line) {
  const source = data.files[file];
  return source && source.lines && source.lines[line - 1] !== undefined ? source.lines[line - 1] : null;
}

function placeText(file, line) {
  return line ? `${shortName(file)}:${line}` : "";
}

function waitedFor(object) {
  if (object === NONE) return "";
  if (object >= LANE + STARTS) return `the start of ${data.lanes[object - LANE - STARTS].name}`;
  if (object >= LANE) return `the end of ${data.lanes[object - LANE].name}`;
  return data.objects[object].label;
}

function markText(lane, m) {
  const arg = lane.m_arg[m];
  switch (lane.m_kind[m]) {
    case IN_VAIN: return "woken in vain: tried, and did not get the GIL";
    case ASKS: return "has waited for the interval and asks for the GIL";
    case TAKE: return `takes ${waitedFor(arg)}`;
    case GIVE: return `gives ${waitedFor(arg)}`;
    case OUTPUT: return `writes ${grouped(arg)} bytes`;
    case START: return `starts ${arg === NONE ? "a thread" : data.lanes[arg].name}`;
    default: return `step ${arg} of the failing interleaving`;
  }
}

/// A span, as [headline, lines, file, line].
function spanWords(lane, i) {
  const state = lane.s_state[i], from = lane.s_from[i], end = lane.endOf(i);
  const ticks = lane.ticksAfter(i) - lane.s_ticks[i];
  const what = lane.s_object[i] === NONE ? "" : `: ${waitedFor(lane.s_object[i])}`;
  const lines = [`${timeText(end - from)}, from ${timeText(from, 1)} on`];
  if (state === RUN) {
    lines.push(`${grouped(ticks)} tick${ticks === 1 ? "" : "s"} (${grouped(lane.s_ticks[i])} before), then ${CAUSES[lane.s_cause[i]]}`);
    if (lane.s_kept[i]) lines.push(`kept the GIL ${grouped(lane.s_kept[i])} times while others waited`);
  }
  const unended = i + 1 === lane.count && !lane.ended;
  if (unended) lines.push("to the end of the run");
  return { head: `${lane.name}: ${STATES[state]}${what}`, lines, file: lane.s_file[i], line: lane.s_line[i] };
}

function marksWithin(lane, from, to, most) {
  const out = [];
  for (let m = before(lane.m_at, lane.markCount, from - 1e-6) + 1; m < lane.markCount && lane.m_at[m] <= to && out.length < most; m++) out.push(m);
  return out;
}

function fillCard(box, words, extra) {
  box.replaceChildren();
  const head = document.createElement("b");
  head.textContent = words.head;
  box.append(head);
  const place = placeText(words.file, words.line), text = sourceLine(words.file, words.line);
  if (place) {
    const source = document.createElement("code");
    source.className = "source";
    source.textContent = text === null ? place : `${place}  ${text.trim()}`;
    box.append(source);
  }
  for (const line of [...words.lines, ...extra]) {
    const p = document.createElement("div");
    p.textContent = line;
    box.append(p);
  }
}
