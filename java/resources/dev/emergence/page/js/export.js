// What is shown as files: CSV of every row, SVG and PNG in the colours of the light theme.
em.exportButtons = what => {
  const save = (kind, make, drawn) => em.el('button', {type: 'button', disabled: Boolean(drawn), class: 'export', 'data-kind': kind, onclick: async () => {
    trouble.textContent = '';
    try {
      em.save(`${em.store.snapshot.experiment.name}-${what}.${kind}`, await make());
      if (make === em.curvesCsv) trouble.textContent = await em.lessThanStored();
    } catch (e) { trouble.textContent = ` not saved (${e.message})`; }
  }}, kind.toUpperCase()), trouble = em.el('span', {class: 'note lost', role: 'status'});
  return em.el('span', {class: 'exports', role: 'group', 'aria-label': 'Save as'}, 'Save as ', what === 'table' ? save('csv', em.tableCsv)
    : [save('csv', em.curvesCsv), save('svg', async () => new Blob([em.curvesSvg()], {type: 'image/svg+xml'}), true), save('png', em.curvesPng, true)], trouble);
};

/** A picture can be saved only while some line is drawn. */
em.allowPictures = allowed => document.querySelectorAll('#curves .export:not([data-kind=csv])').forEach(button => { button.disabled = !allowed; });

em.save = (name, blob) => {
  const url = URL.createObjectURL(blob);
  em.el('a', {href: url, download: name.replace(/[^\w.-]/g, '_')}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

/** A cell that no spreadsheet takes for a formula. */
em.csvCell = v => {
  if (typeof v === 'number') return Number.isNaN(v) ? '' : String(v);
  const text = v === null || v === undefined ? '' : String(v);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Chosen runs, or all that are shown where none is chosen. */
em.chosen = () => { const shown = em.shown(), some = shown.filter(p => em.view.selected.has(p.key)); return some.length > 0 ? some : shown; };

em.tableCsv = () => {
  const columns = em.columns();
  const lines = [columns.map(c => em.csvCell(c.key)), ...em.chosen().map(p => columns.map(c => { const v = c.value(p); return v === Infinity ? '' : em.csvCell(v); }))];
  return new Blob([lines.map(l => l.join(',')).join('\n') + '\n'], {type: 'text/csv'});
};

/** Every row of a run: a live page asks for all of them with all digits; a report has what is in it, and the page says what is not. */
em.allRows = async metric => {
  if (!em.store.snapshot.live) return null;
  const response = await fetch(`rows?metric=${encodeURIComponent(metric)}`, {cache: 'no-store'});
  if (!response.ok) throw new Error(`rows: ${response.status}`);
  const out = new Map();
  for (const line of (await response.text()).split('\n').slice(1)) {
    const [id, x, y] = line.split(',');
    if (!out.has(id)) out.set(id, []);
    out.get(id).push([x, y]);
  }
  return out;
};

/** The shortest text of a number of single precision: its further digits as a double mean nothing. */
em.single = v => { for (let digits = 6; digits < 9; digits++) { const short = Number(v.toPrecision(digits)); if (Math.fround(short) === v) return short; } return v; };

/** What a report's CSV of curves lacks of the results' own; empty where it lacks nothing. */
em.lessThanStored = async () => {
  if (em.store.snapshot.live) return '';
  const curves = await em.loadCurves(em.view.metric, em.chosen().map(p => p.run.id)), chosen = em.chosen().map(p => curves.get(p.run.id)).filter(c => c);
  const lacks = [chosen.some(c => c.total > c.x.length) ? 'not every row' : '', chosen.some(c => c.y instanceof Float32Array && c.x.length > 0) ? 'values to about 7 digits' : ''].filter(t => t);
  return lacks.length === 0 ? '' : ` saved with what this report has: ${lacks.join(', ')}; tables/curves.jsonl has everything`;
};

em.curvesCsv = async () => {
  const all = await em.allRows(em.view.metric), axes = em.sweep().axes;
  const curves = all ? null : await em.loadCurves(em.view.metric, em.chosen().map(p => p.run.id));
  const lines = [['run', ...axes.map(a => a.path), 'seed', em.store.snapshot.experiment.x, em.view.metric].map(em.csvCell).join(',')];
  for (const p of em.chosen()) {
    const c = all ? null : curves.get(p.run.id), rows = all ? all.get(p.run.id) || [] : c ? [...c.x].map((x, i) => [x, c.y instanceof Float32Array ? em.single(c.y[i]) : c.y[i]]) : [];
    rows.filter(([x]) => Number(x) <= p.place.end).forEach(([x, y]) => lines.push([p.run.id, ...axes.map(a => p.values[a.path]), p.place.seed, x, y].map(em.csvCell).join(',')));
  }
  return new Blob([lines.join('\n') + '\n'], {type: 'text/csv'});
};

/** Of points that share a pixel's column the first, the least, the greatest and the last: no spike is lost, and the end is the end. */
em.fewer = points => {
  const columns = [];
  for (const point of points) {
    const last = columns[columns.length - 1];
    if (last && last[0][0] === point[0]) last.push(point); else columns.push([point]);
  }
  return columns.flatMap(column => {
    const ys = column.map(point => point[1]), kept = [0, ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys)), ys.length - 1];
    return column.filter((point, i) => kept.includes(i));
  });
};

/** The drawn curves as a picture of lines and texts, legend inside. */
em.curvesSvg = () => {
  const u = em.chart, W = 820, H = 420, L = 70, R = 170, T = 14, B = 46, ink = '#1a1a1a';
  const {min: x0, max: x1} = u.scales.x, {min: y0, max: y1} = u.scales.y, {logX, logY} = em.view;
  const share = (v, a, b, log) => log ? Math.log(v / a) / Math.log(b / a) : (v - a) / (b - a);
  const px = v => L + (W - L - R) * share(v, x0, x1, logX), py = v => H - B - (H - B - T) * share(v, y0, y1, logY);
  const axis = em.lineAxis(), colors = em.colors(axis, false), parts = [], dashed = em.dashed(em.drawn.lines);
  const fits = (x, y) => Number.isFinite(y) && !(logY && y <= 0) && !(logX && x <= 0) && x >= x0 && x <= x1;
  const path = (xs, ys) => {
    const pieces = [[]];
    xs.forEach((x, i) => { if (fits(x, ys[i])) pieces[pieces.length - 1].push([px(x).toFixed(0), py(ys[i])]); else pieces.push([]); });
    return pieces.filter(piece => piece.length > 0).map(piece => `M${em.fewer(piece).map(([x, y]) => `${x} ${y.toFixed(1)}`).join('L')}`).join('');
  };
  for (const line of em.drawn.lines) {
    const stroke = colors.get(line.value) || ink;
    const inside = line.low ? line.x.map((x, i) => i).filter(i => fits(line.x[i], line.low[i]) && fits(line.x[i], line.high[i])) : [];
    const edge = (is, ys) => is.map(i => `${px(line.x[i]).toFixed(0)} ${py(ys[i]).toFixed(1)}`).join('L');
    if (inside.length > 1) parts.push(em.svg('path', {d: `M${edge(inside, line.low)}L${edge([...inside].reverse(), line.high)}Z`, fill: stroke, 'fill-opacity': 0.18}));
    if (line.raw) parts.push(em.svg('path', {d: path(line.x, line.raw), fill: 'none', stroke, 'stroke-width': 1, 'stroke-opacity': 0.33}));
    parts.push(em.svg('path', {d: path(line.x, line.y), fill: 'none', stroke, 'stroke-width': line.low ? 2 : 1.2, 'stroke-opacity': line.faint ? 0.35 : null, 'stroke-dasharray': dashed && line.dash.length > 0 ? line.dash.join(' ') : null}, em.svg('title', {}, line.name)));
  }
  em.levels().filter(l => !(logY && l.value <= 0) && l.value >= y0 && l.value <= y1).forEach(l => parts.push(em.svg('path', {d: `M${L} ${py(l.value).toFixed(1)}H${W - R}`, stroke: '#595e64', 'stroke-dasharray': l.dash.join(' ')}),
    em.svg('text', {x: W - R - 4, y: py(l.value) - 3, 'text-anchor': 'end', 'font-size': 10, fill: '#595e64'}, l.label)));
  const text = (x, y, t, anchor = 'middle') => em.svg('text', {x, y, 'text-anchor': anchor, fill: ink}, t);
  const svg = em.svg('svg', {xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${W} ${H}`, width: W, height: H, 'font-family': 'DejaVu Sans, Helvetica, sans-serif', 'font-size': 12},
    em.svg('rect', {width: W, height: H, fill: '#ffffff'}), parts, em.svg('path', {d: `M${L} ${T}V${H - B}H${W - R}`, fill: 'none', stroke: '#333'}),
    em.ticks(x0, x1, logX).map(v => [em.svg('path', {d: `M${px(v)} ${H - B}v5`, stroke: '#333'}), text(px(v), H - B + 18, em.num(v))]),
    em.ticks(y0, y1, logY).map(v => [em.svg('path', {d: `M${L} ${py(v)}h-5`, stroke: '#333'}), text(L - 8, py(v) + 4, em.num(v), 'end')]),
    text((L + W - R) / 2, H - 8, em.view.x === 'relative' ? em.relative() : em.store.snapshot.experiment.x),
    em.svg('text', {x: 16, y: (T + H - B) / 2, transform: `rotate(-90 16 ${(T + H - B) / 2})`, 'text-anchor': 'middle', fill: ink}, em.word(em.view.metric)),
    em.legendOf(em.drawn.lines, false).slice(0, 20).map((e, i) => [em.svg('path', {d: `M${W - R + 10} ${T + 6 + 18 * i}h24`, stroke: e.color || ink, 'stroke-width': 2.4, 'stroke-dasharray': e.dash.join(' ') || null}), text(W - R + 40, T + 10 + 18 * i, e.text, 'start')]));
  return new XMLSerializer().serializeToString(svg);
};

em.curvesPng = () => new Promise(resolve => {
  const image = new Image(), url = URL.createObjectURL(new Blob([em.curvesSvg()], {type: 'image/svg+xml'}));
  image.onload = () => {
    const canvas = em.el('canvas', {width: 1640, height: 840});
    canvas.getContext('2d').drawImage(image, 0, 0, 1640, 840);
    URL.revokeObjectURL(url);
    canvas.toBlob(resolve, 'image/png');
  };
  image.src = url;
});
