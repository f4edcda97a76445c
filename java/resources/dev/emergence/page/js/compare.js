// Chosen runs beside each other: what differs, and when each emerged.
em.parts.push(root => {
  const holder = em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Comparison'}), all = em.el('input', {type: 'checkbox', id: 'all-keys', onchange: () => em.changed('keys')});
  const section = em.el('section', {id: 'compare', 'aria-labelledby': 'compare-title', hidden: true}, em.el('h2', {id: 'compare-title'}, 'Chosen runs'), em.el('div', {class: 'controls'}, em.el('label', {}, all, ' all settings')), holder);
  root.append(section);
  let wanted = '';
  em.on(async what => {
    if (['step', 'sort', 'filter'].includes(what)) return;
    const chosen = em.placed().filter(p => em.view.selected.has(p.run.id));
    section.hidden = chosen.length < 2;
    if (chosen.length < 2) return;
    const shown = chosen.slice(0, 24), mine = wanted = shown.map(p => p.run.id + p.run.version).join();
    const details = await Promise.all(shown.map(p => em.loadDetails(p.run.id).catch(() => null)));
    if (mine !== wanted) return;
    const base = em.store.snapshot.experiment.base;
    const value = (d, key) => d && key in d.settings ? d.settings[key] : base[key];
    const keys = all.checked ? [...new Set([...Object.keys(base), 'seed'])] : [...new Set(details.flatMap(d => d ? Object.keys(d.settings) : []))];
    const text = v => v === undefined ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v);
    const differing = keys.filter(key => all.checked || new Set(details.map(d => text(value(d, key)))).size > 1);
    const first = em.emergence(shown[0].place);
    em.replace(holder, em.el('table', {id: 'comparison'}, em.el('thead', {}, em.el('tr', {}, em.el('th', {scope: 'col'}, 'setting'), shown.map(p => em.el('th', {scope: 'col'}, p.run.id.slice(0, 6))))),
      em.el('tbody', {}, differing.map(key => em.el('tr', {}, em.el('th', {scope: 'row'}, key), details.map(d => em.el('td', {class: 'number'}, text(value(d, key)))))),
        em.el('tr', {}, em.el('th', {scope: 'row'}, `emerged (${em.view.threshold || 'none'})`), shown.map(p => { const e = em.emergence(p.place); return em.el('td', {class: 'number'}, e.state === 'reached' ? em.num(e.step) : em.stateOf(p)); })),
        em.el('tr', {}, em.el('th', {scope: 'row'}, 'over the first'), shown.map(p => { const e = em.emergence(p.place); return em.el('td', {class: 'number'}, e.state === 'reached' && first.state === 'reached' ? em.num(e.step / first.step) : ''); })))),
      chosen.length > shown.length ? em.el('p', {class: 'note'}, `${chosen.length - shown.length} more are chosen and not shown here.`) : null);
  });
});
