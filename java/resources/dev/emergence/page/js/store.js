// What is known: the snapshot, curves and films as they were asked for, and what the user looks at.
em.store = {snapshot: null, byId: new Map(), curves: new Map(), films: new Map(), details: new Map()};
em.view = {sweep: '', metric: '', threshold: '', filter: '', color: '', group: 'runs', merge: 'seed', members: false, levels: true, x: 'step', smooth: 0,
  logX: false, logY: true, selected: new Set(), run: '', beside: '', clock: 'step', step: null, head: '', sort: '', down: false};

/** Whether a metric falls over powers of ten; others, such as accuracies, have a linear axis at first. */
em.isLoss = metric => /(^|\.)loss(\.|$)/.test(metric);

/** What was computed from these keys the last time, or anew. */
em.memo = (name, keys, make) => {
  const known = em.memo[name];
  if (known && known.keys.every((key, i) => key === keys[i])) return known.value;
  const value = make();
  em.memo[name] = {keys, value};
  return value;
};

/** What stands in the file itself; large parts of it are packed. */
em.inline = async id => {
  const e = document.getElementById(id), read = e ? JSON.parse(e.textContent) : null;
  return read?.type === 'text' ? JSON.parse(await em.decode(read)) : read;
};
em.fetchJson = async path => {
  const response = await fetch(path, {cache: 'no-store'});
  if (!response.ok) throw new Error(`${path.split('?')[0]}: ${response.status}`);
  return response.json();
};

em.setSnapshot = snapshot => {
  em.store.snapshot = snapshot;
  em.store.byId = new Map(snapshot.runs.map(run => [run.id, run]));
};

/** What a patch changes; runs are replaced one by one. */
em.applyPatch = (snapshot, patch) => {
  const out = {...snapshot, ...patch, runs: snapshot.runs};
  if (patch.runs) {
    const changed = new Map(patch.runs.map(run => [run.id, run]));
    out.runs = snapshot.runs.map(run => changed.get(run.id) || run);
  }
  return out;
};

em.sweep = () => em.store.snapshot.sweeps.find(s => s.name === em.view.sweep) || em.store.snapshot.sweeps[0];

/** Runs of the shown sweep with their place in it, in the order of conditions and seeds. */
em.placed = () => em.memo('placing', [em.store.snapshot, em.sweep().name], () => {
  const name = em.sweep().name, conditions = em.conditions();
  const out = [];
  for (const run of em.store.snapshot.runs) {
    const places = run.places.filter(place => place.sweep === name);
    for (const place of places) out.push({run, place, values: conditions.get(place.condition).values, key: places.length > 1 ? `${run.id}-${place.condition}` : run.id});
  }
  return out.sort((a, b) => a.place.condition - b.place.condition || a.place.seed - b.place.seed);
});
/** A run with the place that a key names; the first one where it names only the run, or a place of another sweep. */
em.find = key => em.placed().find(p => p.key === key) || em.placed().find(p => p.run.id === key.replace(/-\d+$/, ''));
/** Conditions of the shown sweep by their index. */
em.conditions = () => em.memo('indexing', [em.store.snapshot, em.sweep().name], () => new Map(em.sweep().conditions.map(c => [c.index, c])));

/** Those that the filter lets through. */
em.shown = () => em.memo('filtering', [em.store.snapshot, em.sweep().name, em.view.filter, em.view.threshold], () => {
  const test = em.filterTest();
  return em.placed().filter(p => test(p));
});

/** How many of a run's steps lie within the condition's own end: another one may have trained it longer. */
em.rowsOf = (p, steps) => { const late = steps.findIndex(x => x > p.place.end); return late < 0 ? steps.length : late; };

/** When a run emerged by the chosen threshold: no other one's numbers may stand under its name. The first one counts where none that exists is chosen. */
em.emergence = place => {
  const chosen = em.view.threshold, known = em.store.snapshot.thresholds.some(t => t.name === chosen);
  return (known ? place.emergence[chosen] : Object.values(place.emergence)[0]) || {state: 'none'};
};
/** A clock on which runs emerge together. */
em.relative = () => `${em.store.snapshot.experiment.x} / own emergence`;
em.symbol = path => {
  for (const sweep of em.store.snapshot.sweeps) for (const axis of sweep.axes) if (axis.path === path) return axis.symbol;
  return path.split('.').pop();
};
em.label = values => Object.entries(values).map(([path, v]) => `${em.symbol(path)} = ${v}`).join(', ');
em.name = p => [em.label(p.values), em.sweep().seeds.length > 1 ? `seed ${p.place.seed}` : ''].filter(t => t).join(', ') || p.run.id;

/** The axis that colours: of its own choice or the first with several values. */
em.colorAxis = () => {
  const axes = em.sweep().axes;
  const seed = {path: 'seed', symbol: 'seed', values: em.sweep().seeds, ordered: false};
  return [...axes, seed].find(a => a.path === em.view.color) || axes.find(a => a.values.length > 1) || seed;
};
em.colorOf = (p, colors, axis) => colors.get(String(axis.path === 'seed' ? p.place.seed : p.values[axis.path])) || em.css('--ink');

/** One metric's curves by run: {x, y, total}. Live ones are asked for again when their run has grown. */
em.points = () => Math.max(60, Math.min(400, Math.round(240000 / em.store.snapshot.runs.length)));
em.loadCurves = async (metric, ids) => {
  const known = em.store.curves.get(metric) || new Map();
  em.store.curves.set(metric, known);
  const live = em.store.snapshot.live;
  const stale = ids.filter(id => {
    const have = known.get(id), run = em.store.byId.get(id);
    return run && run.rows > 0 && (!have || (live && have.version !== run.version));
  });
  if (stale.length === 0) return known;
  const versions = new Map(stale.map(id => [id, em.store.byId.get(id).version]));
  const all = stale.length > 200 ? '' : `&runs=${stale.join(',')}`;
  const answer = live
    ? await em.fetchJson(`curves?metric=${encodeURIComponent(metric)}&points=${em.points()}${all}`)
    : await em.inline(`curves-${metric}`);
  if (!answer) return known;
  const steps = await em.decode(answer.steps), values = await em.decode(answer.values);
  const smooth = answer.smooth ? await Promise.all(answer.smooth.map(em.decode)) : [];
  let at = 0;
  answer.runs.forEach((id, i) => {
    const to = at + answer.counts[i];
    known.set(id, {x: steps.subarray(at, to), y: values.subarray(at, to), total: answer.total[i], smooth: smooth.map(s => s.subarray(at, to)),
      version: versions.get(id) ?? em.store.byId.get(id)?.version});
    at = to;
  });
  for (const id of stale) if (!known.has(id)) known.set(id, {x: new Float64Array(0), y: new Float32Array(0), total: 0, version: versions.get(id)});
  return known;
};
em.hasMetric = metric => em.store.snapshot.live || document.getElementById(`curves-${metric}`) !== null;

/** A run's film: frames by step, with heads in each. */
em.loadFilm = async id => {
  const run = em.store.byId.get(id);
  const have = em.store.films.get(id);
  if (have && (!em.store.snapshot.live || have.version === run.version)) return have;
  const answer = em.store.snapshot.live ? await em.fetchJson(`run/${id}/film`) : await em.inline(`film-${id}`);
  if (!answer || answer.pictures.length === 0) return null;
  const bytes = await em.decode(answer.data);
  const frames = new Map();
  let at = 0;
  for (const [step, label, layer, head, queries, keys, mass, entropy] of answer.pictures) {
    if (!frames.has(step)) frames.set(step, {step, label, heads: new Map()});
    frames.get(step).label ||= label;
    frames.get(step).heads.set(`${layer}.${head}`, {layer, head, queries, keys, mass, entropy, pixels: bytes.subarray(at, at + queries * keys)});
    at += queries * keys;
  }
  const film = {version: run.version, relevant: answer.relevant, truth: answer.truth, query: answer.query, tokens: answer.tokens, frames: [...frames.values()].sort((a, b) => a.step - b.step)};
  em.store.films.set(id, film);
  return film;
};

/** A run's own page; where the server does not answer, as it was read last, or none. */
em.loadDetails = async id => {
  if (!em.store.snapshot.live) {
    const all = await (em.store.stored ||= em.inline('details')), one = all?.runs[id];
    return one ? {...one, provenance: all.provenances[one.provenance]} : null;
  }
  try {
    em.store.details.set(id, await em.fetchJson(`run/${id}`));
  } catch (e) {
    // What is known of it, if anything, is still true of what the page shows.
  }
  return em.store.details.get(id) || null;
};
