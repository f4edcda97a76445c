// Chosen runs beside each other: what differs, and when each emerged.
em.parts.push(root => {
  const holder = em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Comparison'}), all = em.el('input', {type: 'checkbox', id: 'all-keys', onchange: () => em.changed('keys')});
  const films = em.el('button', {type: 'button', id: 'films-beside', onclick: () => { [em.view.run, em.view.beside] = films.dataset.runs.split(' '); em.changed('selection'); document.getElementById('film').scrollIntoView(); }}, 'Their films side by side');
  const section = em.el('section', {id: 'compare', 'aria-labelledby': 'compare-title', hidden: true}, em.el('h2', {id: 'compare-title'}, 'Chosen runs'), em.el('div', {class: 'controls'}, em.el('label', {}, all, ' all settings'), films), holder);
  root.append(section);
  let wanted = '';
  em.on(async what => {
    if (['step', 'sort', 'filter', 'beside'].includes(what)) return;
    const chosen = em.placed().filter(p => em.view.selected.has(p.key));
    section.hidden = chosen.length < 2;
    if (chosen.length < 2) return;
    const shown = chosen.slice(0, 24), mine = wanted = shown.map(p => p.key + p.run.version).join();
    const filmed = chosen.filter(p => p.run.film).slice(0, 2);
    films.hidden = filmed.length < 2;
    films.dataset.runs = filmed.map(p => p.key).join(' ');
    const curves = await em.loadCurves(em.view.metric, shown.map(p => p.run.id)).catch(() => new Map());
    if (mine !== wanted) return;
    const text = (p, key) => { const v = key === 'seed' ? p.place.seed : em.setting(p, key); return v === undefined ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v); };
    const keys = [...new Set(shown.flatMap(p => em.settingsOf(p).flatMap(Object.keys))), 'seed'].filter(key => all.checked || new Set(shown.map(p => text(p, key))).size > 1);
    const first = em.emergence(shown[0].place), clock = em.unitOf(shown[0]), mixed = shown.some(p => em.unitOf(p) !== clock);
    const emerged = p => { const e = em.emergence(p.place); return e.state !== 'reached' ? em.stateOf(p) : mixed ? `${em.unitOf(p)} ${em.count(e.step)}` : em.count(e.step); };
    const ratio = p => { const e = em.emergence(p.place); return e.state !== 'reached' || first.state !== 'reached' ? '' : em.unitOf(p) === clock ? em.num(e.step / first.step) : 'other unit'; };
    em.replace(holder, em.el('table', {id: 'comparison'}, em.el('thead', {}, em.el('tr', {}, em.el('th', {scope: 'col'}, 'setting'), shown.map(p => em.el('th', {scope: 'col'}, em.shortId(p.run))))),
      em.el('tbody', {}, keys.map(key => em.el('tr', {}, em.el('th', {scope: 'row'}, key), shown.map(p => em.el('td', {class: 'number'}, text(p, key))))),
        em.el('tr', {}, em.el('th', {scope: 'row'}, em.word(em.view.metric)), em.sparklines(shown, curves).map(svg => em.el('td', {}, svg))),
        em.el('tr', {}, em.el('th', {scope: 'row'}, `emerged (${em.view.threshold || 'none'})`), shown.map(p => em.el('td', {class: 'number'}, emerged(p)))),
        em.el('tr', {}, em.el('th', {scope: 'row'}, 'over the first'), shown.map(p => em.el('td', {class: 'number'}, ratio(p)))))),
      mixed ? em.el('p', {class: 'note'}, 'Some of these runs are counted in steps, others in the time of a gradient flow. These have no common unit, so that no ratio of them is given.') : null,
      chosen.length > shown.length ? em.el('p', {class: 'note'}, `${chosen.length - shown.length} more are chosen and not shown here.`) : null);
  });
});

/** What a run is counted in: steps of an optimiser, or the time of a gradient flow. */
em.unitOf = p => em.setting(p, 'training.optimizer.kind') === 'gradient_flow' ? 'time' : 'step';

em.shortId = run => run.id.replace(/^(\d+\.)?(.{6}).*/, '$1$2');

/** Small curves on common axes. */
em.sparklines = (placed, curves) => {
  const lines = placed.map(p => [p, curves.get(p.run.id)]).map(([p, c]) => c ? [...c.x.subarray(0, em.rowsOf(p, c.x))].map((x, i) => [x, c.y[i]]).filter(q => Number.isFinite(q[1]) && (!em.view.logY || q[1] > 0)) : []);
  const all = lines.flat(), log = v => em.view.logY ? Math.log(v) : v;
  if (all.length === 0) return placed.map(() => null);
  const range = (k, f) => all.reduce(([a, b], q) => [Math.min(a, f(q[k])), Math.max(b, f(q[k]))], [Infinity, -Infinity]);
  const [x0, x1] = range(0, v => v), [y0, y1] = range(1, log), axis = em.colorAxis(), colors = em.colors(axis);
  return lines.map((line, i) => em.svg('svg', {viewBox: '0 0 110 40', width: 110, height: 40, role: 'img', 'aria-label': `curve of ${em.name(placed[i])}, last ${em.num(line.length > 0 ? line[line.length - 1][1] : NaN)}`},
    line.length === 0 ? null : em.svg('path', {d: 'M' + line.map(([x, y]) => `${(2 + 106 * (x - x0) / (x1 - x0 || 1)).toFixed(1)} ${(37 - 34 * (log(y) - y0) / (y1 - y0 || 1)).toFixed(1)}`).join('L'), fill: 'none', stroke: em.colorOf(placed[i], colors, axis), 'stroke-width': 1.4})));
};
