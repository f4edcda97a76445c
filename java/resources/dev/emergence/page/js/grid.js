// Conditions and seeds: a cell a run, its state and when it emerged.
em.GLYPHS = {'to do': '·', running: '…', interrupted: '?', 'to continue': '›', diverged: '×', failed: '!', damaged: '!', unreached: '>', complete: '✓', none: '✓'};

em.parts.push(root => {
  const filter = em.el('input', {id: 'filter', type: 'text', spellcheck: 'false', autocomplete: 'off', placeholder: 'd = 16 and state != unreached',
    oninput: () => { em.view.filter = filter.value; em.changed('filter'); }});
  const said = em.el('span', {id: 'filter-said', class: 'note', role: 'status'});
  const sweep = em.el('select', {id: 'sweep', onchange: () => { em.view.sweep = sweep.value; em.view.color = ''; em.changed('sweep'); }});
  const threshold = em.el('select', {id: 'threshold', onchange: () => { em.view.threshold = threshold.value; em.changed('threshold'); }});
  const table = em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Grid of runs'});
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
    if (what === 'step') return;
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
    em.drawGrid(table, all, new Set(shown.map(p => p.run.id)), legend);
  });
});

em.drawGrid = (holder, placed, visible, legend) => {
  const sweep = em.sweep();
  const times = placed.map(p => em.emergence(p.place)).filter(e => e.state === 'reached' && e.step > 0).map(e => e.step);
  const low = Math.min(...times), high = Math.max(...times), dark = em.isDark();
  const shade = step => em.ramp(high > low ? Math.log(Math.max(step, low) / low) / Math.log(high / low) : 0.5, dark);
  const byCondition = new Map();
  placed.forEach(p => { if (!byCondition.has(p.place.condition)) byCondition.set(p.place.condition, []); byCondition.get(p.place.condition).push(p); });
  const active = holder.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const rows = [...byCondition.entries()].map(([index, cells]) => em.el('tr', {},
    em.el('th', {scope: 'row'}, em.label(cells[0].values) || 'all'),
    cells.map(p => em.el('td', {}, em.cell(p, shade, visible, `${index}/${p.place.seed}`)))));
  em.replace(holder, em.el('table', {class: 'grid', id: 'grid'}, em.el('thead', {}, em.el('tr', {}, em.el('th', {scope: 'col'}, 'condition'),
    sweep.seeds.map(seed => em.el('th', {scope: 'col'}, `seed ${seed}`)))), em.el('tbody', {}, rows)));
  if (active) holder.querySelector(`[data-key="${active}"]`)?.focus();
  em.replace(legend, times.length === 0 ? 'No run has emerged yet. ' : `Numbers are ${em.store.snapshot.experiment.x}s of emergence, ${em.num(low)} (dark end of the colours) to ${em.num(high)}. `,
    '· to do, … running, ? interrupted, > not emerged by its end, × diverged, ! failed. Select runs to compare them; Enter opens one.');
};

em.cell = (p, shade, visible, key) => {
  const e = em.emergence(p.place), state = em.stateOf(p);
  const reached = e.state === 'reached';
  const text = reached ? em.num(e.step) + (state === 'reached' ? '' : em.GLYPHS[state] || '') : em.GLYPHS[state] || '✓';
  const button = em.el('button', {type: 'button', class: `cell ${state.replace(' ', '-')}`, 'data-run': p.run.id, 'data-key': key,
    'aria-pressed': em.view.selected.has(p.run.id) ? 'true' : 'false', 'aria-label': `${em.name(p)}: ${state}${reached ? `, emerged at ${em.num(e.step)}` : ''}`,
    title: `${em.name(p)}: ${state}${p.run.reason ? `: ${p.run.reason}` : ''}`,
    onclick: () => em.toggle(p.run.id), onkeydown: event => em.moveInGrid(event, button, p.run.id), ondblclick: () => em.open(p.run.id)}, text);
  if (reached && e.step > 0) { button.style.backgroundColor = shade(e.step); button.style.color = em.inkOn(shade(e.step)); button.classList.add('emerged'); }
  if (!visible.has(p.run.id)) button.classList.add('out');
  if (p.run.state === 'running') button.style.setProperty('--done', `${Math.min(100, 100 * p.run.step / Math.max(1, p.run.target))}%`);
  return button;
};

em.toggle = id => {
  if (!em.view.selected.delete(id)) em.view.selected.add(id);
  em.view.run = id;
  em.changed('selection');
};
em.open = id => { em.view.run = id; em.changed('selection'); document.getElementById('run').scrollIntoView({behavior: em.reducedMotion() ? 'auto' : 'smooth'}); };

em.moveInGrid = (event, button, id) => {
  if (event.key === 'Enter') { event.preventDefault(); em.open(id); return; }
  const cell = button.parentElement, row = cell.parentElement, at = [...row.children].indexOf(cell);
  const to = {ArrowRight: cell.nextElementSibling, ArrowLeft: cell.previousElementSibling,
    ArrowDown: row.nextElementSibling?.children[at], ArrowUp: row.previousElementSibling?.children[at]}[event.key];
  const target = to?.querySelector('button');
  if (target) { event.preventDefault(); target.focus(); }
};
