// Which lines there are: a run each, or a group of runs that agree in all axes that are not merged.

/** Axes that tell runs of the shown sweep apart, the seed last. */
em.axes = () => [...em.sweep().axes, {path: 'seed', symbol: 'seed', values: em.sweep().seeds, ordered: false}].filter(a => a.values.length > 1);
em.merged = () => new Set(em.view.merge.split(',').filter(path => path));
em.toggleMerged = path => {
  const merged = em.merged();
  if (!merged.delete(path)) merged.add(path);
  em.view.merge = [...merged].join(',');
  em.changed('merge');
};
em.valueAt = (p, axis) => axis.path === 'seed' ? p.place.seed : p.values[axis.path];

/** Whether groups are drawn: not against a run's own emergence, where no two runs have rows at the same place to be summed up. */
em.inGroups = () => em.view.group !== 'runs' && em.view.x !== 'relative';

/** The axis that gives colours: in groups one that is not merged, where there is one. */
em.lineAxis = () => {
  const axis = em.colorAxis(), merged = em.merged();
  if (!em.inGroups() || !merged.has(axis.path)) return axis;
  return em.axes().find(a => !merged.has(a.path)) || axis;
};

em.DASHES = [[], [9, 4], [3, 3], [12, 3, 3, 3]];
/** A value's dash: a second sign beside its colour, where lines are few. */
em.dashOf = (axis, value) => em.DASHES[Math.max(0, axis.values.findIndex(v => String(v) === String(value))) % em.DASHES.length];

/** A run's line as it is looked at: {x, y, raw}; null where it has none. */
em.lineOf = (p, c) => {
  if (!c || c.x.length === 0) return null;
  const weight = Number(em.view.smooth), rows = em.rowsOf(p, c.x);
  let x = Array.from(c.x.subarray(0, rows));
  const raw = Array.from(c.y.subarray(0, rows));
  if (em.view.x === 'relative') {
    const e = em.emergence(p.place);
    if (e.state !== 'reached' || !(e.step > 0)) return null;
    x = x.map(v => v / e.step);
  }
  const level = em.SMOOTH.indexOf(em.view.smooth);
  // A thinned curve brings averages over all its rows; of a whole one they are made here.
  const y = weight > 0 ? (c.smooth && c.smooth[level] ? Array.from(c.smooth[level].subarray(0, rows)) : em.smooth(raw, weight)) : raw;
  return {x, y, raw: weight > 0 ? raw : null};
};
em.SMOOTH = ['0.6', '0.9'];

/** The lines to draw: of every run, or the middle and spread of each group, with or without its runs; how many runs have rows, and groups of which no step has all. */
em.lines = curves => {
  const axis = em.lineAxis(), colors = em.colors(axis), lines = [];
  for (const p of em.shown()) {
    const line = em.lineOf(p, curves.get(p.run.id));
    if (!line) continue;
    const value = String(em.valueAt(p, axis));
    lines.push({p, id: p.key, ...line, color: colors.get(value) || em.css('--ink'), name: em.name(p), value, dash: em.dashOf(axis, value), diverged: p.place.state === 'diverged'});
  }
  if (!em.inGroups()) return {lines, runs: lines.length, apart: []};
  const groups = em.grouped(lines, axis), apart = groups.filter(group => !group.n.includes(group.members));
  return {lines: em.view.members ? [...lines.map(line => ({...line, faint: true})), ...groups] : groups, runs: lines.length, apart};
};

em.grouped = (lines, axis) => {
  const merged = em.merged(), kept = em.axes().filter(a => !merged.has(a.path));
  const groups = new Map();
  for (const line of lines) {
    const key = kept.map(a => String(em.valueAt(line.p, a))).join('|');
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(line);
  }
  return [...groups.values()].map(members => {
    const rows = em.bands(members, em.view.group), first = members[0];
    const label = kept.map(a => `${a.symbol} = ${em.valueAt(first.p, a)}`).join(', ') || 'all runs';
    // Where the axis itself is merged, the group has none of its values: not the first run's either.
    const own = merged.has(axis.path) ? {value: '', color: em.css('--ink'), dash: []} : {};
    return {...first, ...own, p: null, id: '', raw: null, diverged: false, name: `${label}, ${em.view.group} of ${members.length}`, x: rows.map(r => r.step), y: rows.map(r => r.mid),
      low: rows.map(r => r.low), high: rows.map(r => r.high), n: rows.map(r => r.n), members: members.length};
  }).filter(line => line.x.length > 0);
};

/** What the legend names: the values of the axis that have lines, and a group that has none of them. Ink where no colour is said. */
em.legendOf = (lines, dark = em.isDark()) => {
  const axis = em.lineAxis(), colors = em.colors(axis, dark), drawn = value => lines.some(l => l.value === value);
  const values = axis.values.filter(v => drawn(String(v))).map(v => ({text: `${axis.symbol} = ${v}`, color: colors.get(String(v)), dash: em.dashed(lines) ? em.dashOf(axis, v) : []}));
  return drawn('') ? [{text: 'all runs', dash: []}, ...values] : values;
};

/** What a line cannot show as a line: infinite values, rows alone between gaps, where it diverged. */
em.oddities = line => {
  const out = [], {logX, logY} = em.view;
  const drawn = i => Number.isFinite(line.y[i]) && (!logY || line.y[i] > 0) && (!logX || line.x[i] > 0);
  line.y.forEach((y, i) => {
    if (y === Infinity || y === -Infinity) out.push({i, kind: 'infinite'});
    else if (drawn(i) && !drawn(i - 1) && !drawn(i + 1)) out.push({i, kind: 'alone'});
  });
  if (line.diverged) out.push({i: line.x.length - 1, kind: 'diverged'});
  return out;
};
em.ODD = {infinite: 'infinite', alone: 'a row alone between gaps', diverged: 'diverged after this'};

/** Values that a chart may hold, gaps included. Lines that share no steps fill a table mostly with gaps: 3,000 of them took gigabytes. */
em.MOST_VALUES = 2e7;
em.isTooMany = lines => {
  const steps = new Set();
  for (const line of lines) for (const x of line.x) if (steps.add(x).size * lines.length > em.MOST_VALUES) return true;
  return false;
};

/** Only where lines lie: the least and the greatest value of all of them, along the steps. em.drawLines draws the lines themselves. */
em.framed = lines => {
  const PLACES = 512, {logX, logY} = em.view, at = x => logX ? Math.log(x) : x;
  let low = Infinity, high = -Infinity, hidden = 0;
  for (const line of lines) for (const x of line.x) if (Number.isFinite(x) && (!logX || x > 0)) { low = Math.min(low, x); high = Math.max(high, x); }
  const along = share => logX ? low * (high / low) ** share : low + (high - low) * share, places = Array.from({length: PLACES}, (_, i) => [along(i / (PLACES - 1)), null, null]);
  for (const line of lines) line.x.forEach((x, i) => {
    if (!Number.isFinite(x) || (logX && x <= 0)) return;
    const place = places[high > low ? Math.round((at(x) - at(low)) / (at(high) - at(low)) * (PLACES - 1)) : 0];
    for (const values of [line.y, line.raw, line.low, line.high]) {
      const y = values?.[i];
      if (y === null || !Number.isFinite(y)) continue;
      if (logY && y <= 0) { hidden += values === line.y ? 1 : 0; continue; }
      place[1] = Math.min(place[1] ?? y, y); place[2] = Math.max(place[2] ?? y, y);
    }
  });
  const used = places.filter(place => place[1] !== null);
  return {data: [0, 1, 2].map(i => used.map(place => place[i])), series: [{frame: true}, {frame: true}], hidden};
};

/** Lines on one column of steps; what an axis cannot show is a gap, and counted. */
em.aligned = lines => {
  if (em.isTooMany(lines)) return em.framed(lines);
  let hidden = 0;
  const {logX, logY} = em.view, tables = [], series = [];
  for (const line of lines) {
    const keep = line.x.map((v, i) => (!logX || v > 0) && Number.isFinite(v) ? i : -1).filter(i => i >= 0);
    const clean = (values, counts) => keep.map(i => {
      const v = values[i];
      if (v === null || v === undefined || !Number.isFinite(v)) return null;
      if (logY && v <= 0) { hidden += counts ? 1 : 0; return null; }
      return v;
    });
    const columns = [];
    const add = (values, how) => { columns.push(clean(values, Boolean(how.counts))); series.push({line, ...how}); };
    if (line.low) {
      add(line.low, {edge: true});
      add(line.high, {edge: true});
      const whole = i => line.n[i] === line.members;
      // Dashed from where some of its runs have no row any more.
      add(line.y.map((v, i) => whole(i) ? v : null), {counts: true});
      if (line.n.some((n, i) => !whole(i))) add(line.y.map((v, i) => [i - 1, i, i + 1].some(j => line.n[j] < line.members) ? v : null), {fewer: true});
    } else {
      if (line.raw) add(line.raw, {raw: true});
      add(line.y, {counts: true});
    }
    tables.push([keep.map(i => line.x[i]), ...columns]);
  }
  return {data: tables.length === 0 ? [[], []] : uPlot.join(tables), series, hidden};
};
