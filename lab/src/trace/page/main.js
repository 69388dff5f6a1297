// Puts the page together.

const data = load();
const holdSlices = sliceHolds();
const rows = layOut();
const shown = { from: 0, to: 1 };

function element(tag, text, attributes = {}) {
  const e = document.createElement(tag);
  if (text !== null) e.textContent = text;
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  return e;
}

function fillHead() {
  document.getElementById("title").textContent = data.title;
  document.getElementById("settings").textContent = [data.settings, timeText(data.end), `${grouped(data.events)} events`, data.outcome].filter(Boolean).join(" · ");
  const note = document.getElementById("note");
  note.textContent = data.note;
  note.hidden = !data.note;
}

function fillLegend() {
  const list = document.getElementById("legend");
  list.replaceChildren();
  COLOURS.forEach((name, state) => {
    const swatch = element("canvas", null, { width: 26 * scale, height: 16 * scale, "aria-hidden": "true" });
    swatch.style.width = "26px";
    swatch.style.height = "16px";
    const c = swatch.getContext("2d");
    c.scale(scale, scale);
    c.fillStyle = patterns[name] || colours[name];
    const h = Math.max(3, (HEIGHT[state] / BAR) * 16);
    c.fillRect(0, 16 - h, 26, h);
    const item = element("li", null);
    item.append(swatch, STATES[state]);
    list.append(item);
  });
  for (const [sign, words] of [["t i b x", "why a run ended: ticks, io, block, exit"], ["✕", "woken in vain"], ["?", "asks for the GIL"], ["▴ ▾", "takes, gives a lock"], ["•", "output, start"]]) {
    const item = element("li", null);
    item.append(element("b", sign), words);
    list.append(item);
  }
}

function fillSummary() {
  const table = document.getElementById("summary");
  const head = ["thread", "shares of its time", "ran", "GIL share", "waited", "waits", "longest wait", "switches t / i / b / x", "kept", "in vain", "ticks"];
  const titles = { kept: "times it kept the GIL at the end of an interval while others waited", "in vain": "woken, tried, and did not get the GIL" };
  const first = element("tr", null);
  for (const name of head) first.append(element("th", name, { scope: "col", ...(titles[name] ? { title: titles[name] } : {}) }));
  const body = element("tbody", null);
  for (const lane of data.lanes) {
    const f = lane.figures, row = element("tr", null), whole = f.time.reduce((a, b) => a + b, 0) || 1;
    const group = data.processes.length > 1 ? ` · ${lane.pid}` : "";
    row.append(element("th", `${lane.name}${group}`, { scope: "row" }));
    const bar = element("span", null, { class: "share", role: "img", "aria-label": f.time.map((t, s) => `${STATES[s]} ${Math.round((100 * t) / whole)} %`).join(", ") });
    f.time.forEach((t, s) => {
      const part = element("i", null);
      part.style.width = (100 * t) / whole + "%";
      part.style.background = `var(--${COLOURS[s]})`;
      bar.append(part);
    });
    const cell = element("td", null);
    cell.append(bar);
    row.append(cell, element("td", timeText(f.time[RUN])), element("td", `${((100 * f.time[RUN]) / (data.end || 1)).toFixed(1)} %`), element("td", timeText(f.time[WAIT])), element("td", grouped(f.waits)));
    const longest = element("td", null);
    if (f.longest) {
      const jump = element("button", timeText(f.longest), { type: "button", "aria-label": `${lane.name}: show the longest wait, ${timeText(f.longest)}` });
      jump.addEventListener("click", () => { const i = lane.at(f.longestAt); pick(lane, i); reveal(lane, i); });
      longest.append(jump);
    }
    row.append(longest, element("td", f.switches.map(grouped).join(" / ")), element("td", grouped(f.kept)), element("td", grouped(f.inVain)), element("td", grouped(lane.allTicks)));
    body.append(row);
  }
  const thead = element("thead", null);
  thead.append(first);
  table.append(thead, body);
}

function fillSteps() {
  if (!data.steps.length) return;
  document.getElementById("story").hidden = false;
  const list = document.getElementById("steps");
  for (const step of data.steps) {
    const item = element("li", null), jump = element("button", step.thread, { type: "button" });
    jump.addEventListener("click", () => {
      const lane = data.lanes[step.lane];
      if (!lane) return;
      const i = Math.max(0, lane.at(step.at));
      pick(lane, i);
      reveal(lane, i);
    });
    item.append(jump, " ", element("code", step.place), " ", step.text);
    list.append(item);
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.textContent = theme === "dark" ? "Light" : "Dark";
  button.setAttribute("aria-label", theme === "dark" ? "Light theme" : "Dark theme");
  button.setAttribute("aria-pressed", String(theme === "dark"));
  readColours();
  fillLegend();
  draw();
}

function toggleHelp() {
  const help = document.getElementById("help"), button = document.getElementById("help-button");
  help.hidden = !help.hidden;
  button.setAttribute("aria-expanded", String(!help.hidden));
}

document.getElementById("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
document.getElementById("help-button").addEventListener("click", toggleHelp);
document.getElementById("zoom-in").addEventListener("click", () => zoom(0.5, focusTime()));
document.getElementById("zoom-out").addEventListener("click", () => zoom(2, focusTime()));
document.getElementById("fit").addEventListener("click", all);

document.getElementById("rows").addEventListener("click", () => {
  const names = Object.keys(SIZES);
  setSize(names[(names.indexOf(size) + 1) % names.length]);
  view.scrollTop = 0;
  resize();
});

if (data.controlled) STATES[WAIT] = "waiting for its turn";
const crowd = rows.length;
setSize(crowd > 150 ? "flat" : crowd > 24 ? "low" : "tall");
fillHead();
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (e) => setTheme(e.matches ? "dark" : "light"));
all();
resize();
setTheme(document.documentElement.dataset.theme);
new ResizeObserver(resize).observe(view.parentElement);
window.addEventListener("resize", resize);
fillSummary();
fillSteps();
paint();
/// For tests and for the curious.
window.gilbert = { data, shown, rows, show, pick, zoom, pan, search, get picked() { return picked; }, get frames() { return frames; }, drawnAt: performance.now() };
