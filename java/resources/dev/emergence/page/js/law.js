// Emergence against an axis, with the fitted law and the published one. A report has the tables of its laws, and its claims, in sections
// that are read without script too: the charts go beside these tables.
em.parts.push(root => {
  const live = em.store.snapshot.live, read = document.getElementById('law');
  const holder = em.el('div', {id: 'laws'});
  const section = read || em.el('section', {id: 'law', 'aria-labelledby': 'law-title'}, em.el('h2', {id: 'law-title'}, live ? 'Laws and claims' : 'Laws'), holder);
  root.append(section);
  const beside = new Map([...section.querySelectorAll('.law')].map(law => [law.dataset.law, law.querySelector('.chart')]));
  let shown = '';
  em.on(what => {
    const s = em.store.snapshot, claims = live ? s.claims : [];
    section.hidden = s.laws.length === 0 && claims.length === 0;
    const now = JSON.stringify([s.laws, claims, em.isDark(), em.NARROW.matches, em.lawAxis]);
    if (now === shown) return;
    shown = now;
    if (read) { s.laws.forEach(law => em.replace(beside.get(law.name), em.lawCharts(law), em.lawCounts(law))); return; }
    em.replace(holder, s.laws.map(em.lawView), claims.length === 0 ? null : em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Claims'}, em.el('table', {id: 'claims'},
      em.el('thead', {}, em.el('tr', {}, ['claim', 'verdict', 'evidence'].map(h => em.el('th', {scope: 'col'}, h)))),
      em.el('tbody', {}, claims.map(c => em.el('tr', {}, em.el('th', {scope: 'row'}, c.name), em.el('td', {}, em.badge(c.verdict, c.verdict)), em.el('td', {}, c.reason)))))));
  });
});
em.lawAxis = {};

em.badge = (word, verdict) => em.el('span', {class: `badge ${{holds: 'good', fails: 'bad'}[verdict] || 'open'}`}, word);

em.lawView = law => {
  const met = name => { const m = law.expect.find(e => e.name === name); return em.el('td', {}, m ? em.badge(m.holds ? 'holds' : 'missed', m.holds ? 'holds' : 'fails') : ''); };
  const row = (name, value, interval, published, key) => em.el('tr', {}, em.el('th', {scope: 'row'}, name), em.el('td', {class: 'number'}, value), em.el('td', {class: 'number'}, interval), em.el('td', {class: 'number'}, published === null || published === undefined ? '' : em.num(published)), met(key));
  const rows = Object.entries(law.parameters).map(([name, p]) =>
    row(name, em.num(p.value), p.lower === null || p.lower === undefined ? '–' : `${em.num(p.lower)} … ${em.num(p.upper)}`, p.published, name));
  if (law.r2 !== null || law.published_r2 !== null) rows.push(row('R²', em.num(law.r2), '', law.published_r2, 'r2'));
  const charts = em.lawCharts(law);
  return em.el('div', {class: 'law', 'data-law': law.name}, em.el('h3', {}, law.name), em.el('p', {class: 'formula'}, law.formula), em.el('div', {class: 'pair'},
    charts.length > 0 ? em.el('div', {}, charts) : null,
    em.el('div', {}, law.reason ? em.el('p', {}, em.badge('not fitted', 'fails'), ` ${law.reason}`) : null,
      em.el('table', {}, em.el('thead', {}, em.el('tr', {}, ['', 'ours', `${law.level} interval`.trim(), 'published', 'expected'].map(h => h === '' ? em.el('td') : em.el('th', {scope: 'col'}, h)))), em.el('tbody', {}, rows)),
      em.lawCounts(law, law.notes))));
};

/** The chart over the axis that is looked at, and its points as a table; nothing where the law has no axis. */
em.lawCharts = law => {
  const axis = law.axes.includes(em.lawAxis[law.name]) ? em.lawAxis[law.name] : law.axes[0];
  if (!axis) return [];
  const select = em.el('select', {onchange: () => { em.lawAxis[law.name] = select.value; em.changed('law'); }}, law.axes.map(a => em.el('option', {value: a}, em.symbol(a))));
  select.value = axis;
  return [law.axes.length > 1 ? em.el('div', {class: 'controls'}, em.el('label', {}, 'Against ', select)) : null, em.lawChart(law, axis), em.lawTable(law)];
};

/** Of how many runs the chart shows what. */
em.lawCounts = (law, notes = []) =>
  em.el('p', {class: 'note'}, `${law.points.reduce((n, p) => n + p.values.filter(v => v[1] === 0).length, 0)} emerged, ${law.points.reduce((n, p) => n + p.unreached, 0)} had not by their end (open triangles), of ${law.points.reduce((n, p) => n + p.seeds, 0)} runs.`,
    law.lines.some(l => l.low) ? ' The band is the law\'s own interval, without the spread of runs around it.' : '',
    notes.length > 0 ? ` ${notes.join('; ')}.` : '');

/** What the chart shows as a table, made when it is opened. */
em.lawTable = law => {
  const holder = em.el('div', {class: 'wide window', tabindex: '0', role: 'region', 'aria-label': 'Points of the law as a table'});
  return em.el('details', {class: 'law-table', 'data-key': `points of ${law.name}`, ontoggle: () => em.replace(holder, em.el('table', {}, em.el('thead', {}, em.el('tr', {}, [...law.axes.map(em.symbol), law.of, 'by the law', 'over the law'].map(h => em.el('th', {scope: 'col'}, h)))),
    em.el('tbody', {}, law.points.flatMap(p => p.values.map(([v, open, residual]) => em.el('tr', {}, [...law.axes.map(a => String(p.x[a] ?? '')), `${open ? '> ' : ''}${em.count(v)}`, em.num(p.law), residual === null || residual === undefined ? '–' : em.num(Math.exp(residual))].map(t => em.el('td', {class: 'number'}, t))))))))},
  em.el('summary', {}, 'Points as a table'), holder);
};

em.MOST_MARKS = 600;
/** Signs of groups, a second mark beside their colour. */
em.SIGNS = [(x, y) => `M${x - 3.6} ${y}a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0`, (x, y) => `M${x - 3.2} ${y - 3.2}h6.4v6.4h-6.4z`, (x, y) => `M${x} ${y - 4.6}l4.6 4.6l-4.6 4.6l-4.6 -4.6z`, (x, y) => `M${x - 4} ${y - 1.3}h2.7v-2.7h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7z`];

/** In a narrow window names stand below. Points are runs; the solid line is ours in its band, the dotted one published; below, each run over the law. */
em.lawChart = (law, axis) => {
  const L = 62, T = 12, B = 46, M = 300, GAP = 16, S = 84;
  const points = law.points.filter(p => typeof p.x[axis] === 'number' && p.values.length > 0);
  const xs = points.map(p => p.x[axis]), ys = points.flatMap(p => p.values.map(v => v[0])).filter(v => v > 0);
  if (ys.length === 0) return em.el('p', {class: 'note'}, 'No run of this law has ended yet.');
  const residuals = points.flatMap(p => p.values.filter(v => v[1] === 0 && typeof v[2] === 'number').map(v => v[2])), lower = residuals.length > 0;
  const low = Math.min(...xs), high = Math.max(...xs), logX = low > 0;
  const y0 = Math.min(...ys) / 1.15, y1 = Math.max(...ys) * 1.15, most = Math.max(0.1, ...residuals.map(Math.abs)) * 1.15;
  const share = (v, a, b, log) => b === a ? 0.5 : log ? Math.log(v / a) / Math.log(b / a) : (v - a) / (b - a);
  const px = v => L + 10 + (W - L - R - 20) * share(v, low, high, logX), py = v => M - (M - T) * share(v, y0, y1, true), ry = v => M + GAP + S / 2 - S / 2 * v / most;
  const others = law.axes.filter(a => a !== axis), key = p => JSON.stringify(others.map(a => p[a])), groups = [...new Set([...points.map(p => key(p.x)), ...law.lines.filter(l => l.axis === axis && (l.y || l.published)).map(l => key(l.others))])];
  const own = others.length === 1 && em.store.snapshot.sweeps.flatMap(s => s.axes).find(a => a.path === others[0]), colors = own ? em.colors(own) : null;
  const color = k => (colors && colors.get(String(JSON.parse(k)[0]))) || em.ramp(groups.length === 1 ? 0 : groups.indexOf(k) / (groups.length - 1), em.isDark());
  const label = k => others.map((a, j) => `${em.symbol(a)} = ${JSON.parse(k)[j]}`).join(', ') || 'runs';
  const named = groups.slice(0, 12), published = law.lines.some(l => l.published), narrow = em.NARROW.matches;
  const R = narrow ? 14 : Math.min(300, Math.max(130, 36 + 7 * Math.max(...named.map(k => label(k).length))));
  const W = narrow ? Math.round((document.documentElement.clientWidth - 28) * 14 / 13) : 430 + R;
  const bottom = lower ? M + GAP + S : M, nameX = narrow ? L : W - R + 12, nameY = narrow ? bottom + B + 2 : T + 10;
  const H = narrow ? nameY + 18 * (named.length + (groups.length > 12 ? 1 : 0) + (published ? 1 : 0)) : bottom + B;
  const sign = k => em.SIGNS[groups.indexOf(k) % em.SIGNS.length];
  const inside = y => Math.max(T - 20, Math.min(M + 20, py(y)));
  const path = (x, y) => x.map((v, i) => [v, y[i]]).filter(q => q[1] > 0).map(q => `${px(q[0]).toFixed(1)} ${inside(q[1]).toFixed(1)}`).join('L');
  const clip = `clip-${law.name}`.replace(/\W/g, '-'), bands = [], lines = [], marks = [];
  for (const line of law.lines.filter(l => l.axis === axis)) {
    const stroke = color(key(line.others));
    if (line.low) bands.push(em.svg('path', {d: `M${path(line.x, line.low)}L${path([...line.x].reverse(), [...line.high].reverse())}Z`, fill: stroke, 'fill-opacity': 0.16, class: 'band'}));
    if (line.y) lines.push(em.svg('path', {d: `M${path(line.x, line.y)}`, fill: 'none', stroke, 'stroke-width': 1.6, class: 'ours'}));
    if (line.published) lines.push(em.svg('path', {d: `M${path(line.x, line.published)}`, fill: 'none', stroke, 'stroke-width': 1.2, 'stroke-dasharray': '2 4', class: 'published'}));
  }
  // Of very many runs each colour's marks are one path, so that the page stays small; they have no titles then.
  const many = points.reduce((n, p) => n + p.values.length, 0) > em.MOST_MARKS, strokes = new Map();
  const dot = (kind, fill, d) => strokes.set(`${kind} ${fill}`, (strokes.get(`${kind} ${fill}`) || '') + d);
  for (const p of points) {
    const k = key(p.x), fill = color(k), x = px(p.x[axis]);
    p.values.forEach(([v, open, residual], i) => {
      if (!(v > 0)) return;
      const at = x + (i - (p.values.length - 1) / 2) * 3, y = py(v);
      if (many) {
        dot(open ? 'open' : 'point', fill, open ? `M${at.toFixed(1)} ${(y - 5).toFixed(1)}l4.5 8h-9z` : `M${at.toFixed(1)} ${y.toFixed(1)}h.01`);
        if (lower && !open && typeof residual === 'number') dot('residual', fill, `M${at.toFixed(1)} ${ry(residual).toFixed(1)}h.01`);
        return;
      }
      const title = () => em.svg('title', {}, `${Object.entries(p.x).map(([a, b]) => `${em.symbol(a)} = ${b}`).join(', ')}: ${open ? 'not emerged by ' : ''}${em.count(v)}${typeof residual === 'number' ? `, ${em.num(Math.exp(residual))} times the law` : ''}`);
      marks.push(open ? em.svg('path', {d: `M${at} ${y - 5}l4.5 8h-9z`, fill: 'none', stroke: fill, 'stroke-width': 1.4}, title())
        : em.svg('path', {d: sign(k)(at, y), fill, stroke: em.css('--paper'), 'stroke-width': 0.8, class: 'point'}, title()));
      if (lower && !open && typeof residual === 'number') marks.push(em.svg('path', {d: sign(k)(at, ry(residual)), fill, stroke: em.css('--paper'), 'stroke-width': 0.8, class: 'residual'}, title()));
    });
  }
  for (const [kind, d] of strokes) {
    const [what, stroke] = kind.split(' ');
    marks.push(em.svg('path', {d, class: what, fill: 'none', stroke, 'stroke-width': what === 'open' ? 1.4 : 4, 'stroke-linecap': 'round'}));
  }
  const distinct = [...new Set(xs)].sort((a, b) => a - b), ticksX = logX && distinct.length <= (narrow ? 6 : 9) ? distinct : em.ticks(low, high, logX, narrow ? 4 : undefined);
  const text = (x, y, t, anchor = 'middle') => em.svg('text', {x, y, 'text-anchor': anchor, fill: em.css('--ink'), 'font-size': 12}, t), soft = em.css('--soft');
  const upright = (y, t) => em.svg('text', {x: 14, y, transform: `rotate(-90 14 ${y})`, 'text-anchor': 'middle', fill: em.css('--ink'), 'font-size': 12}, t);
  const ratios = em.ticks(Math.exp(-most), Math.exp(most), true, 3).filter(v => Math.abs(Math.log(v)) <= most);
  const frame = em.svg('g', {}, em.svg('path', {d: `M${L} ${T}V${M}H${W - R}`, fill: 'none', stroke: soft}),
    ticksX.map(v => [em.svg('path', {d: `M${px(v)} ${bottom}v5`, stroke: soft}), text(px(v), bottom + 18, em.num(v))]),
    em.ticks(y0, y1, true).map(v => [em.svg('path', {d: `M${L} ${py(v)}h-5`, stroke: soft}), text(L - 8, py(v) + 4, em.num(v), 'end')]),
    lower ? [em.svg('path', {d: `M${L} ${M + GAP}V${bottom}H${W - R}M${L} ${ry(0)}H${W - R}`, fill: 'none', stroke: soft}), ratios.map(v => [em.svg('path', {d: `M${L} ${ry(Math.log(v))}h-5`, stroke: soft}), text(L - 8, ry(Math.log(v)) + 4, em.num(v), 'end')]), upright(M + GAP + S / 2, 'over law')] : null,
    text((L + W - R) / 2, bottom + B - 8, em.symbol(axis)), upright((M + T) / 2, law.of.replace('.', ' (') + ')'),
    named.map((k, i) => [em.svg('path', {d: sign(k)(nameX + 6, nameY + 18 * i), fill: color(k)}), text(nameX + 16, nameY + 4 + 18 * i, label(k), 'start')]),
    groups.length > 12 ? text(nameX, nameY + 4 + 18 * 12, `${groups.length - 12} more`, 'start') : null,
    published ? [em.svg('path', {d: `M${nameX} ${(narrow ? H - 18 : M) - 4}h22`, stroke: soft, 'stroke-dasharray': '2 4'}), text(nameX + 28, narrow ? H - 18 : M, 'published', 'start')] : null);
  return em.svg('svg', {viewBox: `0 0 ${W} ${H}`, width: Math.round(W * 13 / 14), class: 'lawchart', role: 'img', 'aria-label': `${law.of} against ${em.symbol(axis)}: ${points.length} conditions${law.r2 === null ? '' : `, fitted with R² ${em.num(law.r2)}`}${lower ? `; runs lie between ${em.num(Math.exp(Math.min(...residuals)))} and ${em.num(Math.exp(Math.max(...residuals)))} times the law` : ''}`},
    em.svg('clipPath', {id: clip}, em.svg('rect', {x: L, y: T, width: W - L - R, height: M - T})), frame, em.svg('g', {'clip-path': `url(#${clip})`}, bands, lines), marks);
};
