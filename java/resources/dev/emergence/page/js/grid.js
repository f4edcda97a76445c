// Conditions and seeds: a cell a run, its state and when it emerged.
em.GLYPHS = {'to do': '·', running: '…', interrupted: '?', 'to continue': '›', diverged: '×', failed: '!', damaged: '!', unreached: '>', complete: '✓', none: '✓'};

em.parts.push(root => {
  const filter = em.el('input', {id: 'filter', type: 'text', spellcheck: 'false', autocomplete: 'off', placeholder: 'd = 16 and state != unreached',
    oninput: () => { em.view.filter = filter.value; em.changed('filter'); }});
  const said = em.el('span', {id: 'filter-said', class: 'note', role: 'status'});
  const sweep = em.el('select', {id: 'sweep', onchange: () => { em.view.sweep = sweep.value; em.view.color = ''; em.changed('sweep'); }});
  const threshold = em.el('select', {id: 'threshold', onchange: () => { em.view.threshold = threshold.value; em.changed('threshold'); }});
  const table = em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Grid of runs', onscroll: () => em.fillGrid(false)});
  const legend = em.el('p', {class: 'note', id: 'grid-legend'});
  root.append(em.el('section', {id: 'overview', 'aria-labelledby': 'overview-title'}, em.el('h2', {id: 'overview-title'}, 'Runs at a glance'),
    em.el('div', {class: 'controls'}, em.el('label', {}, 'Sweep ', sweep), em.el('label', {}, 'Emergence ', threshold),
      em.el('label', {class: 'grow'}, 'Filter ', filter), said), table, legend));
  em.choose = (select, options, chosen) => {
    if ([...select.options].map(o => o.value).join('\n') !== options.map(o => o[0]).join('\n')) {
      em.replace(select, options.map(([value, text]) => em.el('option', {value}, text)));
    }
    select.value = chosen;
  };
  em.on(what => {
    if (['step', 'keys', 'law', 'sort', 'connection', 'beside', 'merge'].includes(what)) return;
    const s = em.store.snapshot;
    em.choose(sweep, s.sweeps.map(x => [x.name, x.name]), em.sweep().name);
    em.choose(threshold, s.thresholds.map(t => [t.name, t.name]), em.view.threshold);
    sweep.parentElement.hidden = s.sweeps.length < 2;
    threshold.parentElement.hidden = s.thresholds.length < 2;
    if (document.activeElement !== filter) filter.value = em.view.filter;
    const all = em.placed(), shown = em.shown();
    said.textContent = em.filterError || (shown.length < all.length ? `${shown.length} of ${all.length} runs` : '');
    said.classList.toggle('bad', Boolean(em.filterError));
    filter.setAttribute('aria-invalid', em.filterError ? 'true' : 'false');
    em.drawGrid(table, all, new Set(shown.map(p => p.key)), legend);
  });
});

/** Rows of conditions; of many only those are in the page that can be seen. */
em.ROW = 31;
em.MOST_ROWS = 150;
em.drawGrid = (holder, placed, visible, legend) => {
  const times = placed.map(p => em.emergence(p.place)).filter(e => e.state === 'reached' && e.step > 0).map(e => e.step);
  const low = times.reduce((a, b) => Math.min(a, b), Infinity), high = times.reduce((a, b) => Math.max(a, b), 0), dark = em.isDark();
  const shade = step => em.ramp(high > low ? Math.log(Math.max(step, low) / low) / Math.log(high / low) : 0.5, dark);
  const byCondition = new Map();
  placed.forEach(p => { if (!byCondition.has(p.place.condition)) byCondition.set(p.place.condition, []); byCondition.get(p.place.condition).push(p); });
  const windowed = byCondition.size > em.MOST_ROWS;
  holder.classList.toggle('window', windowed);
  em.gridRows = {holder, entries: [...byCondition.entries()], shade, visible, windowed, from: -1};
  em.fillGrid(true);
  em.replace(legend, times.length === 0 ? 'No run has emerged yet. ' : `Numbers are ${em.store.snapshot.experiment.x}s of emergence, ${em.count(low)} (dark end of the colours) to ${em.count(high)}. `,
    em.conditionSummary() ? 'The median counts runs that have not emerged, by Kaplan and Meier. ' : '',
    '· to do, … running, ? interrupted, > not emerged by its end, × diverged, ! failed. Select runs to compare them; Enter opens one.',
    windowed ? ` ${byCondition.size} conditions: scroll to see them all.` : '');
};

/** Whether conditions have been summed up for the threshold that is looked at. */
em.conditionSummary = () => em.sweep().conditions.some(c => c.summary && c.summary[em.view.threshold]);

em.fillGrid = always => {
  const g = em.gridRows;
  if (!g) return;
  const from = g.windowed ? Math.max(0, Math.min(g.entries.length - 40, Math.floor(g.holder.scrollTop / em.ROW) - 10)) : 0;
  if (!always && from === g.from) return;
  g.from = from;
  const to = g.windowed ? Math.min(g.entries.length, from + 40) : g.entries.length, sweep = em.sweep(), summed = em.conditionSummary();
  const axis = em.colorAxis(), colors = em.colors(axis), conditions = em.conditions();
  const gap = n => { const row = em.el('tr', {'aria-hidden': 'true'}, em.el('td', {colspan: sweep.seeds.length + 2})); row.style.height = `${n * em.ROW}px`; return row; };
  const rows = g.entries.slice(from, to).map(([index, cells]) => {
    const swatch = axis.path === 'seed' ? null : em.el('span', {class: 'swatch', 'aria-hidden': 'true'});
    if (swatch) swatch.style.backgroundColor = colors.get(String(cells[0].values[axis.path])) || 'transparent';
    const bySeed = new Map(cells.map(p => [p.place.seed, p]));
    return em.el('tr', {}, em.el('th', {scope: 'row'}, swatch, ` ${em.label(cells[0].values) || 'all'}`),
      sweep.seeds.map(seed => em.el('td', {}, bySeed.has(seed) ? em.cell(bySeed.get(seed), g.shade, g.visible, `${index}/${seed}`) : '')),
      summed ? em.el('td', {class: 'number summary'}, em.summed(conditions.get(index))) : null);
  });
  em.replace(g.holder, em.el('table', {class: 'grid', id: 'grid', 'aria-rowcount': g.entries.length + 1}, em.el('thead', {}, em.el('tr', {}, em.el('th', {scope: 'col'}, 'condition'),
    sweep.seeds.map(seed => em.el('th', {scope: 'col'}, `seed ${seed}`)), summed ? em.el('th', {scope: 'col'}, 'median') : null)),
  em.el('tbody', {}, from > 0 ? gap(from) : null, rows, to < g.entries.length ? gap(g.entries.length - to) : null)));
};

/** The condition in a few words: its median emergence with its bracket, and the runs that did not emerge. */
em.summed = condition => {
  const s = condition.summary?.[em.view.threshold];
  if (!s) return '';
  const middle = s.median !== null ? em.count(s.median) + (s.low !== null && s.low !== s.high ? ` (${em.count(s.low)} … ${em.count(s.high)})` : '') : s.beyond !== null ? `> ${em.count(s.beyond)}` : '–';
  return middle + (s.unreached > 0 ? `; ${s.unreached} of ${s.seeds} unreached` : '');
};

em.cell = (p, shade, visible, key) => {
  const e = em.emergence(p.place), state = em.stateOf(p);
  const reached = e.state === 'reached';
  const text = reached ? em.count(e.step) + (state === 'reached' ? '' : em.GLYPHS[state] || '') : em.GLYPHS[state] || '✓';
  const button = em.el('button', {type: 'button', class: `cell ${state.replace(' ', '-')}`, 'data-run': p.run.id, 'data-key': key,
    'aria-pressed': em.view.selected.has(p.key) ? 'true' : 'false', 'aria-label': `${em.name(p)}: ${state}${reached ? `, emerged at ${em.count(e.step)}` : ''}`,
    title: `${em.name(p)}: ${state}${p.run.reason ? `: ${p.run.reason}` : ''}`,
    onclick: () => em.toggle(p.key), onkeydown: event => em.moveInGrid(event, button, p.key), ondblclick: () => em.open(p.key)}, text);
  if (reached && e.step > 0) { button.style.backgroundColor = shade(e.step); button.style.color = em.inkOn(shade(e.step)); button.classList.add('emerged'); }
  if (!visible.has(p.key)) button.classList.add('out');
  if (p.run.state === 'running') button.style.setProperty('--done', `${Math.min(100, 100 * p.run.step / Math.max(1, p.run.target))}%`);
  return button;
};

em.toggle = key => {
  if (!em.view.selected.delete(key)) em.view.selected.add(key);
  em.view.run = key;
  em.changed('selection');
};
em.open = key => { em.view.run = key; em.changed('selection'); document.getElementById('run').scrollIntoView({behavior: em.reducedMotion() ? 'auto' : 'smooth'}); };

em.moveInGrid = (event, button, own) => {
  if (event.key === 'Enter') { event.preventDefault(); em.open(own); return; }
  const by = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
  if (!by) return;
  const g = em.gridRows, [index, seed] = button.dataset.key.split('/'), seeds = em.sweep().seeds;
  const row = g.entries.findIndex(e => String(e[0]) === index) + by[0], column = seeds.findIndex(s => String(s) === seed) + by[1];
  if (!g.entries[row] || seeds[column] === undefined) return;
  event.preventDefault();
  const key = `[data-key="${g.entries[row][0]}/${seeds[column]}"]`;
  if (!g.holder.querySelector(key)) { g.holder.scrollTop = row * em.ROW; em.fillGrid(true); }
  g.holder.querySelector(key)?.focus();
};
