// Attention over the training: one step for all heads, a strip of the chosen head, what the truth is on top; a second run beside it.
em.parts.push(root => {
  const pick = em.el('select', {id: 'film-run', onchange: () => { em.view.run = pick.value; em.view.head = ''; em.changed('selection'); }});
  const other = em.el('select', {id: 'film-beside', onchange: () => { em.view.beside = other.value; em.changed('beside'); }});
  const clock = em.el('select', {id: 'film-clock', onchange: () => { em.view.clock = clock.value; em.changed('beside'); }},
    [['step', `the same ${em.store.snapshot.experiment.x}`], ['relative', em.relative()]].map(([value, text]) => em.el('option', {value}, text)));
  const slider = em.el('input', {type: 'range', id: 'film-step', min: '0', max: '0', step: '1', 'aria-label': 'Frame', oninput: () => em.goTo(Number(slider.value))});
  const play = em.el('button', {type: 'button', id: 'play', onclick: () => em.play()}, 'Play');
  const cross = em.el('button', {type: 'button', id: 'to-crossing', onclick: () => em.toCrossing()}, 'Go to emergence');
  const at = em.el('output', {id: 'film-at', for: 'film-step'}), note = em.el('p', {class: 'note', id: 'film-note'}), below = em.el('div');
  const views = ['', '-beside'].map(end => ({heads: em.el('div', {id: `heads${end}`, class: 'heads'}), strip: em.el('div', {id: `strip${end}`, class: 'strip'}), title: em.el('h3', {hidden: true}), film: null}));
  const carpet = em.el('canvas', {id: 'carpet', class: 'carpet', role: 'img'}), carpetNote = em.el('p', {class: 'note'});
  const difference = em.el('canvas', {id: 'difference', role: 'img'}), differenceNote = em.el('p', {class: 'note', id: 'difference-note'}), apart = em.el('div', {hidden: true}, difference, differenceNote);
  const section = em.el('section', {id: 'film', 'aria-labelledby': 'film-title'}, em.el('h2', {id: 'film-title'}, 'Attention emerging'),
    em.el('div', {class: 'controls'}, em.el('label', {}, 'Run ', pick), em.el('label', {}, 'Beside ', other), em.el('label', {}, 'at ', clock), play, em.el('label', {class: 'grow'}, 'Frame ', slider), at, cross),
    views.map(v => [v.title, v.heads, v.strip]), note, apart, carpet, carpetNote, below);
  root.append(section);
  em.film = {slider, at, views, carpet, carpetNote, difference, differenceNote, apart, note, play, section, clock, below, frames: [], frame: 0, timer: 0};
  let wanted = 0;
  em.on(async what => {
    if (!['start', 'selection', 'patch', 'theme', 'sweep', 'threshold', 'beside'].includes(what)) return;
    const filmed = em.placed().filter(p => p.run.film && (em.store.snapshot.live || document.getElementById(`film-${p.run.id}`)));
    section.hidden = filmed.length === 0;
    if (filmed.length === 0) return;
    const own = key => { const p = em.find(key); return filmed.includes(p) ? p.key : ''; }, first = own(em.view.run) || filmed[filmed.length - 1].key;
    const second = own(em.view.beside) !== first ? own(em.view.beside) : '';
    em.choose(pick, filmed.map(p => [p.key, em.name(p)]), first);
    em.choose(other, [['', 'nothing'], ...filmed.filter(p => p.key !== first).map(p => [p.key, em.name(p)])], second);
    clock.value = em.view.clock;
    clock.parentElement.hidden = second === '';
    const mine = ++wanted;
    try {
      const films = await Promise.all([first, second].filter(key => key).map(key => em.loadFilm(em.find(key).run.id)));
      // A film that came late is no longer what was chosen.
      if (mine !== wanted) return;
      const keys = [first, second], seen = films.map((film, i) => film && em.filmOf(em.find(keys[i]), film));
      if (seen[0] && seen[0].frames.length > 0) em.showFilms(keys, seen, what);
      else note.textContent = 'This run has no frame up to the end of its condition.';
    } catch (e) { note.textContent = `The film could not be read (${e.message}).`; }
  });
});

/** The frames up to the condition's own end. */
em.filmOf = (p, film) => ({...film, frames: film.frames.filter(frame => frame.step <= p.place.end)});

/** Where a frame stands on the common clock: its step, or its step over the run's emergence. */
em.clockOf = view => {
  const e = view.place ? em.emergence(view.place.place) : {};
  return em.view.clock === 'relative' && e.state === 'reached' && e.step > 0 ? step => step / e.step : step => step;
};

em.showFilms = (keys, films, what) => {
  const f = em.film, [a, b] = f.views, same = a.id === keys[0];
  const before = same ? f.frames[f.frame] : null, atEnd = same && f.frame === f.frames.length - 1;
  const names = [...films[0].frames[films[0].frames.length - 1].heads.keys()];
  f.views.forEach((view, i) => { view.id = keys[i]; view.film = films[i] || null; view.place = em.find(keys[i]); });
  const relative = em.view.clock === 'relative' && b.film;
  f.views.forEach(view => { view.clock = relative ? em.clockOf(view) : step => step; });
  f.frames = [...new Set(f.views.filter(v => v.film).flatMap(v => v.film.frames.map(frame => v.clock(frame.step))))].sort((x, y) => x - y);
  f.slider.max = String(f.frames.length - 1);
  const final = name => films[0].frames[films[0].frames.length - 1].heads.get(name)?.mass ?? -1;
  if (!names.includes(em.view.head)) em.view.head = [...names].sort((x, y) => final(y) - final(x))[0];
  const looked = em.view.step === null ? null : a.clock(em.view.step), wanted = ['beside', 'start'].includes(what) ? looked : before ?? looked;
  const at = wanted === null ? -1 : what === 'beside' ? em.nearest(f.frames, wanted) : f.frames.indexOf(wanted);
  f.frame = at >= 0 && !(what === 'patch' && atEnd) ? at : f.frames.length - 1;
  f.views.forEach(view => { view.title.hidden = !b.film; view.title.textContent = view.place ? em.name(view.place) : ''; view.heads.hidden = view.strip.hidden = !view.film; });
  em.drawFrame();
  em.drawStrip();
  const film = films[0];
  f.note.textContent = `${film.frames.length} frames${film.relevant.includes(1) ? '; boxes mark the keys that matter, mass is what the last query puts on them' : `${(film.truth || []).length > 0 ? '; boxes mark the keys that matter' : ''}; entropy is that of ${em.queryName(film)}`}. Queries run down, keys across; colours go from 0 to 1 in every frame.`
    + (relative && f.views.some(v => v.place && em.emergence(v.place.place).state !== 'reached') ? ' A run that has not emerged is shown by its steps.' : '');
};

/** The frame that a run shows at a time of the common clock: the last one by then. */
em.frameAt = (view, time) => {
  const frames = view.film.frames;
  let i = 0;
  while (i + 1 < frames.length && view.clock(frames[i + 1].step) <= time * (1 + 1e-12)) i++;
  return i;
};

em.goTo = frame => {
  const f = em.film;
  if (!f.views[0].film) return;
  f.frame = Math.max(0, Math.min(f.frames.length - 1, frame));
  em.view.step = f.views[0].film.frames[em.frameAt(f.views[0], f.frames[f.frame])].step;
  em.drawFrame();
  em.changed('step');
};

em.crossingFrame = view => {
  const e = view.place ? em.emergence(view.place.place) : {};
  return e.state === 'reached' ? view.film.frames.findIndex(frame => frame.step >= e.step) : -1;
};
em.toCrossing = () => {
  const f = em.film, [a] = f.views, at = a.film ? em.crossingFrame(a) : -1;
  if (at >= 0) em.goTo(f.frames.indexOf(a.clock(a.film.frames[at].step)));
};

em.play = () => {
  const f = em.film;
  if (f.timer) { clearInterval(f.timer); f.timer = 0; f.play.textContent = 'Play'; return; }
  if (f.frames.length === 0) return;
  if (f.frame === f.frames.length - 1) em.goTo(0);
  if (em.reducedMotion()) { em.goTo(f.frame + 1); return; }
  f.play.textContent = 'Stop';
  f.timer = setInterval(() => {
    em.goTo(f.frame + 1);
    if (f.frame === f.frames.length - 1) em.play();
  }, 220);
};

em.drawFrame = () => {
  const f = em.film, time = f.frames[f.frame], [a, b] = f.views, x = em.store.snapshot.experiment.x;
  f.slider.value = String(f.frame);
  f.views.filter(view => view.film).forEach(view => em.drawHeads(view, em.frameAt(view, time)));
  const frame = a.film.frames[em.frameAt(a, time)], cross = em.crossingFrame(a);
  f.slider.setAttribute('aria-valuetext', `${x} ${frame.step}`);
  const emerged = cross >= 0 && em.frameAt(a, time) >= cross;
  f.at.textContent = `${x} ${frame.step}${frame.label ? ` (${frame.label})` : ''}${emerged ? ', emerged' : cross >= 0 ? ', before emergence' : ''}`;
  if (b.film) {
    const beside = b.film.frames[em.frameAt(b, time)];
    f.at.textContent += ` | beside: ${x} ${beside.step}`;
  }
  em.drawDifference(time);
};

em.drawHeads = (view, at) => {
  const {film, heads} = view, frame = film.frames[at], names = [...frame.heads.keys()];
  if (heads.childElementCount !== names.length || heads.firstElementChild?.dataset.run !== view.id) {
    em.replace(heads, names.map(name => em.el('button', {type: 'button', class: 'head', 'data-head': name, 'data-run': view.id,
      onclick: () => { em.view.head = name; em.drawFrame(); em.drawStrip(); }}, em.el('span', {class: 'headname'}), em.el('canvas'), em.el('span', {class: 'note'}), em.el('span', {class: 'massline'}))));
  }
  const chance = film.relevant.reduce((sum, one) => sum + one, 0) / film.relevant.length;
  names.forEach((name, i) => {
    const head = frame.heads.get(name), button = heads.children[i];
    em.paint(button.querySelector('canvas'), head, film);
    button.children[0].textContent = `layer ${head.layer}, head ${head.head}`;
    button.children[2].textContent = head.mass === null ? `entropy ${em.num(head.entropy)}` : `mass ${head.mass.toFixed(2)} (chance ${chance.toFixed(film.relevant.length > 100 ? 3 : 2)})`;
    em.replace(button.children[3], em.massLine(film, name, at));
    button.setAttribute('aria-pressed', name === em.view.head ? 'true' : 'false');
  });
  [...view.strip.querySelectorAll('button')].forEach((b, i) => b.setAttribute('aria-current', i === at ? 'step' : 'false'));
};

/** A head's mass over the frames, with the frame that is shown and the first with half of its last mass. */
em.massLine = (film, name, at) => {
  const masses = film.frames.map(frame => frame.heads.get(name)?.mass ?? null);
  if (masses.some(m => m === null)) return null;
  const px = i => 2 + 128 * (masses.length === 1 ? 0 : i / (masses.length - 1)), py = m => 18 - 16 * m, last = masses[masses.length - 1];
  const half = masses.findIndex(m => m >= last / 2);
  return em.svg('svg', {viewBox: '0 0 132 20', width: 132, height: 20, 'aria-hidden': 'true'},
    em.svg('path', {d: 'M' + masses.map((m, i) => `${px(i).toFixed(1)} ${py(m).toFixed(1)}`).join('L'), fill: 'none', stroke: em.css('--soft'), 'stroke-width': 1.2}),
    em.svg('path', {d: `M${px(half)} 1V19`, stroke: em.css('--truth'), 'stroke-width': 1}), em.svg('circle', {cx: px(at), cy: py(masses[at]), r: 2.6, fill: em.css('--accent')}));
};

/** The chosen head in every frame: the jump fills the strip, because frames are kept where the pattern changes. */
em.drawStrip = () => {
  const f = em.film;
  f.views.filter(view => view.film).forEach(view => {
    const cross = em.crossingFrame(view), at = em.frameAt(view, f.frames[f.frame]);
    em.replace(view.strip, view.film.frames.map((frame, i) => {
      const head = frame.heads.get(em.view.head);
      if (!head) return null;
      const canvas = em.el('canvas');
      em.paint(canvas, head, view.film);
      return em.el('button', {type: 'button', class: i === cross ? 'crossing' : '', 'aria-label': `frame at ${frame.step}`, 'aria-current': i === at ? 'step' : 'false', onclick: () => em.goTo(f.frames.indexOf(view.clock(frame.step)))},
        canvas, em.el('span', {class: 'note'}, em.count(frame.step)));
    }));
  });
  em.drawCarpet();
  em.replace(f.below, em.massTable());
};

/** The masses behind the film, made when it is opened. */
em.massTable = () => {
  const {film} = em.film.views[0], holder = em.el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Film as a table'}), names = [...film.frames[0].heads.keys()];
  return em.el('details', {id: 'film-table', ontoggle: () => em.replace(holder, em.el('table', {}, em.el('thead', {}, em.el('tr', {}, [em.store.snapshot.experiment.x, ...names.map(n => `layer ${n.replace('.', ', head ')}`)].map(h => em.el('th', {scope: 'col'}, h)))),
    em.el('tbody', {}, film.frames.map(frame => em.el('tr', {}, em.el('th', {scope: 'row'}, em.count(frame.step)), names.map(n => { const h = frame.heads.get(n); return em.el('td', {class: 'number'}, h ? em.num(h.mass ?? h.entropy) : ''); }))))))},
  em.el('summary', {}, film.relevant.includes(1) ? 'Mass on the keys that matter, as a table' : `Entropy of ${em.queryName(film)}, as a table`), holder);
};
