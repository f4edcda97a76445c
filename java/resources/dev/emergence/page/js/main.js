// Starts the page: from what is in the file, or from the server, which then says what changes.

/** What is looked at, in the address, so that a link shows the same. */
em.HASH = ['sweep', 'metric', 'threshold', 'filter', 'color', 'group', 'merge', 'members', 'levels', 'x', 'smooth', 'logX', 'logY', 'run', 'beside', 'clock', 'step', 'head', 'sort', 'down'];
em.readHash = () => {
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    if (key === 'selected') em.view.selected = new Set(value.match(/(\d+\.)?[0-9a-f]{16}(-\d+)?/g));
    else if (['logX', 'logY', 'members', 'levels', 'down'].includes(key)) em.view[key] = value === '1';
    else if (key === 'step') em.view.step = value === '' ? null : Number(value);
    else if (em.HASH.includes(key)) em.view[key] = value;
  }
};
em.writeHash = () => {
  const out = new URLSearchParams();
  for (const key of em.HASH) {
    const value = em.view[key];
    if (value !== em.defaults[key] && value !== null) out.set(key, value === true ? '1' : value === false ? '0' : value);
  }
  if (em.view.selected.size > 0 && em.view.selected.size <= 20) out.set('selected', [...em.view.selected].join('.'));
  history.replaceState(null, '', out.size > 0 ? `#${out}` : location.pathname + location.search);
};

/** A link put into an open page shows what it would in a new one; what it does not name is as at the start. */
em.followHash = () => {
  Object.assign(em.view, em.defaults, {selected: new Set()});
  em.readHash();
  em.changed('start');
};

/**
 * One stream of changes; a hidden tab has none and asks anew when it is shown. It begins after the snapshot that the page has:
 * what changes while the stream is on its way may be the last change for long.
 */
em.listen = () => {
  const stream = new EventSource(`events?after=${em.store.snapshot.seq}`);
  em.stream = stream;
  stream.addEventListener('patch', event => {
    const patch = JSON.parse(event.data);
    if (em.lost) { em.lost = ''; em.refresh(); return; }
    if (patch.seq !== em.store.snapshot.seq + 1 && patch.seq > em.store.snapshot.seq) { em.refresh(); return; }
    if (patch.seq <= em.store.snapshot.seq) return;
    em.setSnapshot(em.applyPatch(em.store.snapshot, patch));
    em.changed('patch');
  });
  stream.addEventListener('reset', () => em.refresh());
  stream.addEventListener('open', () => { if (em.lost) { em.lost = ''; em.refresh(); } });
  stream.addEventListener('error', () => {
    if (!em.lost) { em.lost = em.clock(new Date().toISOString()); em.changed('connection'); }
    if (stream.readyState === EventSource.CLOSED && em.stream === stream) setTimeout(() => { if (em.stream === stream) em.listen(); }, 3000);
  });
};

em.refresh = async () => {
  try {
    em.setSnapshot(await em.fetchJson('snapshot'));
    em.lost = '';
    em.changed('patch');
  } catch (e) {
    em.lost ||= em.clock(new Date().toISOString());
    em.changed('connection');
  }
};

/** Light, dark, or as the reader's machine has it. */
em.theme = name => {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  em.changed('theme');
};

em.start = async () => {
  const root = document.getElementById('page'), holder = em.el('div', {id: 'interactive'});
  em.setSnapshot(await em.inline('snapshot') || await em.fetchJson('snapshot'));
  root.prepend(holder);
  document.getElementById('plain-head')?.remove();
  const s = em.store.snapshot;
  em.view.sweep = s.sweeps[0]?.name || '';
  em.view.threshold = s.thresholds[0]?.name || '';
  em.view.metric = s.metrics.find(em.hasMetric) || '';
  em.view.logY = em.isLoss(em.view.metric);
  em.defaults = {...em.view};
  em.readHash();
  em.parts.forEach(part => part(holder));
  em.on(() => em.writeHash());
  addEventListener('hashchange', em.followHash);
  em.changed('start');
  // Paper is white: what scripts draw is drawn in the light theme's colours while it is printed.
  let before = null;
  addEventListener('beforeprint', () => { before ??= [document.documentElement.dataset.theme]; em.theme('light'); });
  addEventListener('afterprint', () => { if (before) em.theme(before[0]); before = null; });
  em.NARROW.addEventListener('change', () => em.changed('law'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => em.changed('theme'));
  if (s.live) {
    em.listen();
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) { em.stream.close(); em.stream = null; } else { em.refresh(); em.listen(); }
    });
  }
  document.documentElement.dataset.ready = 'true';
};
em.start().catch(e => document.getElementById('page').prepend(em.el('p', {class: 'lost', role: 'alert'}, `The page could not start: ${e.message}`)));
