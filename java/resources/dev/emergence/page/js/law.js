// Emergence against an axis, with the fitted law and the published one.
em.parts.push(root => {
  const holder = em.el('div', {id: 'laws'});
  const section = em.el('section', {id: 'law', 'aria-labelledby': 'law-title'}, em.el('h2', {id: 'law-title'}, 'Laws and claims'), holder);
  root.append(section);
  let shown = '';
  em.on(what => {
    const s = em.store.snapshot;
    section.hidden = s.laws.length === 0 && s.claims.length === 0;
    const now = JSON.stringify([s.laws, s.claims, em.isDark(), em.lawAxis]);
    if (now === shown) return;
    shown = now;
    em.replace(holder, s.laws.map(em.lawView), s.claims.length === 0 ? null : em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Claims'}, em.el('table', {id: 'claims'},
      em.el('thead', {}, em.el('tr', {}, ['claim', 'verdict', 'evidence'].map(h => em.el('th', {scope: 'col'}, h)))),
      em.el('tbody', {}, s.claims.map(c => em.el('tr', {}, em.el('th', {scope: 'row'}, c.name), em.el('td', {}, em.badge(c.verdict, c.verdict)), em.el('td', {}, c.reason)))))));
  });
});
em.lawAxis = {};

em.badge = (word, verdict) => em.el('span', {class: `badge ${{holds: 'good', fails: 'bad'}[verdict] || 'open'}`}, word);

em.lawView = law => {
  const rows = Object.entries(law.parameters).map(([name, p]) => {
    const met = law.expect.find(e => e.name === name);
    return em.el('tr', {}, em.el('th', {scope: 'row'}, name), em.el('td', {class: 'number'}, em.num(p.value)),
      em.el('td', {class: 'number'}, p.lower === null || p.lower === undefined ? '–' : `${em.num(p.lower)} … ${em.num(p.upper)}`),
      em.el('td', {class: 'number'}, p.published === null || p.published === undefined ? '' : em.num(p.published)),
      em.el('td', {}, met ? em.badge(met.holds ? 'holds' : 'missed', met.holds ? 'holds' : 'fails') : ''));
  });
  const r2 = law.expect.find(e => e.name === 'r2');
  if (law.r2 !== null) rows.push(em.el('tr', {}, em.el('th', {scope: 'row'}, 'R²'), em.el('td', {class: 'number'}, em.num(law.r2)), em.el('td'), em.el('td'), em.el('td', {}, r2 ? em.badge(r2.holds ? 'holds' : 'missed', r2.holds ? 'holds' : 'fails') : '')));
  const axis = law.axes.includes(em.lawAxis[law.name]) ? em.lawAxis[law.name] : law.axes[0];
  const select = em.el('select', {onchange: () => { em.lawAxis[law.name] = select.value; em.changed('law'); }}, law.axes.map(a => em.el('option', {value: a}, em.symbol(a))));
  if (axis) select.value = axis;
  return em.el('div', {class: 'law', 'data-law': law.name}, em.el('h3', {}, law.name), em.el('p', {class: 'formula'}, law.formula), em.el('div', {class: 'pair'},
    axis ? em.el('div', {}, law.axes.length > 1 ? em.el('div', {class: 'controls'}, em.el('label', {}, 'Against ', select)) : null, em.lawChart(law, axis)) : null,
    em.el('div', {}, law.reason ? em.el('p', {}, em.badge('not fitted', 'fails'), ` ${law.reason}`) : null,
      em.el('table', {}, em.el('thead', {}, em.el('tr', {}, ['', 'ours', '95 % interval', 'published', 'expected'].map(h => h === '' ? em.el('td') : em.el('th', {scope: 'col'}, h)))), em.el('tbody', {}, rows)),
      em.el('p', {class: 'note'}, `${law.points.reduce((n, p) => n + p.values.filter(v => v[1] === 0).length, 0)} emerged, ${law.points.reduce((n, p) => n + p.unreached, 0)} had not by their end (open triangles), of ${law.points.reduce((n, p) => n + p.seeds, 0)} runs.`))));
};

/** Points are runs; the solid line is ours, the dotted one published. */
em.lawChart = (law, axis) => {
  const W = 520, H = 340, L = 62, R = 120, T = 12, B = 46;
  const points = law.points.filter(p => typeof p.x[axis] === 'number' && p.values.length > 0);
  const xs = points.map(p => p.x[axis]), ys = points.flatMap(p => p.values.map(v => v[0])).filter(v => v > 0);
  if (ys.length === 0) return em.el('p', {class: 'note'}, 'No run of this law has ended yet.');
  const logX = Math.min(...xs) > 0, x0 = Math.min(...xs), x1 = Math.max(...xs), y0 = Math.min(...ys) / 1.15, y1 = Math.max(...ys) * 1.15;
  const share = (v, a, b, log) => b === a ? 0.5 : log ? Math.log(v / a) / Math.log(b / a) : (v - a) / (b - a);
  const px = v => L + 10 + (W - L - R - 20) * share(v, x0, x1, logX), py = v => H - B - (H - B - T) * share(v, y0, y1, true);
  const others = law.axes.filter(a => a !== axis), key = p => JSON.stringify(others.map(a => p[a]));
  const groups = [...new Set(points.map(p => key(p.x)))];
  const color = k => em.ramp(groups.length === 1 ? 0 : groups.indexOf(k) / (groups.length - 1), em.isDark());
  const path = (x, y) => 'M' + x.map((v, i) => [v, y[i]]).filter(q => q[1] > 0).map(q => `${px(q[0]).toFixed(1)} ${py(q[1]).toFixed(1)}`).join('L');
  const marks = [];
  for (const line of law.lines.filter(l => l.axis === axis)) {
    const stroke = color(key(line.others));
    if (line.y) marks.push(em.svg('path', {d: path(line.x, line.y), fill: 'none', stroke, 'stroke-width': 1.6}));
    if (line.published) marks.push(em.svg('path', {d: path(line.x, line.published), fill: 'none', stroke, 'stroke-width': 1.2, 'stroke-dasharray': '2 4', class: 'published'}));
  }
  for (const p of points) {
    const fill = color(key(p.x)), x = px(p.x[axis]);
    p.values.forEach(([v, open], i) => {
      if (!(v > 0)) return;
      const at = x + (i - (p.values.length - 1) / 2) * 3, y = py(v);
      const title = em.svg('title', {}, `${Object.entries(p.x).map(([a, b]) => `${em.symbol(a)} = ${b}`).join(', ')}: ${open ? 'not emerged by' : ''} ${em.num(v)}`);
      marks.push(open ? em.svg('path', {d: `M${at} ${y - 5}l4.5 8h-9z`, fill: 'none', stroke: fill, 'stroke-width': 1.4}, title)
        : em.svg('circle', {cx: at, cy: y, r: 3.6, fill, stroke: em.css('--paper'), 'stroke-width': 0.8}, title));
    });
  }
  const ticksX = logX ? [...new Set(xs)].sort((a, b) => a - b) : em.ticks(x0, x1, false), ticksY = em.ticks(y0, y1, true);
  const text = (x, y, t, anchor = 'middle') => em.svg('text', {x, y, 'text-anchor': anchor, fill: em.css('--ink'), 'font-size': 12}, t);
  const frame = em.svg('g', {}, em.svg('path', {d: `M${L} ${T}V${H - B}H${W - R}`, fill: 'none', stroke: em.css('--soft')}),
    ticksX.slice(0, 9).map(v => [em.svg('path', {d: `M${px(v)} ${H - B}v5`, stroke: em.css('--soft')}), text(px(v), H - B + 18, em.num(v))]),
    ticksY.map(v => [em.svg('path', {d: `M${L} ${py(v)}h-5`, stroke: em.css('--soft')}), text(L - 8, py(v) + 4, em.num(v), 'end')]),
    text((L + W - R) / 2, H - 8, em.symbol(axis)), em.svg('text', {x: 14, y: (H - B + T) / 2, transform: `rotate(-90 14 ${(H - B + T) / 2})`, 'text-anchor': 'middle', fill: em.css('--ink'), 'font-size': 12}, law.of.replace('.', ' (') + ')'),
    groups.slice(0, 12).map((k, i) => [em.svg('rect', {x: W - R + 12, y: T + 4 + 18 * i, width: 11, height: 11, fill: color(k)}),
      text(W - R + 28, T + 14 + 18 * i, others.map((a, j) => `${em.symbol(a)} = ${JSON.parse(k)[j]}`).join(', ') || 'runs', 'start')]),
    law.lines.some(l => l.published) ? text(W - R + 12, H - B, '⋯ published', 'start') : null);
  return em.svg('svg', {viewBox: `0 0 ${W} ${H}`, class: 'lawchart', role: 'img', 'aria-label': `${law.of} against ${em.symbol(axis)}: ${points.length} conditions${law.r2 === null ? '' : `, fitted with R² ${em.num(law.r2)}`}`}, frame, marks);
};
