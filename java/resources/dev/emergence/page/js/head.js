// What it is about, how far it is, and how long it will take.
em.STATES = ['complete', 'running', 'interrupted', 'to continue', 'to do', 'diverged', 'failed', 'damaged'];

/** Of these nothing more is to come: a page that has seen them misses nothing when its server ends with the last run. */
em.SETTLED = ['complete', 'diverged', 'failed'];

em.parts.push(root => {
  const title = em.el('h1'), question = em.el('p', {class: 'question'}), tiles = em.el('ul', {class: 'tiles', 'aria-label': 'Runs by state'});
  const bar = em.el('div', {class: 'progress', role: 'img'}), left = em.el('p', {class: 'note', id: 'left'});
  const connection = em.el('p', {class: 'note', id: 'connection', role: 'status'});
  const theme = em.el('button', {type: 'button', id: 'theme', onclick: () => em.theme(em.isDark() ? 'light' : 'dark')});
  em.live = em.el('p', {class: 'unseen', 'aria-live': 'polite'});
  root.append(em.el('header', {id: 'head'}, em.el('div', {class: 'row'}, title, theme), question, tiles, bar, left, connection, em.live));
  em.on(what => {
    if (what === 'step') return;
    const s = em.store.snapshot;
    title.textContent = s.experiment.name;
    question.textContent = s.experiment.question;
    theme.textContent = em.isDark() ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', em.isDark() ? 'Use light colours' : 'Use dark colours');
    const counts = new Map(em.STATES.map(state => [state, 0]));
    s.runs.forEach(run => counts.set(run.state, (counts.get(run.state) || 0) + 1));
    const emerged = s.runs.filter(run => run.places.some(place => em.emergence(place).state === 'reached')).length;
    // Of several thresholds the number is that of one.
    const by = s.thresholds.length > 1 ? ` (${(s.thresholds.find(t => t.name === em.view.threshold) || s.thresholds[0]).name})` : '';
    const shown = em.STATES.filter(state => counts.get(state) > 0);
    em.replace(tiles, em.el('li', {class: 'tile'}, em.el('b', {}, s.runs.length), s.runs.length === 1 ? ' run' : ' runs'),
      shown.map(state => em.el('li', {class: `tile ${state.replace(' ', '-')}`}, em.el('b', {}, counts.get(state)), ` ${state}`)),
      s.thresholds.length === 0 ? null : em.el('li', {class: 'tile'}, em.el('b', {}, emerged), ` emerged${by}`));
    const share = state => 100 * counts.get(state) / s.runs.length;
    em.replace(bar, shown.map(state => em.el('span', {class: `part ${state.replace(' ', '-')}`, 'data-state': state})));
    [...bar.children].forEach(part => { part.style.width = `${share(part.dataset.state)}%`; });
    bar.setAttribute('aria-label', shown.map(state => `${counts.get(state)} ${state}`).join(', '));
    left.textContent = !s.left || s.left.seconds === 0 ? '' : s.left.seconds === null ? `Time left: ${s.left.assumes}.`
      : `About ${em.duration(s.left.seconds)} left (${em.duration(s.left.low)} to ${em.duration(s.left.high)}), with ${s.left.assumes}.`;
    const finished = s.runs.every(run => em.SETTLED.includes(run.state));
    connection.textContent = !s.live ? '' : em.lost && finished ? `Finished: all runs had ended when the connection did, at ${em.lost}.`
      : em.lost ? `Not connected since ${em.lost}; what is shown may be old.` : `Live; last change at ${em.clock(s.as_of)}.`;
    connection.classList.toggle('lost', Boolean(em.lost) && !finished);
  });
});
em.clock = iso => iso ? new Date(iso).toLocaleTimeString('en-GB') : '';
