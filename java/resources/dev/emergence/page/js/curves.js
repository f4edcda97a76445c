// Learning curves of the runs that the filter lets through.
em.parts.push(root => {
  const choice = (id, label, options, key) => {
    const select = em.el('select', {id, onchange: () => { em.view[key] = select.value; em.changed(key); }},
      options.map(([value, text]) => em.el('option', {value}, text)));
    return {select, label: em.el('label', {}, `${label} `, select)};
  };
  const box = (id, label, key) => {
    const input = em.el('input', {type: 'checkbox', id, onchange: () => { em.view[key] = input.checked; em.changed(key); }});
    return {input, label: em.el('label', {}, input, ` ${label}`)};
  };
  const metric = choice('metric', 'Metric', [], 'metric'), color = choice('color', 'Colour by', [], 'color');
  const group = choice('group', 'Show', [['runs', 'every run'], ['band', 'median and quartiles']], 'group');
  const x = choice('x', 'Against', [['step', 'step'], ['relative', 'step / own emergence']], 'x');
  const smooth = choice('smooth', 'Smooth', [['0', 'off'], ['0.6', 'a little'], ['0.9', 'much']], 'smooth');
  const logX = box('log-x', 'log x', 'logX'), logY = box('log-y', 'log y', 'logY');
  const plot = em.el('div', {id: 'plot', class: 'plot', tabindex: '0', role: 'img', onkeydown: event => em.moveCursor(event)});
  const tip = em.el('div', {class: 'tip', id: 'tip', hidden: true});
  const note = em.el('p', {class: 'note', id: 'curves-note'}), legend = em.el('ul', {class: 'legend', id: 'curves-legend'});
  root.append(em.el('section', {id: 'curves', 'aria-labelledby': 'curves-title'}, em.el('h2', {id: 'curves-title'}, 'Learning curves'),
    em.el('div', {class: 'controls'}, metric.label, color.label, group.label, x.label, smooth.label, logX.label, logY.label, em.exportButtons('curves')),
    em.el('div', {class: 'plotholder'}, plot, tip), legend, note));
  em.plotBox = plot;
  em.tip = tip;
  em.on(what => {
    const s = em.store.snapshot;
    em.choose(metric.select, s.metrics.filter(em.hasMetric).map(m => [m, em.word(m)]), em.view.metric);
    const axes = [...em.sweep().axes.filter(a => a.values.length > 1).map(a => [a.path, a.symbol]), ['seed', 'seed']];
    em.choose(color.select, axes, em.colorAxis().path);
    group.select.value = em.view.group; x.select.value = em.view.x; smooth.select.value = String(em.view.smooth);
    logX.input.checked = em.view.logX; logY.input.checked = em.view.logY;
    if (what !== 'step') em.drawCurves(note, legend);
  });
  new ResizeObserver(() => { if (em.chart && em.chart.width !== plot.clientWidth) em.drawCurves(note, legend); }).observe(plot);
});

/** The lines to draw: of every run, or the median and quartiles of each colour. */
em.lines = curves => {
  const axis = em.colorAxis(), colors = em.colors(axis), view = em.view, smooth = Number(view.smooth);
  const lines = [];
  for (const p of em.shown()) {
    const c = curves.get(p.run.id);
    if (!c || c.x.length === 0) continue;
    let x = Array.from(c.x), y = Array.from(c.y);
    if (view.x === 'relative') {
      const e = em.emergence(p.place);
      if (e.state !== 'reached' || !(e.step > 0)) continue;
      x = x.map(v => v / e.step);
    }
    if (smooth > 0) y = em.smooth(y, smooth);
    lines.push({p, id: p.run.id, x, y, color: em.colorOf(p, colors, axis), name: em.name(p),
      value: String(axis.path === 'seed' ? p.place.seed : p.values[axis.path]), diverged: p.run.state === 'diverged'});
  }
  if (view.group !== 'band') return lines;
  const groups = new Map();
  lines.forEach(line => { if (!groups.has(line.value)) groups.set(line.value, []); groups.get(line.value).push(line); });
  return [...groups.values()].map(members => {
    const rows = em.bands(members);
    return {...members[0], p: null, id: '', name: `${axis.symbol} = ${members[0].value}, median of ${members.length}`, x: rows.map(r => r.step),
      y: rows.map(r => r.mid), low: rows.map(r => r.low), high: rows.map(r => r.high), n: rows.map(r => r.n)};
  });
};

/** Lines on one column of steps; what an axis cannot show is a gap, and counted. */
em.aligned = lines => {
  let hidden = 0;
  const {logX, logY} = em.view;
  const tables = [];
  const series = [];
  for (const line of lines) {
    const keep = line.x.map((v, i) => (!logX || v > 0) && Number.isFinite(v) ? i : -1).filter(i => i >= 0);
    const clean = values => keep.map(i => {
      const v = values[i];
      if (v === null || Number.isNaN(v) || !Number.isFinite(v)) return null;
      if (logY && v <= 0) { hidden++; return null; }
      return v;
    });
    const columns = line.low ? [line.low, line.high, line.y] : [line.y];
    tables.push([keep.map(i => line.x[i]), ...columns.map(clean)]);
    series.push(...columns.map((_, i) => ({line, edge: line.low && i < 2})));
  }
  return {data: tables.length === 0 ? [[], []] : uPlot.join(tables), series, hidden};
};

em.drawCurves = async (note, legend) => {
  const metric = em.view.metric, shown = em.shown();
  let curves;
  try {
    curves = await em.loadCurves(metric, shown.map(p => p.run.id));
  } catch (e) {
    note.textContent = `The curves could not be read (${e.message}).`;
    return;
  }
  if (metric !== em.view.metric) return;
  const lines = em.lines(curves);
  const {data, series, hidden} = em.aligned(lines);
  em.drawn = {lines, data, series};
  em.chart?.destroy();
  em.replace(em.plotBox);
  em.tip.hidden = true;
  const without = shown.length - new Set(lines.map(l => l.id)).size;
  em.plotBox.setAttribute('aria-label', `${em.word(metric)} of ${lines.length} ${em.view.group === 'band' ? 'groups' : 'runs'} against ${em.view.x === 'relative' ? 'step over own emergence' : em.store.snapshot.experiment.x}. Arrow keys move the cursor; the table below has all values.`);
  note.textContent = [lines.length === 0 ? 'No rows of this metric yet.' : em.view.group === 'band' ? `${lines.length} groups of ${shown.length} runs.` : `${lines.length} of ${shown.length} runs.`,
    em.view.group !== 'band' && lines.length > 0 && without > 0 ? `${without} have no rows here${em.view.x === 'relative' ? ' or have not emerged' : ''}.` : '',
    hidden > 0 ? `${hidden} values are not above 0 and have no place on a log axis.` : ''].filter(t => t).join(' ');
  const axis = em.colorAxis(), colors = em.colors(axis);
  em.replace(legend, axis.values.filter(v => lines.some(l => l.value === String(v))).map(v => {
    const swatch = em.el('span', {class: 'swatch'});
    swatch.style.backgroundColor = colors.get(String(v));
    return em.el('li', {}, swatch, ` ${axis.symbol} = ${v}`);
  }));
  if (lines.length > 0) em.chart = new uPlot(em.chartOptions(series, lines), data, em.plotBox);
};

em.chartOptions = (series, lines) => {
  const ink = em.css('--ink'), soft = em.css('--soft'), grid = em.css('--line'), bands = [];
  series.forEach((s, i) => { if (s.edge && series[i + 1]?.edge) bands.push({series: [i + 2, i + 1], fill: s.line.color + '33'}); });
  const log = Math.max(1, lines.length) > 60 ? 1 : 1.6;
  const axisOf = label => ({stroke: ink, grid: {stroke: grid, width: 1}, ticks: {stroke: soft, width: 1}, label, labelSize: 22, font: '12px system-ui, sans-serif', labelFont: '13px system-ui, sans-serif',
    values: (u, splits) => splits.map(v => v === null ? '' : em.num(v)), size: label === '' ? 40 : 58});
  const x = axisOf(em.view.x === 'relative' ? 'step / own emergence' : em.store.snapshot.experiment.x);
  x.size = 36;
  return {
    width: Math.max(320, em.plotBox.clientWidth), height: 380, legend: {show: false}, bands,
    cursor: {points: {show: false}, drag: {x: true, y: false}, focus: {prox: -1}},
    scales: {x: {time: false, distr: em.view.logX ? 3 : 1}, y: {distr: em.view.logY ? 3 : 1, range: (u, low, high) => em.range(low, high)}},
    axes: [x, axisOf(em.word(em.view.metric))],
    series: [{}, ...series.map(s => ({stroke: s.edge ? 'transparent' : s.line.color, width: s.edge ? 0 : log, points: {show: false}, spanGaps: false}))],
    hooks: {draw: [em.drawMarks], setCursor: [u => em.hover(u)]},
  };
};

/** All points and the thresholds of the metric lie inside. */
em.range = (low, high) => {
  if (low === null || low === undefined) return em.view.logY ? [0.1, 1] : [0, 1];
  const levels = em.levels().map(l => l.value).filter(v => !em.view.logY || v > 0);
  const a = Math.min(low, ...levels), b = Math.max(high, ...levels);
  if (em.view.logY) { const pad = (b / a) ** 0.05 || 1.1; return [a / Math.max(pad, 1.02), b * Math.max(pad, 1.02)]; }
  const pad = (b - a || Math.abs(b) || 1) * 0.05;
  return [a - pad, b + pad];
};

/** Horizontal lines: thresholds of the metric, and its mean before training, the trivial baseline. */
em.levels = () => {
  const metric = em.view.metric;
  const out = em.store.snapshot.thresholds.filter(t => t.metric === metric && !t.relative)
    .map(t => ({label: `${t.name}: ${t.below !== null ? 'below' : 'above'} ${em.num(t.below ?? t.above)}`, value: t.below ?? t.above, dash: [6, 4]}));
  const starts = (em.drawn?.lines || []).filter(l => l.p && l.x[0] === 0 && Number.isFinite(l.y[0])).map(l => l.y[0]).sort((a, b) => a - b);
  if (starts.length > 0 && metric.endsWith('.loss')) out.push({label: `untrained: ${em.num(em.quantile(starts, 0.5))}`, value: em.quantile(starts, 0.5), dash: [2, 3]});
  return out;
};

/** Over the lines: levels, where runs emerged and diverged, the highlighted run, the film's step. */
em.drawMarks = u => {
  const c = u.ctx, ratio = devicePixelRatio || 1, {left, top, width, height} = u.bbox;
  c.save();
  c.beginPath(); c.rect(left, top, width, height); c.clip();
  c.font = `${11 * ratio}px system-ui, sans-serif`;
  for (const level of em.levels()) {
    const y = u.valToPos(level.value, 'y', true);
    c.strokeStyle = c.fillStyle = em.css('--soft');
    c.lineWidth = ratio; c.setLineDash(level.dash.map(d => d * ratio));
    c.beginPath(); c.moveTo(left, y); c.lineTo(left + width, y); c.stroke();
    c.textAlign = 'right';
    c.fillText(level.label, left + width - 6 * ratio, y - 4 * ratio);
  }
  c.setLineDash([]);
  const few = em.drawn.lines.length <= 60;
  for (const line of em.drawn.lines) {
    if (!line.p) continue;
    const chosen = em.view.selected.has(line.id) || em.hovered === line.id;
    if (chosen) em.stroke(u, line, 3.5 * ratio);
    const e = em.emergence(line.p.place);
    if ((few || chosen) && e.state === 'reached') em.mark(u, line, em.view.x === 'relative' ? 1 : e.step, ratio, 'circle');
    if (line.diverged) em.mark(u, line, line.x[line.x.length - 1], ratio, 'cross');
  }
  if (em.view.step !== null && em.view.x === 'step') {
    const x = u.valToPos(em.view.step, 'x', true);
    c.strokeStyle = em.css('--accent'); c.lineWidth = 1.5 * ratio;
    c.beginPath(); c.moveTo(x, top); c.lineTo(x, top + height); c.stroke();
  }
  c.restore();
};

em.stroke = (u, line, width) => {
  const c = u.ctx;
  c.strokeStyle = line.color; c.lineWidth = width; c.lineJoin = 'round';
  c.beginPath();
  let pen = false;
  line.x.forEach((x, i) => {
    const y = line.y[i];
    if (!Number.isFinite(y) || (em.view.logY && y <= 0) || (em.view.logX && x <= 0)) { pen = false; return; }
    const px = u.valToPos(x, 'x', true), py = u.valToPos(y, 'y', true);
    pen ? c.lineTo(px, py) : c.moveTo(px, py);
    pen = true;
  });
  c.stroke();
};

em.mark = (u, line, at, ratio, shape) => {
  const i = em.nearest(line.x, at), c = u.ctx, y = line.y[i];
  if (!Number.isFinite(y) || (em.view.logY && y <= 0) || (em.view.logX && at <= 0)) return;
  const px = u.valToPos(line.x[i], 'x', true), py = u.valToPos(y, 'y', true), r = 4 * ratio;
  c.strokeStyle = line.color; c.fillStyle = em.css('--paper'); c.lineWidth = 1.5 * ratio;
  c.beginPath();
  if (shape === 'circle') { c.arc(px, py, r, 0, 7); c.fill(); } else { c.moveTo(px - r, py - r); c.lineTo(px + r, py + r); c.moveTo(px + r, py - r); c.lineTo(px - r, py + r); }
  c.stroke();
};

/** The lines nearest to the cursor, named; the nearest is lifted. */
em.hover = u => {
  const {left, top} = u.cursor;
  if (left === null || left < 0 || !em.drawn) {
    em.tip.hidden = true;
    if (em.hovered) { em.hovered = ''; u.redraw(false); }
    return;
  }
  const step = u.posToVal(left, 'x');
  const rows = em.drawn.lines.map(line => {
    const i = em.nearest(line.x, step), y = line.y[i];
    const far = Math.abs(u.valToPos(line.x[i], 'x') - left) > 40;
    return {line, i, y, d: Number.isFinite(y) && !far && (!em.view.logY || y > 0) ? Math.abs(u.valToPos(y, 'y') - top) : Infinity};
  }).filter(r => r.d < Infinity).sort((a, b) => a.d - b.d);
  if (rows.length === 0) { em.tip.hidden = true; return; }
  const x = rows[0].line.x[rows[0].i];
  em.replace(em.tip, em.el('b', {}, `${em.view.x === 'relative' ? 'step / emergence' : em.store.snapshot.experiment.x} ${em.num(x)}`),
    rows.slice(0, 5).map(r => {
      const swatch = em.el('span', {class: 'swatch'});
      swatch.style.backgroundColor = r.line.color;
      return em.el('div', {}, swatch, ` ${r.line.name}: `, em.el('b', {}, em.num(r.y)), r.line.n ? ` (n = ${r.line.n[r.i]})` : '', r.line.diverged && r.i === r.line.x.length - 1 ? ' diverged after this' : '');
    }), rows.length > 5 ? em.el('div', {class: 'note'}, `${rows.length - 5} more`) : null);
  em.tip.hidden = false;
  const holder = em.plotBox.parentElement.getBoundingClientRect(), over = u.over.getBoundingClientRect();
  const width = em.tip.offsetWidth, height = em.tip.offsetHeight;
  let px = over.left - holder.left + left + 16, py = over.top - holder.top + top + 12;
  if (px + width > holder.width) px = Math.max(0, over.left - holder.left + left - width - 16);
  if (over.top + top + 12 + height > innerHeight) py = Math.max(0, over.top - holder.top + top - height - 12);
  em.tip.style.left = `${px}px`; em.tip.style.top = `${py}px`;
  const lifted = rows[0].d < 30 ? rows[0].line.id : '';
  if (lifted !== em.hovered) { em.hovered = lifted; u.redraw(false); }
};

em.moveCursor = event => {
  const u = em.chart, by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!u || !by || em.drawn.lines.length === 0) return;
  event.preventDefault();
  const width = u.over.clientWidth, left = Math.min(width - 1, Math.max(0, (u.cursor.left >= 0 ? u.cursor.left : 0) + by * width / 50));
  u.setCursor({left, top: u.over.clientHeight / 2});
  em.announce(em.tip.hidden ? 'no values here' : em.tip.innerText.replace(/\n/g, '; '));
};
