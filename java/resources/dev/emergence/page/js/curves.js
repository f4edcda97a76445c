// Learning curves of the runs that the filter lets through.
em.parts.push(root => {
  const choice = (id, label, options, key, before = () => {}) => {
    const select = em.el('select', {id, onchange: () => { before(select.value); em.view[key] = select.value; em.changed(key); }},
      options.map(([value, text]) => em.el('option', {value}, text)));
    return {select, label: em.el('label', {}, `${label} `, select)};
  };
  const box = (id, label, key) => {
    const input = em.el('input', {type: 'checkbox', id, onchange: () => { em.view[key] = input.checked; em.changed(key); }});
    return {input, label: em.el('label', {}, input, ` ${label}`)};
  };
  // Who goes from a loss to an accuracy wants another axis; who goes to another loss keeps what was chosen.
  const axisFor = next => { if (em.isLoss(next) !== em.isLoss(em.view.metric)) em.view.logY = em.isLoss(next); };
  const metric = choice('metric', 'Metric', [], 'metric', axisFor), color = choice('color', 'Colour by', [], 'color');
  const group = choice('group', 'Show', [['runs', 'every run'], ['median', 'median and quartiles'], ['mean', 'mean ± one standard deviation']], 'group');
  const x = choice('x', 'Against', [['step', em.store.snapshot.experiment.x], ['relative', em.relative()]], 'x');
  const smooth = choice('smooth', 'Smooth', [['0', 'off'], ['0.6', 'a little'], ['0.9', 'much']], 'smooth');
  const boxes = [box('log-x', 'log x', 'logX'), box('log-y', 'log y', 'logY'), box('baselines', 'baselines', 'levels'), box('members', 'their runs too', 'members')];
  const merge = em.el('span', {id: 'merge', role: 'group', 'aria-label': 'Groups over', class: 'chips'});
  const plot = em.el('div', {id: 'plot', class: 'plot', tabindex: '0', role: 'img', onkeydown: event => em.moveCursor(event), onmousedown: () => { em.dragging = true; }});
  const tip = em.el('div', {class: 'tip', id: 'tip', hidden: true}), below = em.el('div', {id: 'below-curves'});
  const note = em.el('p', {class: 'note', id: 'curves-note'}), zoom = em.el('p', {class: 'note', id: 'zoom-note', role: 'status'}), legend = em.el('ul', {class: 'legend', id: 'curves-legend'});
  root.append(em.el('section', {id: 'curves', 'aria-labelledby': 'curves-title'}, em.el('h2', {id: 'curves-title'}, 'Learning curves'),
    em.el('div', {class: 'controls'}, metric.label, color.label, group.label, boxes[3].label, merge, x.label, smooth.label, boxes.slice(0, 3).map(b => b.label), em.exportButtons('curves')),
    em.el('div', {class: 'plotholder'}, plot, tip), legend, note, zoom, below));
  em.curvesView = {plot, tip, note, zoom, legend, below};
  em.on(what => {
    const s = em.store.snapshot;
    em.choose(metric.select, s.metrics.filter(em.hasMetric).map(m => [m, em.word(m)]), em.view.metric);
    em.choose(color.select, em.axes().length > 0 ? em.axes().map(a => [a.path, a.symbol]) : [['seed', 'seed']], em.colorAxis().path);
    group.select.value = em.view.group; x.select.value = em.view.x; smooth.select.value = String(em.view.smooth);
    ['logX', 'logY', 'levels', 'members'].forEach((key, i) => { boxes[i].input.checked = em.view[key]; });
    boxes[3].label.hidden = merge.hidden = !em.inGroups();
    em.replace(merge, 'Groups over ', em.axes().map(a => em.el('button', {type: 'button', class: 'chip', 'data-axis': a.path, 'aria-pressed': em.merged().has(a.path) ? 'true' : 'false', onclick: () => em.toggleMerged(a.path)}, a.symbol)));
    if (['selection', 'step', 'keys', 'law', 'sort', 'connection'].includes(what)) em.drawOverlay(); else em.drawCurves();
  });
  addEventListener('mouseup', () => { if (em.dragging) { em.dragging = false; em.drawCurves(); } });
  new ResizeObserver(() => { if (em.chart && em.chart.width !== Math.max(320, plot.clientWidth)) em.drawCurves(true); }).observe(plot);
});

em.drawCurves = async always => {
  const {plot, tip, note, legend, below} = em.curvesView, metric = em.view.metric, shown = em.shown();
  const asked = () => [em.view.metric, em.view.sweep, em.view.filter].join('|'), mine = asked();
  let curves;
  try {
    curves = await em.loadCurves(metric, shown.map(p => p.run.id));
  } catch (e) {
    note.textContent = `The curves could not be read (${e.message}).`;
    return;
  }
  // What was asked for before is no longer what is looked at and counted.
  if (mine !== asked()) return;
  const v = em.view, s = em.store.snapshot;
  const now = [metric, v.sweep, v.group, v.merge, v.members, v.levels, v.color, v.x, v.smooth, v.logX, v.logY, v.threshold, em.isDark(), s.lines?.length, plot.clientWidth, shown.map(p => p.run.id + p.run.version).join()].join('|');
  // A part of the steps that is just being chosen with the mouse would be lost with the chart.
  if (em.dragging || (!always && now === em.drawnAs)) return;
  em.drawnAs = now;
  const axis = [v.sweep, v.x, v.logX].join('|'), look = em.lookOf(axis);
  const {lines, runs, apart} = em.lines(curves), {data, series, hidden} = em.aligned(lines);
  em.drawn = {lines, data, series, axis};
  em.chart?.destroy();
  em.chart = null;
  em.replace(plot);
  tip.hidden = true;
  em.curvesView.zoom.textContent = '';
  em.describeCurves(lines, shown.length, runs, apart, hidden);
  em.replace(legend, em.legendOf(lines).map(e => em.el('li', {}, em.sample(e.color || em.css('--ink'), e.dash), ` ${e.text}`)));
  em.replace(below, em.levelsTable(), em.curvesTable());
  em.allowPictures(lines.length > 0);
  if (lines.length === 0) return;
  em.chart = new uPlot(em.chartOptions(series, lines), data, plot);
  em.lookAgain(em.chart, look);
};

/** The part of the steps that a reader chose and where the cursor stands: a chart that is drawn anew on the same axis has both. */
em.lookOf = axis => {
  const u = em.chart;
  if (!u || em.drawn.axis !== axis) return {};
  const {min, max} = u.scales.x, {left, top} = u.cursor;
  return {part: em.curvesView.zoom.textContent ? {min, max} : null, cursor: left >= 0 ? {step: u.posToVal(left, 'x'), top} : null};
};
em.lookAgain = async (u, {part, cursor}) => {
  if (part) u.setScale('x', part);
  await null; // uPlot sets its scales only after the code that made it.
  if (cursor && u === em.chart) u.setCursor({left: u.valToPos(cursor.step, 'x'), top: cursor.top});
};

em.describeCurves = (lines, shown, runs, apart, hidden) => {
  const grouped = em.inGroups(), drawn = lines.filter(l => !l.faint), without = shown - runs, few = apart.slice(0, 3).map(group => group.name).join('; ');
  em.curvesView.plot.setAttribute('aria-label', `${em.word(em.view.metric)} of ${drawn.length} ${grouped ? 'groups' : 'runs'} against ${em.view.x === 'relative' ? em.relative() : em.store.snapshot.experiment.x}. Arrow keys move the cursor; the table below has all values.`);
  const floors = em.view.logY && em.view.levels ? em.baselines().filter(l => l.value <= 0).map(l => l.name.replace(/_/g, ' ')) : [];
  em.curvesView.note.textContent = [runs === 0 ? 'No rows of this metric yet.' : grouped ? `${drawn.length} groups of ${shown} runs.` : `${drawn.length} of ${shown} runs.`,
    apart.length > 0 ? `No step has a row of every run of: ${few}${apart.length > 3 ? `; ${apart.length - 3} more` : ''}.` : '',
    runs > 0 && without > 0 ? `${without} have no rows here${em.view.x === 'relative' ? ' or have not emerged' : ''}.` : '',
    em.view.group !== 'runs' && !grouped ? 'Every run by itself: on this clock runs have no rows at the same place, so that groups have no figures.' : '',
    grouped && drawn.some(l => l.n.some(n => n < l.members)) ? 'Dashed where some runs of a group have ended.' : '',
    hidden > 0 ? `${hidden} values are not above 0 and have no place on a log axis.` : '',
    floors.length > 0 ? `At 0, below a log axis: ${[...new Set(floors)].join(', ')}.` : ''].filter(t => t).join(' ');
};

em.dashed = lines => lines.length <= 60;
/** A short piece of line as a legend has it. */
em.sample = (color, dash) => em.svg('svg', {class: 'sample', viewBox: '0 0 26 10', width: 26, height: 10, 'aria-hidden': 'true'},
  em.svg('path', {d: 'M1 5H25', stroke: color, 'stroke-width': 2.4, 'stroke-dasharray': dash.join(' ') || null}));

em.chartOptions = (series, lines) => {
  const ink = em.css('--ink'), soft = em.css('--soft'), grid = em.css('--line'), bands = [], dashed = em.dashed(lines);
  series.forEach((s, i) => { if (s.edge && series[i + 1]?.edge) bands.push({series: [i + 2, i + 1], fill: s.line.color + '33'}); });
  const width = lines.length > 60 ? 1 : 1.6;
  const axisOf = label => ({stroke: ink, grid: {stroke: grid, width: 1}, ticks: {stroke: soft, width: 1}, label, labelSize: 22, font: '12px system-ui, sans-serif', labelFont: '13px system-ui, sans-serif',
    values: (u, splits) => splits.map(v => v === null ? '' : em.num(v)), size: 58});
  // uPlot's own ticks of a logarithmic axis never end below 1e-16.
  const logAxis = axis => ({...axis, splits: (u, i, min, max) => em.ticks(min, max, true), filter: (u, splits) => splits});
  const x = axisOf(em.view.x === 'relative' ? em.relative() : em.store.snapshot.experiment.x);
  x.size = 36;
  const look = s => s.edge || s.frame ? {stroke: 'transparent', width: 0}
    : s.raw || s.line.faint ? {stroke: s.line.color + '55', width: 1}
      : {stroke: s.line.color, width: s.line.low ? 2.2 : width, dash: s.fewer ? [4, 4] : dashed ? s.line.dash : []};
  return {
    width: Math.max(320, em.curvesView.plot.clientWidth), height: 380, legend: {show: false}, bands,
    cursor: {points: {show: false}, drag: {x: true, y: false}, focus: {prox: -1}},
    scales: {x: {time: false, distr: em.view.logX ? 3 : 1}, y: {distr: em.view.logY ? 3 : 1, range: (u, low, high) => em.range(low, high)}},
    axes: [em.view.logX ? logAxis(x) : x, em.view.logY ? logAxis(axisOf(em.word(em.view.metric))) : axisOf(em.word(em.view.metric))],
    series: [{}, ...series.map(s => ({...look(s), points: {show: false}, spanGaps: false}))],
    hooks: {draw: [em.drawMarks], setCursor: [u => em.hover(u)], setScale: [(u, key) => { if (key === 'x') em.tellZoom(u); }]},
  };
};

/** All points, the thresholds and baselines of the metric lie inside. */
em.range = (low, high) => {
  if (low === null || low === undefined) return em.view.logY ? [0.1, 1] : [0, 1];
  const levels = em.levels().flatMap(l => [l.low ?? l.value, l.high ?? l.value]).filter(v => !em.view.logY || v > 0);
  const a = Math.min(low, ...levels), b = Math.max(high, ...levels);
  if (em.view.logY) { const pad = (b / a) ** 0.05 || 1.1; return [a / Math.max(pad, 1.02), b * Math.max(pad, 1.02)]; }
  const pad = (b - a || Math.abs(b) || 1) * 0.05;
  return [a - pad, b + pad];
};

/** A part that was chosen by dragging: how many points lie outside it is said, and on which side. */
em.tellZoom = u => {
  const {min, max} = u.scales.x;
  let before = 0, after = 0, all = 0;
  for (const line of em.drawn.lines) for (const x of line.x) { all++; if (x < min) before++; else if (x > max) after++; }
  if (em.view.logX) { const none = em.drawn.lines.reduce((n, line) => n + line.x.filter(x => x <= 0).length, 0); before -= none; all -= none; }
  em.curvesView.zoom.textContent = before + after === 0 ? '' : `A part of the steps: ${before > 0 ? `◂ ${before} points before it` : ''}${before > 0 && after > 0 ? ', ' : ''}${after > 0 ? `${after} points after it ▸` : ''}, of ${all}. A double click shows all.`;
};

/** The drawn lines as a table, made when it is opened. */
em.curvesTable = () => {
  const holder = em.el('div', {class: 'wide window', tabindex: '0', role: 'region', 'aria-label': 'Curves as a table'});
  return em.el('details', {id: 'curves-table', ontoggle: () => {
    const lines = em.drawn.lines.filter(l => !l.faint), finite = l => l.y.filter(Number.isFinite);
    em.replace(holder, em.el('table', {}, em.el('thead', {}, em.el('tr', {}, ['line', 'rows', 'first', 'least', 'greatest', 'last', `at ${em.store.snapshot.experiment.x}`].map(h => em.el('th', {scope: 'col'}, h)))),
      em.el('tbody', {}, lines.slice(0, 600).map(l => em.el('tr', {}, em.el('th', {scope: 'row'}, l.name), [l.x.length, l.y[0], Math.min(...finite(l)), Math.max(...finite(l)), l.y[l.y.length - 1], l.x[l.x.length - 1]].map((v, i) => em.el('td', {class: 'number'}, i === 0 || i === 4 ? em.count(v) : em.num(v))))))),
      lines.length > 600 ? em.el('p', {class: 'note'}, `${lines.length - 600} more: save as CSV.`) : '');
  }}, em.el('summary', {}, 'Values as a table'), holder);
};
