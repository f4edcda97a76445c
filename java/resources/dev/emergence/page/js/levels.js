// Horizontal lines of the shown metric: thresholds, the task's baselines and floors, and the loss before training.
em.LEVEL_LINES = 4;

/** Whether an entry holds in a condition that is shown. */
em.holds = () => {
  const shown = new Set(em.shown().map(p => p.place.condition)), sweep = em.sweep().name;
  return entry => (entry.conditions[sweep] || []).some(index => shown.has(index));
};

/**
 * Baselines of the conditions that are shown: {name, low, high, value, doc}, values that nearly agree as one. A name has its seed
 * where the level of that seed stands apart from those of others.
 */
em.baselines = () => em.memo('levelling', [em.store.snapshot, em.shown(), em.view.metric], () => {
  const holds = em.holds(), byName = new Map();
  for (const level of em.store.snapshot.lines || []) {
    if (level.metric !== em.view.metric || !holds(level)) continue;
    if (!byName.has(level.name)) byName.set(level.name, {doc: level.doc, entries: []});
    byName.get(level.name).entries.push(level);
  }
  const levels = [...byName].flatMap(([name, {doc, entries}]) => {
    const clusters = em.clusters(entries.map(e => e.value), em.LEVEL_LINES);
    return clusters.map(([low, high, value]) => {
      const seeds = new Set(entries.filter(e => e.value >= low && e.value <= high).map(e => e.seed));
      const [seed] = seeds, own = clusters.length > 1 && seeds.size === 1 && seed !== null;
      return {name: own ? `${name} (seed ${seed})` : name, doc, low, high, value};
    });
  });
  // Ways of guessing that score the same are one line.
  const out = [];
  for (const level of levels) {
    const same = out.find(l => l.low === level.low && l.high === level.high);
    if (same) { same.name += `, ${level.name}`; same.doc += `; ${level.doc}`; } else out.push(level);
  }
  return out;
});

em.levelText = l => l.high - l.low <= 0.05 * Math.abs(l.high) ? em.num(Number(l.value.toPrecision(3))) : `${em.num(l.low)} to ${em.num(l.high)}`;

/** Thresholds of the conditions that are shown, each level once. */
em.thresholdLevels = () => em.memo('crossing', [em.store.snapshot, em.shown(), em.view.metric], () => {
  const holds = em.holds(), out = new Map();
  for (const t of em.store.snapshot.levels) {
    if (t.metric !== em.view.metric || t.relative || !holds(t)) continue;
    const label = `${t.name}: ${t.below !== null ? 'below' : 'above'} ${em.num(t.below ?? t.above)}`;
    out.set(label, {label, value: t.below ?? t.above, dash: [6, 4]});
  }
  return [...out.values()];
});

/** {label, value, low, high, dash}; those of baselines only where they are asked for. */
em.levels = () => {
  const metric = em.view.metric, out = [...em.thresholdLevels()];
  if (!em.view.levels) return out;
  em.baselines().forEach(l => out.push({label: `${l.name.replace(/_/g, ' ')}: ${em.levelText(l)}`, value: l.value, low: l.low, high: l.high, dash: [2, 3]}));
  const starts = (em.drawn?.lines || []).filter(l => l.p && l.x[0] === 0 && Number.isFinite(l.y[0])).map(l => l.y[0]).sort((a, b) => a - b);
  if (starts.length > 0 && metric.endsWith('.loss')) {
    const untrained = em.quantile(starts, 0.5);
    out.push({label: `untrained: ${em.num(Number(untrained.toPrecision(3)))}`, value: untrained, dash: [1, 3]});
  }
  return out;
};

/** Draws them, the names of near ones beside each other. */
em.drawLevels = (u, ratio) => {
  const c = u.ctx, {left, top, width, height} = u.bbox, used = [];
  c.font = `${11 * ratio}px system-ui, sans-serif`;
  c.lineWidth = ratio;
  c.textAlign = 'right';
  for (const level of em.levels()) {
    if (em.view.logY && level.value <= 0) continue;
    const y = u.valToPos(level.value, 'y', true);
    if (level.high > level.low * 1.05) {
      const from = u.valToPos(level.high, 'y', true), to = em.view.logY && level.low <= 0 ? top + height : u.valToPos(level.low, 'y', true);
      c.fillStyle = em.css('--line'); c.globalAlpha = 0.35;
      c.fillRect(left, from, width, to - from);
      c.globalAlpha = 1;
    }
    c.strokeStyle = c.fillStyle = em.css('--soft');
    c.setLineDash(level.dash.map(d => d * ratio));
    c.beginPath(); c.moveTo(left, y); c.lineTo(left + width, y); c.stroke();
    const right = left + width - 6 * ratio, wide = c.measureText(level.label).width;
    let at = right;
    for (const other of used) if (Math.abs(other.y - y) < 12 * ratio && at > other.from - 10 * ratio) at = other.from - 10 * ratio;
    if (at - wide < left) continue;
    used.push({y, at, from: at - wide, label: level.label});
  }
  c.setLineDash([]);
  // On a rim of paper, so that no line runs through a name.
  c.strokeStyle = em.css('--paper'); c.fillStyle = em.css('--soft'); c.lineWidth = 4 * ratio; c.lineJoin = 'round';
  for (const {label, at, y} of used) { c.strokeText(label, at, y - 4 * ratio); c.fillText(label, at, y - 4 * ratio); }
};

/** The same as a table, with how each is reached. */
em.levelsTable = () => {
  const rows = em.baselines();
  return rows.length === 0 ? null : em.el('details', {id: 'levels'}, em.el('summary', {}, `Baselines and floors of ${em.word(em.view.metric)}`),
    em.el('table', {}, em.el('thead', {}, em.el('tr', {}, ['level', 'value', 'how it is reached'].map(h => em.el('th', {scope: 'col'}, h)))),
      em.el('tbody', {}, rows.map(l => em.el('tr', {}, em.el('th', {scope: 'row'}, l.name.replace(/_/g, ' ')), em.el('td', {class: 'number'}, em.levelText(l)), em.el('td', {}, l.doc))))));
};
