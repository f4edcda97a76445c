// All runs as a table, and one run's own page.
em.parts.push(root => {
  const holder = em.el('div', {class: 'wide window', tabindex: '0', role: 'region', 'aria-label': 'Table of runs', onscroll: () => em.fillTable()});
  const trouble = em.el('ul', {id: 'trouble', class: 'trouble'});
  root.append(em.el('section', {id: 'runs', 'aria-labelledby': 'runs-title'}, em.el('h2', {id: 'runs-title'}, 'Runs'), trouble,
    em.el('div', {class: 'controls'}, em.el('button', {type: 'button', id: 'select-all', onclick: () => { em.shown().forEach(p => em.view.selected.add(p.key)); em.changed('selection'); }}, 'Select those shown'),
      em.el('button', {type: 'button', id: 'select-none', onclick: () => { em.view.selected.clear(); em.changed('selection'); }}, 'Select none'), em.exportButtons('table')), holder));
  em.tableHolder = holder;
  em.on(what => {
    if (['step', 'keys', 'law', 'beside', 'merge', 'connection'].includes(what)) return;
    em.rows = em.sorted(em.shown());
    em.fillTable(true);
    const bad = em.placed().filter(p => p.run.reason || em.stateOf(p) === 'unreached');
    const kinds = new Map();
    bad.forEach(p => { const k = `${em.stateOf(p)}: ${p.run.reason || 'not emerged by its end'}`; if (!kinds.has(k)) kinds.set(k, []); kinds.get(k).push(p); });
    em.replace(trouble, [...kinds].map(([k, ps]) => em.el('li', {}, em.el('b', {}, ps.length), ` ${k} — `,
      ps.slice(0, 8).map((p, i) => [i > 0 ? ', ' : '', em.el('button', {type: 'button', class: 'link', 'data-run': p.run.id, onclick: () => em.open(p.key)}, em.name(p))]), ps.length > 8 ? ` and ${ps.length - 8} more` : '')));
  });
});

em.columns = () => [
  {key: 'run', text: p => p.run.id, value: p => p.run.id},
  ...em.sweep().axes.map(a => ({key: a.symbol, text: p => String(p.values[a.path] ?? ''), value: p => p.values[a.path]})),
  {key: 'seed', text: p => String(p.place.seed), value: p => p.place.seed},
  {key: 'state', text: p => em.stateOf(p), value: p => em.stateOf(p)},
  ...em.store.snapshot.thresholds.map(t => ({key: t.name, text: p => { const e = p.place.emergence[t.name]; return !e ? '' : e.state === 'reached' ? em.count(e.step) : e.state === 'unreached' ? `> ${em.count(e.step)}` : '–'; },
    value: p => { const e = p.place.emergence[t.name]; return e && e.state === 'reached' ? e.step : Infinity; }})),
  {key: em.store.snapshot.experiment.x, text: p => em.count(p.place.step), value: p => p.place.step},
  {key: 'seconds', text: p => p.run.seconds > 0 ? em.num(Math.round(p.run.seconds * 10) / 10) : '', value: p => p.run.seconds},
  {key: 'reason', text: p => p.run.reason, value: p => p.run.reason},
];

em.sorted = placed => {
  const column = em.columns().find(c => c.key === em.view.sort);
  if (!column) return placed;
  const sign = em.view.down ? -1 : 1;
  return [...placed].sort((a, b) => { const x = column.value(a), y = column.value(b); return x < y ? -sign : x > y ? sign : 0; });
};

/** Only the rows that can be seen are in the page. */
em.fillTable = always => {
  const ROW = 30, holder = em.tableHolder, from = Math.max(0, Math.floor(holder.scrollTop / ROW) - 10);
  if (!always && from === em.fillTable.from) return;
  em.fillTable.from = from;
  const to = Math.min(em.rows.length, from + 50), columns = em.columns(), current = em.find(em.view.run);
  const header = columns.map(c => em.el('th', {scope: 'col', 'aria-sort': em.view.sort === c.key ? (em.view.down ? 'descending' : 'ascending') : 'none'},
    em.el('button', {type: 'button', class: 'link', onclick: () => { em.view.down = em.view.sort === c.key && !em.view.down; em.view.sort = c.key; em.changed('sort'); }}, c.key)));
  const gap = n => { const row = em.el('tr', {'aria-hidden': 'true'}, em.el('td', {colspan: columns.length + 1})); row.style.height = `${n * ROW}px`; return row; };
  em.replace(holder, em.el('table', {id: 'table', 'aria-rowcount': em.rows.length + 1}, em.el('thead', {}, em.el('tr', {}, em.el('td', {}, em.el('span', {class: 'unseen'}, 'chosen')), header)), em.el('tbody', {}, from > 0 ? gap(from) : null,
    em.rows.slice(from, to).map((p, i) => em.el('tr', {'data-run': p.run.id, 'aria-rowindex': from + i + 2, class: p === current ? 'current' : ''},
      em.el('td', {}, em.el('input', {type: 'checkbox', checked: em.view.selected.has(p.key), 'aria-label': `choose ${em.name(p)}`, onchange: () => em.toggle(p.key)})),
      columns.map((c, j) => em.el('td', {class: j > 0 ? 'number' : ''}, j === 0 ? em.el('button', {type: 'button', class: 'link', onclick: () => em.open(p.key)}, c.text(p)) : c.text(p))))),
    to < em.rows.length ? gap(em.rows.length - to) : null)));
};

em.parts.push(root => {
  const holder = em.el('div');
  const section = em.el('section', {id: 'run', 'aria-labelledby': 'run-title', hidden: true}, em.el('h2', {id: 'run-title'}, 'One run'), holder);
  root.append(section);
  let wanted = '';
  em.on(async what => {
    if (['step', 'sort', 'filter', 'beside', 'merge', 'keys', 'law'].includes(what)) return;
    const p = em.store.snapshot && em.find(em.view.run);
    section.hidden = !p;
    if (!p) return;
    wanted = p.key + p.run.version;
    const mine = wanted;
    const details = await em.loadDetails(p.run.id);
    if (mine !== wanted) return;
    const s = em.store.snapshot, command = p.run.state === 'complete' || p.run.state === 'diverged' ? '' : 'emergence run experiment.yaml --out .';
    const table = (caption, entries) => entries.length === 0 ? null : em.el('table', {}, em.el('caption', {}, caption), em.el('tbody', {}, entries.map(([k, v]) => em.el('tr', {}, em.el('th', {scope: 'row'}, k), em.el('td', {}, typeof v === 'object' && v !== null ? JSON.stringify(v) : String(v))))));
    em.replace(holder, em.el('h3', {}, `${p.run.id}: ${em.name(p)}`), em.el('p', {}, em.badge(em.stateOf(p), {reached: 'holds', complete: 'holds', diverged: 'fails', failed: 'fails', damaged: 'fails'}[em.stateOf(p)] || ''),
      ` ${p.run.reason || ''}`, Object.entries(p.place.emergence).map(([name, e]) => e.state === 'reached' ? ` ${name} at ${em.count(e.step)} (after ${em.count(e.lower)}).` : ` ${name} ${e.state} at ${em.count(e.step)}.`)),
    p.run.written > 0 ? em.el('p', {id: 'written'}, `It stands at ${em.store.snapshot.experiment.x} ${em.count(p.place.step)} and last wrote ${em.ago(p.run.written)}.`) : null,
    command ? em.el('p', {}, 'To go on with it, in the results folder: ', em.el('code', {}, command)) : null,
    s.live ? em.el('p', {id: 'all-rows'}, em.lost ? `All rows as CSV: not to be had, because the page has been without its server since ${em.lost}.` : em.el('a', {href: `run/${p.run.id}/curve.csv?until=${p.place.end}`}, 'All rows as CSV')) : null,
    details || !s.live ? null : em.el('p', {class: 'note lost'}, 'Its settings, what computed it and its log could not be read.'),
    details ? em.el('div', {class: 'pair'}, em.el('div', {}, table('Settings that differ from the base file', Object.entries(details.settings))), em.el('div', {}, table('What computed it', Object.entries(details.provenance || {})))) : null,
    details && details.log ? em.el('details', {'data-key': `log of ${p.run.id}`, open: p.run.state === 'failed'}, em.el('summary', {}, 'Log'), em.el('pre', {id: 'log', tabindex: '0'}, details.log)) : null);
  });
});
/** How long ago, as of when the page was read. */
em.ago = millis => {
  const s = em.store.snapshot, now = s.live ? Date.now() : NaN;
  return Number.isNaN(now) ? `at ${new Date(millis).toISOString().replace('T', ' ').slice(0, 16)} UTC` : `${em.duration(Math.max(0, (now - millis) / 1000))} ago`;
};
