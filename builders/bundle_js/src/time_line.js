// Channels against time with one cursor over all of them: drag to zoom, double click to see everything again.
import uPlot from "uplot";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function plot(host, group, data, sync) {
  const axis = { stroke: css("--ink"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--grid"), width: 1 } };
  const lines = group.channels.map((c, i) => ({
    label: c.name, stroke: css(`--${["blue", "orange", "green", "purple", "red", "teal", "olive", "rose"][i % 8]}`), width: 1.25, spanGaps: true,
    dash: [[], [6, 3], [2, 2], [8, 3, 2, 3]][i % 4], value: (_, v) => (v == null ? "–" : v.toPrecision(5)),
  }));
  const shade = { hooks: { drawClear: [(u) => {
    if (!data.onset) return;
    const left = u.valToPos(data.onset[0], "x", true), right = Math.max(u.valToPos(data.onset[1], "x", true), left + 2);
    u.ctx.save(); u.ctx.fillStyle = css("--red"); u.ctx.globalAlpha = 0.35;
    u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height); u.ctx.restore();
  }] } };
  const columns = uPlot.join(group.channels.map((c) => [c.t, c.v]));
  return new uPlot({
    width: host.clientWidth, height: 170, plugins: [shade], cursor: { sync: { key: sync.key, setSeries: false } }, scales: { x: { time: false } },
    series: [{ label: "hours", value: (_, v) => (v == null ? "–" : v.toFixed(3)) }, ...lines], legend: { live: true },
    axes: [{ ...axis, label: group.last ? "hours after the epoch" : undefined, labelSize: 18, size: 34 }, { ...axis, label: group.unit, labelSize: 18, size: 62 }],
  }, columns, host);
}

function start() {
  const box = document.getElementById("time-line"), source = document.getElementById("time-line-data");
  if (!box || !source) return;
  const data = JSON.parse(source.textContent), sync = uPlot.sync("time-line"), plots = [];
  const build = () => {
    while (plots.length) plots.pop().destroy();
    data.groups.forEach((group, i) => plots.push(plot(box, { ...group, last: i === data.groups.length - 1 }, data, sync)));
  };
  box.closest("details").addEventListener("toggle", (e) => { if (e.target.open && !plots.length) build(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (plots.length) build(); });
  addEventListener("resize", () => plots.forEach((p) => p.setSize({ width: box.clientWidth, height: 170 })));
}
start();
