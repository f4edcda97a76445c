// What is shown as files: CSV of every row, SVG and PNG in the colours of the light theme.
em.exportButtons = what => {
  const save = (kind, make) => em.el('button', {type: 'button', class: 'export', 'data-kind': kind, onclick: async () => em.save(`${em.store.snapshot.experiment.name}-${what}.${kind}`, await make())}, kind.toUpperCase());
  return em.el('span', {class: 'exports', role: 'group', 'aria-label': 'Save as'}, 'Save as ', what === 'table' ? save('csv', em.tableCsv)
    : [save('csv', em.curvesCsv), save('svg', async () => new Blob([em.curvesSvg()], {type: 'image/svg+xml'})), save('png', em.curvesPng)]);
};

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
em.chosen = () => { const shown = em.shown(), some = shown.filter(p => em.view.selected.has(p.run.id)); return some.length > 0 ? some : shown; };

em.tableCsv = () => {
  const columns = em.columns();
  const lines = [columns.map(c => em.csvCell(c.key)), ...em.chosen().map(p => columns.map(c => { const v = c.value(p); return v === Infinity ? '' : em.csvCell(v); }))];
  return new Blob([lines.map(l => l.join(',')).join('\n') + '\n'], {type: 'text/csv'});
};

em.curvesCsv = async () => {
  const curves = await em.loadCurves(em.view.metric, em.chosen().map(p => p.run.id)), axes = em.sweep().axes;
  const lines = [['run', ...axes.map(a => a.path), 'seed', em.store.snapshot.experiment.x, em.view.metric].map(em.csvCell).join(',')];
  for (const p of em.chosen()) {
    const c = curves.get(p.run.id);
    for (let i = 0; c && i < c.x.length; i++) lines.push([p.run.id, ...axes.map(a => p.values[a.path]), p.place.seed, c.x[i], c.y[i]].map(em.csvCell).join(','));
  }
  return new Blob([lines.join('\n') + '\n'], {type: 'text/csv'});
};

/** The drawn curves as a picture of lines and texts, legend inside. */
em.curvesSvg = () => {
  const u = em.chart, W = 820, H = 420, L = 70, R = 170, T = 14, B = 46, ink = '#1a1a1a';
  const {min: x0, max: x1} = u.scales.x, {min: y0, max: y1} = u.scales.y, {logX, logY} = em.view;
  const share = (v, a, b, log) => log ? Math.log(v / a) / Math.log(b / a) : (v - a) / (b - a);
  const px = v => L + (W - L - R) * share(v, x0, x1, logX), py = v => H - B - (H - B - T) * share(v, y0, y1, logY);
  const axis = em.colorAxis(), colors = em.colors(axis, false);
  const parts = [];
  for (const line of em.drawn.lines) {
    let d = '', last = '', pen = 'M';
    line.x.forEach((x, i) => {
      const y = line.y[i];
      if (!Number.isFinite(y) || (logY && y <= 0) || (logX && x <= 0)) { pen = 'M'; return; }
      const point = `${px(x).toFixed(0)} ${py(y).toFixed(1)}`;
      if (pen === 'M' || point.split(' ')[0] !== last) d += pen + point;
      last = point.split(' ')[0]; pen = 'L';
    });
    parts.push(em.svg('path', {d, fill: 'none', stroke: colors.get(line.value) || ink, 'stroke-width': 1.2}, em.svg('title', {}, line.name)));
  }
  const text = (x, y, t, anchor = 'middle') => em.svg('text', {x, y, 'text-anchor': anchor, fill: ink}, t);
  const svg = em.svg('svg', {xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${W} ${H}`, width: W, height: H, 'font-family': 'DejaVu Sans, Helvetica, sans-serif', 'font-size': 12},
    em.svg('rect', {width: W, height: H, fill: '#ffffff'}), parts, em.svg('path', {d: `M${L} ${T}V${H - B}H${W - R}`, fill: 'none', stroke: '#333'}),
    em.ticks(x0, x1, logX).map(v => [em.svg('path', {d: `M${px(v)} ${H - B}v5`, stroke: '#333'}), text(px(v), H - B + 18, em.num(v))]),
    em.ticks(y0, y1, logY).map(v => [em.svg('path', {d: `M${L} ${py(v)}h-5`, stroke: '#333'}), text(L - 8, py(v) + 4, em.num(v), 'end')]),
    text((L + W - R) / 2, H - 8, em.view.x === 'relative' ? 'step / own emergence' : em.store.snapshot.experiment.x),
    em.svg('text', {x: 16, y: (T + H - B) / 2, transform: `rotate(-90 16 ${(T + H - B) / 2})`, 'text-anchor': 'middle', fill: ink}, em.word(em.view.metric)),
    axis.values.filter(v => em.drawn.lines.some(l => l.value === String(v))).slice(0, 20).map((v, i) => [em.svg('rect', {x: W - R + 14, y: T + 18 * i, width: 12, height: 12, fill: colors.get(String(v))}), text(W - R + 32, T + 10 + 18 * i, `${axis.symbol} = ${v}`, 'start')]));
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
