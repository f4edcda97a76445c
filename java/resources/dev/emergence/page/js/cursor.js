// What lies over the curves: marks, the chosen and the nearest run, the film's step, the cursor and its box.

/** Levels, where runs emerged and diverged, what no line can show. */
em.drawMarks = u => {
  const c = u.ctx, ratio = devicePixelRatio || 1, {left, top, width, height} = u.bbox;
  c.save();
  c.beginPath(); c.rect(left, top, width, height); c.clip();
  if (em.drawn.series[0]?.frame) em.drawLines(u, ratio);
  em.drawLevels(u, ratio);
  const few = em.drawn.lines.length <= 60;
  for (const line of em.drawn.lines) {
    const e = line.p ? em.emergence(line.p.place) : {};
    if (few && e.state === 'reached' && !line.faint) em.mark(u, line, em.nearest(line.x, em.view.x === 'relative' ? 1 : e.step), ratio, 'circle');
    em.oddities(line).forEach(odd => em.mark(u, line, odd.i, ratio, odd.kind));
  }
  c.restore();
  em.drawOverlay();
};

em.MARKS = {
  circle: (c, x, y, r) => { c.arc(x, y, r, 0, 7); c.fill(); },
  alone: (c, x, y, r) => { c.fillStyle = c.strokeStyle; c.fillRect(x - r / 2, y - r / 2, r, r); },
  infinite: (c, x, y, r) => { c.moveTo(x - r, y + r); c.lineTo(x, y - r); c.lineTo(x + r, y + r); c.closePath(); },
  diverged: (c, x, y, r) => { c.moveTo(x - r, y - r); c.lineTo(x + r, y + r); c.moveTo(x + r, y - r); c.lineTo(x - r, y + r); },
};

/** Where row i of a line stands; an infinite value stands at the edge. */
em.place = (u, line, i, ratio) => {
  const y = line.y[i], {top, height} = u.bbox;
  if (em.view.logX && line.x[i] <= 0) return null;
  const px = u.valToPos(line.x[i], 'x', true);
  if (y === Infinity) return [px, top + 7 * ratio];
  if (y === -Infinity) return [px, top + height - 7 * ratio];
  if (!Number.isFinite(y)) {
    // The end of a diverged run has no value: its mark stands beside its last one.
    for (let j = i - 1; j >= 0; j--) if (Number.isFinite(line.y[j]) && (!em.view.logY || line.y[j] > 0)) return [px, u.valToPos(line.y[j], 'y', true)];
    return null;
  }
  return em.view.logY && y <= 0 ? null : [px, u.valToPos(y, 'y', true)];
};

em.mark = (u, line, i, ratio, kind) => {
  const at = em.place(u, line, i, ratio), c = u.ctx;
  if (!at) return;
  c.strokeStyle = line.color; c.fillStyle = em.css('--paper'); c.lineWidth = 1.6 * ratio;
  c.beginPath();
  em.MARKS[kind](c, at[0], at[1], 4.5 * ratio);
  c.stroke();
};

/** A canvas over the chart, so that moving the cursor draws no curve again. */
em.drawOverlay = () => {
  const u = em.chart;
  if (!u || !em.drawn) return;
  const ratio = devicePixelRatio || 1, {left, top, width, height} = u.bbox;
  if (!em.overlay || em.overlay.parentNode !== u.over) { em.overlay = em.el('canvas', {class: 'overlay', 'aria-hidden': 'true'}); u.over.append(em.overlay); }
  const canvas = em.overlay, c = canvas.getContext('2d');
  canvas.width = width; canvas.height = height;
  c.setTransform(1, 0, 0, 1, -left, -top);
  for (const line of em.drawn.lines) if (line.id && (em.view.selected.has(line.id) || em.hovered === line.id)) em.stroke(u, c, line, 3.5 * ratio);
  if (em.view.step !== null && em.view.x === 'step' && !(em.view.logX && em.view.step <= 0)) {
    const x = u.valToPos(em.view.step, 'x', true);
    c.strokeStyle = em.css('--accent'); c.lineWidth = 1.5 * ratio;
    c.beginPath(); c.moveTo(x, top); c.lineTo(x, top + height); c.stroke();
  }
};

em.stroke = (u, c, line, width, values = line.y) => {
  c.strokeStyle = line.color; c.lineWidth = width; c.lineJoin = 'round';
  c.beginPath();
  let pen = false;
  line.x.forEach((x, i) => {
    const y = values[i];
    if (!Number.isFinite(y) || (em.view.logY && y <= 0) || (em.view.logX && x <= 0)) { pen = false; return; }
    const px = u.valToPos(x, 'x', true), py = u.valToPos(y, 'y', true);
    pen ? c.lineTo(px, py) : c.moveTo(px, py);
    pen = true;
  });
  c.stroke();
};

/** Lines that are too many for the chart's own table, with the ends of their bands. */
em.drawLines = (u, ratio) => {
  for (const line of em.drawn.lines) {
    u.ctx.globalAlpha = 0.33;
    for (const faint of [line.raw, line.low, line.high]) if (faint) em.stroke(u, u.ctx, line, ratio, faint);
    u.ctx.globalAlpha = line.faint ? 0.33 : 1;
    em.stroke(u, u.ctx, line, ratio);
  }
  u.ctx.globalAlpha = 1;
};

em.lift = id => { if (id !== em.hovered) { em.hovered = id; em.drawOverlay(); } };

/** The lines nearest to the cursor, named; the nearest is lifted. */
em.hover = u => {
  const {left, top} = u.cursor, {tip} = em.curvesView;
  if (left === null || left < 0 || !em.drawn) { tip.hidden = true; em.lift(''); return; }
  const step = u.posToVal(left, 'x'), ratio = devicePixelRatio || 1;
  const rows = em.drawn.lines.map(line => {
    const i = em.nearest(line.x, step), near = Math.abs(u.valToPos(line.x[i], 'x') - left) <= 40, at = near ? em.place(u, line, i, ratio) : null;
    return {line, i, y: line.y[i], d: at ? Math.abs((at[1] - u.bbox.top) / ratio - top) : Infinity};
  }).filter(r => r.d < Infinity).sort((a, b) => a.d - b.d);
  if (rows.length === 0) { tip.hidden = true; return; }
  const at = rows[0].line.x[rows[0].i];
  em.replace(tip, em.el('b', {}, `${em.view.x === 'relative' ? 'step / emergence' : em.store.snapshot.experiment.x} ${em.count(at)}`),
    rows.slice(0, 5).map(r => em.tipRow(r, at)), rows.length > 5 ? em.el('div', {class: 'note'}, `${rows.length - 5} more`) : null);
  tip.hidden = false;
  em.placeTip(u, left, top);
  em.lift(rows[0].d < 30 ? rows[0].line.id : '');
};

/** A line's value under the cursor, with its own step where that is not the one above: lines have rows of their own. */
em.tipRow = (r, at = r.line.x[r.i]) => {
  const swatch = em.el('span', {class: 'swatch'}), odd = em.oddities(r.line).filter(o => o.i === r.i).map(o => em.ODD[o.kind]);
  const x = r.line.x[r.i], own = x === at ? '' : ` at ${em.count(x)}`;
  swatch.style.backgroundColor = r.line.color;
  return em.el('div', {}, swatch, ` ${r.line.name}: `, em.el('b', {}, em.num(r.y)), own, r.line.n ? ` (${em.num(r.line.low[r.i])} … ${em.num(r.line.high[r.i])}, n = ${r.line.n[r.i]})` : '', odd.length > 0 ? ` ${odd.join(', ')}` : '');
};

/** Beside the cursor and inside the window, in every corner. */
em.placeTip = (u, left, top) => {
  const {tip, plot} = em.curvesView, holder = plot.parentElement.getBoundingClientRect(), over = u.over.getBoundingClientRect();
  const width = tip.offsetWidth, height = tip.offsetHeight, inside = (v, size, most) => Math.max(4, Math.min(v, most - size - 4));
  let x = over.left + left + 16, y = over.top + top + 12;
  if (x + width > innerWidth - 4) x = over.left + left - width - 16;
  if (y + height > innerHeight - 4) y = over.top + top - height - 12;
  tip.style.left = `${inside(x, width, innerWidth) - holder.left}px`;
  tip.style.top = `${inside(y, height, innerHeight) - holder.top}px`;
};

em.moveCursor = event => {
  const u = em.chart, by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!u || !by || em.drawn.lines.length === 0) return;
  event.preventDefault();
  const width = u.over.clientWidth, left = Math.min(width - 1, Math.max(0, (u.cursor.left >= 0 ? u.cursor.left : 0) + by * width / 50));
  u.setCursor({left, top: u.over.clientHeight / 2});
  const {tip} = em.curvesView;
  em.announce(tip.hidden ? 'no values here' : tip.innerText.replace(/\n/g, '; '));
};
