// The filter's language: comparisons of symbols, paths, metrics of emergence and state, with and, or, not.
em.filterWords = () => {
  const words = new Map([['seed', p => p.place.seed], ['state', p => em.stateOf(p)], ['step', p => p.run.step], ['id', p => p.run.id]]);
  for (const sweep of em.store.snapshot.sweeps) {
    for (const axis of sweep.axes) {
      for (const name of [axis.path, axis.symbol, axis.path.split('.').pop()]) if (!words.has(name)) words.set(name, p => p.values[axis.path]);
    }
  }
  for (const t of em.store.snapshot.thresholds) {
    words.set(t.name, p => { const e = p.place.emergence[t.name]; return e && e.state === 'reached' ? e.step : NaN; });
  }
  return words;
};

/** What a person calls the state: whether it emerged counts once it has ended. */
em.stateOf = p => {
  const e = em.emergence(p.place);
  if (p.run.state === 'complete') return e.state === 'unreached' ? 'unreached' : e.state === 'reached' ? 'reached' : 'complete';
  return p.run.state;
};

em.tokens = text => {
  const out = [];
  const form = /\s*(?:(<=|>=|==|!=|=|<|>|\(|\))|("[^"]*"|'[^']*')|([^\s()<>=!"']+))/y;
  let at = 0;
  while (at < text.trimEnd().length) {
    form.lastIndex = at;
    const m = form.exec(text);
    if (!m) throw new Error(`cannot read '${text.slice(at).trim()}'`);
    out.push(m[1] ? {op: m[1]} : m[2] ? {text: m[2].slice(1, -1)} : {word: m[3]});
    at = form.lastIndex;
  }
  return out;
};

/** A function of a placed run. @throws Error saying what cannot be read */
em.parseFilter = (text, words) => {
  const tokens = em.tokens(text);
  let at = 0;
  const is = word => at < tokens.length && tokens[at].word === word;
  const either = () => {
    let left = both();
    while (is('or')) { at++; const a = left, b = both(); left = p => a(p) || b(p); }
    return left;
  };
  const both = () => {
    let left = one();
    while (is('and')) { at++; const a = left, b = one(); left = p => a(p) && b(p); }
    return left;
  };
  const one = () => {
    if (is('not')) { at++; const inner = one(); return p => !inner(p); }
    if (at < tokens.length && tokens[at].op === '(') {
      at++;
      const inner = either();
      if (!(at < tokens.length && tokens[at].op === ')')) throw new Error("a ')' is missing");
      at++;
      return inner;
    }
    return comparison();
  };
  const comparison = () => {
    const left = operand(), op = tokens[at++], right = operand();
    if (!op || !op.op || '()'.includes(op.op)) throw new Error('a comparison such as d = 16 is expected');
    return p => em.compare(left(p), op.op, right(p));
  };
  const operand = () => {
    const token = tokens[at++];
    if (!token || token.op) throw new Error('a name or a number is missing');
    if (token.text !== undefined) return () => token.text;
    if (words.has(token.word)) return words.get(token.word);
    const number = Number(token.word);
    if (!Number.isNaN(number)) return () => number;
    const states = ['complete', 'reached', 'unreached', 'diverged', 'failed', 'running', 'interrupted', 'damaged', 'true', 'false'];
    const values = em.store.snapshot ? em.store.snapshot.sweeps.flatMap(s => s.axes.flatMap(a => a.values.map(String))) : [];
    if (states.includes(token.word) || values.includes(token.word)) return () => token.word;
    const near = [...words.keys()].map(w => [em.distance(w, token.word), w]).sort((a, b) => a[0] - b[0])[0];
    throw new Error(`nothing is called '${token.word}'` + (near && near[0] <= 2 ? `; did you mean '${near[1]}'?` : `; known: ${[...words.keys()].filter(w => !w.includes('.')).join(', ')}`));
  };
  const test = either();
  if (at < tokens.length) throw new Error(`and or or is expected before '${tokens[at].word ?? tokens[at].op ?? tokens[at].text}'`);
  return test;
};

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
