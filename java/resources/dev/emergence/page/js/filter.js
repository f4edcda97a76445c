// The filter's language: comparisons of symbols, paths, metrics of emergence and state, with and, or, not.
em.filterWords = () => {
  const words = new Map([['seed', p => p.place.seed], ['variant', p => p.values.variant ?? ''], ['state', p => em.stateOf(p)], ['step', p => p.place.step], ['id', p => p.run.id]]);
  for (const t of em.store.snapshot.thresholds) {
    words.set(t.name, p => { const e = p.place.emergence[t.name]; return e && e.state === 'reached' ? e.step : NaN; });
  }
  em.names().forEach((path, name) => { if (!words.has(name)) words.set(name, p => em.setting(p, path)); });
  return words;
};

/** Paths by the names that stand for them: of axes, then all symbols and paths of any condition, as --where knows them. */
em.names = () => em.memo('naming', [em.store.snapshot], () => {
  const {sweeps, experiment} = em.store.snapshot, names = new Map();
  const add = (name, path) => { if (!names.has(name)) names.set(name, path); };
  for (const axis of sweeps.flatMap(s => s.axes)) [axis.path, axis.symbol, axis.path.split('.').pop()].forEach(name => add(name, axis.path));
  const paths = new Set([experiment.base, ...experiment.bases || [], ...sweeps.flatMap(s => s.conditions.map(c => c.settings))].flatMap(Object.keys));
  Object.entries(experiment.symbols).filter(([, path]) => paths.has(path) || names.has(path)).forEach(([name, path]) => add(name, path));
  paths.forEach(path => add(path, path));
  return names;
});

/** A run's configuration: what is swept, what its sweep or variant sets, and the base file of its folder. */
em.settingsOf = p => {
  const {base, bases} = em.store.snapshot.experiment;
  return [p.values, em.conditions().get(p.place.condition).settings, bases?.[p.run.folder] || base];
};
/** A value of a run's configuration. */
em.setting = (p, path) => em.settingsOf(p).find(values => path in values)?.[path] ?? undefined;

/** Every value of a path in some condition. */
em.valuesOf = path => {
  const {sweeps, experiment} = em.store.snapshot;
  return [...sweeps.flatMap(s => s.axes).filter(a => a.path === path).flatMap(a => a.values),
    ...[experiment.base, ...experiment.bases || [], ...sweeps.flatMap(s => s.conditions.map(c => c.settings))].map(values => values[path])].filter(v => v !== null && v !== undefined);
};

/** What a person calls the state: whether it emerged counts once it has ended. */
em.stateOf = p => {
  const e = em.emergence(p.place);
  if (p.place.state === 'complete') return e.state === 'unreached' ? 'unreached' : e.state === 'reached' ? 'reached' : 'complete';
  return p.place.state;
};

em.tokens = text => {
  const out = [];
  const form = /\s*(?:(<=|>=|==|!=|[=<>()+*\/^-])|("[^"]*"|'[^']*')|([0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?)|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*))/y;
  let at = 0;
  while (at < text.trimEnd().length) {
    form.lastIndex = at;
    const m = form.exec(text);
    if (!m) throw new Error(`cannot read '${text.slice(at).trim()}'`);
    out.push(m[1] ? {op: m[1]} : m[2] ? {text: m[2].slice(1, -1)} : m[3] ? {number: Number(m[3])} : {word: m[4]});
    at = form.lastIndex;
  }
  return out;
};

em.FUNCTIONS = {sqrt: Math.sqrt, log: Math.log, exp: Math.exp};
em.OPERATORS = {'+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '^': (a, b) => a ** b};

/**
 * A function of a placed run: the grammar of --where, and = for ==. Weakest first: or; and; not; one comparison; + -; * /; sign; ^.
 * @throws Error saying what cannot be read
 */
em.parseFilter = (text, words) => {
  const tokens = em.tokens(text);
  let at = 0;
  const is = word => at < tokens.length && tokens[at].word === word;
  const op = (...ops) => at < tokens.length && ops.includes(tokens[at].op) ? tokens[at++].op : null;
  // A part is {value: function, truth: whether it is a condition}.
  const truth = part => { if (!part.truth) throw new Error('a comparison such as d = 16 is expected'); return part.value; };
  const either = () => {
    let left = both();
    while (is('or')) { at++; const a = truth(left), b = truth(both()); left = {truth: true, value: p => a(p) || b(p)}; }
    return left;
  };
  const both = () => {
    let left = one();
    while (is('and')) { at++; const a = truth(left), b = truth(one()); left = {truth: true, value: p => a(p) && b(p)}; }
    return left;
  };
  const one = () => {
    if (is('not')) { at++; const inner = truth(one()); return {truth: true, value: p => !inner(p)}; }
    const left = sum(), sign = op('<=', '>=', '==', '!=', '=', '<', '>');
    if (!sign) return left;
    const right = sum();
    return {truth: true, value: p => em.compare(left.value(p), sign, right.value(p))};
  };
  const chain = (next, ...ops) => {
    let left = next();
    for (let sign = op(...ops); sign; sign = op(...ops)) { const a = left.value, b = next().value, f = em.OPERATORS[sign]; left = {truth: false, value: p => f(a(p), b(p))}; }
    return left;
  };
  const sum = () => chain(product, '+', '-');
  const product = () => chain(signed, '*', '/');
  const signed = () => { if (!op('-')) return power(); const inner = signed().value; return {truth: false, value: p => -inner(p)}; };
  const power = () => {
    const base = atom();
    if (!op('^')) return base;
    const exponent = signed().value;
    return {truth: false, value: p => base.value(p) ** exponent(p)};
  };
  const closed = inner => { if (!op(')')) throw new Error("a ')' is missing"); return inner; };
  const atom = () => {
    if (op('(')) return closed(either());
    const token = tokens[at++];
    if (!token || token.op || ['and', 'or', 'not'].includes(token.word)) throw new Error('a name or a number is missing');
    if (token.number !== undefined) return {truth: false, value: () => token.number};
    if (token.text !== undefined) return {truth: false, value: () => token.text};
    if (em.FUNCTIONS[token.word] && op('(')) { const inner = closed(sum()).value, f = em.FUNCTIONS[token.word]; return {truth: false, value: p => f(inner(p))}; }
    return named(token.word);
  };
  const named = word => {
    if (words.has(word)) return {truth: em.isSwitch(word), value: words.get(word)};
    const states = ['complete', 'reached', 'unreached', 'diverged', 'failed', 'running', 'interrupted', 'damaged', 'true', 'false'];
    const values = em.words();
    if (states.includes(word) || values.has(word)) return {truth: false, value: () => word};
    const near = [...words.keys()].map(w => [em.distance(w, word), w]).sort((a, b) => a[0] - b[0])[0];
    throw new Error(`nothing is called '${word}'` + (near && near[0] <= 2 ? `; did you mean '${near[1]}'?` : `; known: ${[...words.keys()].filter(w => !w.includes('.')).slice(0, 30).join(', ')}`));
  };
  const test = truth(either());
  if (at < tokens.length) throw new Error(`and or or is expected before '${tokens[at].word ?? tokens[at].op ?? tokens[at].text ?? tokens[at].number}'`);
  return test;
};

/** Whether a name stands for values that are true or false, and so is a condition by itself. */
em.isSwitch = name => {
  const values = em.names().has(name) ? em.valuesOf(em.names().get(name)) : [];
  return values.length > 0 && values.every(v => typeof v === 'boolean');
};

/** Values that a condition may be compared with by their word: adam. */
em.words = () => em.memo('wording', [em.store.snapshot], () => new Set([...new Set(em.names().values())].flatMap(em.valuesOf).map(String)));

em.compare = (a, op, b) => {
  if (op === '=' || op === '==') return String(a) === String(b) || (typeof a === 'number' && a === Number(b));
  if (op === '!=') return !em.compare(a, '=', b);
  if (a === undefined) return false;
  return op === '<' ? a < b : op === '>' ? a > b : op === '<=' ? a <= b : a >= b;
};

em.distance = (a, b) => {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
};

/** The filter in force; one that cannot be read lets all through and says why. */
em.filterTest = () => {
  em.filterError = '';
  if (em.view.filter.trim() === '') return () => true;
  try {
    return em.parseFilter(em.view.filter, em.filterWords());
  } catch (e) {
    em.filterError = e.message;
    return () => true;
  }
};
