// Attention over the training: one step for all heads, a strip of the chosen head, what the truth is on top.
em.parts.push(root => {
  const pick = em.el('select', {id: 'film-run', onchange: () => { em.view.run = pick.value; em.view.head = ''; em.changed('selection'); }});
  const slider = em.el('input', {type: 'range', id: 'film-step', min: '0', max: '0', step: '1', 'aria-label': 'Frame', oninput: () => em.goTo(Number(slider.value))});
  const play = em.el('button', {type: 'button', id: 'play', onclick: () => em.play()}, 'Play');
  const cross = em.el('button', {type: 'button', id: 'to-crossing', onclick: () => em.toCrossing()}, 'Go to emergence');
  const at = em.el('output', {id: 'film-at', for: 'film-step'});
  const heads = em.el('div', {id: 'heads', class: 'heads'}), strip = em.el('div', {id: 'strip', class: 'strip'}), carpet = em.el('canvas', {id: 'carpet', class: 'carpet', role: 'img'}), carpetNote = em.el('p', {class: 'note'}), note = em.el('p', {class: 'note', id: 'film-note'});
  const section = em.el('section', {id: 'film', 'aria-labelledby': 'film-title'}, em.el('h2', {id: 'film-title'}, 'Attention emerging'),
    em.el('div', {class: 'controls'}, em.el('label', {}, 'Run ', pick), play, em.el('label', {class: 'grow'}, 'Frame ', slider), at, cross), heads, strip, note, carpet, carpetNote);
  root.append(section);
  em.film = {slider, at, heads, strip, carpet, carpetNote, note, play, section, shown: null, frame: 0, timer: 0};
  em.on(async what => {
    if (!['start', 'selection', 'patch', 'theme', 'sweep', 'threshold'].includes(what)) return;
    const filmed = em.placed().filter(p => p.run.film && (em.store.snapshot.live || document.getElementById(`film-${p.run.id}`)));
    section.hidden = filmed.length === 0;
    if (filmed.length === 0) return;
    em.choose(pick, filmed.map(p => [p.run.id, em.name(p)]), filmed.some(p => p.run.id === em.view.run) ? em.view.run : filmed[filmed.length - 1].run.id);
    try {
      const film = await em.loadFilm(pick.value);
      if (film) em.showFilm(pick.value, film, what === 'patch');
    } catch (e) { note.textContent = `The film could not be read (${e.message}).`; }
  });
});

em.showFilm = (id, film, keep) => {
  const f = em.film, before = f.shown?.id === id ? f.shown.film.frames[f.frame]?.step : null;
  const last = f.shown?.id === id && f.frame === f.shown.film.frames.length - 1;
  f.shown = {id, film, place: em.placed().find(p => p.run.id === id)};
  f.slider.max = String(film.frames.length - 1);
  const names = [...film.frames[film.frames.length - 1].heads.keys()];
  const final = name => film.frames[film.frames.length - 1].heads.get(name)?.mass ?? -1;
  if (!names.includes(em.view.head)) em.view.head = [...names].sort((a, b) => final(b) - final(a))[0];
  const at = film.frames.findIndex(frame => frame.step === (before ?? em.view.step));
  f.frame = at >= 0 && !(keep && last) ? at : film.frames.length - 1;
  em.drawFrame();
  em.drawStrip();
  f.note.textContent = `${film.frames.length} frames${film.relevant.includes(1) ? '; boxes mark the keys that matter, mass is what the read-out puts on them' : ''}. Queries run down, keys across; colours go from 0 to 1 in every frame.`;
};

em.goTo = frame => {
  const f = em.film;
  f.frame = Math.max(0, Math.min(f.shown.film.frames.length - 1, frame));
  em.view.step = f.shown.film.frames[f.frame].step;
  em.drawFrame();
  em.changed('step');
  em.chart?.redraw(false);
};

em.crossingFrame = () => {
  const {film, place} = em.film.shown, e = place ? em.emergence(place.place) : {};
  return e.state === 'reached' ? film.frames.findIndex(frame => frame.step >= e.step) : -1;
};
em.toCrossing = () => { const at = em.crossingFrame(); if (at >= 0) em.goTo(at); };

em.play = () => {
  const f = em.film;
  if (f.timer) { clearInterval(f.timer); f.timer = 0; f.play.textContent = 'Play'; return; }
  if (f.frame === f.shown.film.frames.length - 1) em.goTo(0);
  if (em.reducedMotion()) { em.goTo(f.frame + 1); return; }
  f.play.textContent = 'Stop';
  f.timer = setInterval(() => {
    em.goTo(f.frame + 1);
    if (f.frame === f.shown.film.frames.length - 1) em.play();
  }, 220);
};

/** Colour of round(255 sqrt(p)), the same scale in every frame. */
em.heat = () => {
  const dark = em.isDark();
  if (em.heat.dark === dark) return em.heat.table;
  em.heat.dark = dark;
  const hex = v => [1, 3, 5].map(i => parseInt(v.slice(i, i + 2), 16));
  em.heat.table = Array.from({length: 256}, (_, i) => {
    const p = (i / 255) ** 2, s = Math.sqrt(p);
    return hex(dark ? em.oklch(0.2 + 0.72 * s, 0.02 + 0.14 * Math.sin(Math.PI * Math.min(1, s)), 290 - 190 * s) : em.oklch(0.98 - 0.7 * s, 0.01 + 0.15 * Math.sin(Math.PI * Math.min(1, 0.2 + 0.8 * s)) * s, 95 + 190 * s));
  });
  return em.heat.table;
};

/** The keys that matter, where several keys share a column. */
em.pooled = (relevant, keys) => {
  if (relevant.length <= keys) return relevant;
  const out = Array(keys).fill(0);
  relevant.forEach((one, k) => { if (one) out[Math.floor(k * keys / relevant.length)] = 1; });
  return out;
};

em.paint = (canvas, head, all, lastOnly) => {
  const relevant = em.pooled(all, head.keys);
  const rows = lastOnly ? 1 : head.queries, first = lastOnly ? head.queries - 1 : 0, table = em.heat();
  const cell = Math.max(2, Math.floor(150 / Math.max(rows, head.keys)));
  canvas.width = head.keys * cell; canvas.height = rows * cell * (rows === 1 ? Math.max(1, Math.round(20 / cell)) : 1);
  const c = canvas.getContext('2d'), tall = canvas.height / rows;
  for (let q = 0; q < rows; q++) {
    for (let k = 0; k < head.keys; k++) {
      const [r, g, b] = table[head.pixels[(first + q) * head.keys + k]];
      c.fillStyle = `rgb(${r},${g},${b})`;
      c.fillRect(k * cell, q * tall, cell, tall);
    }
  }
  c.strokeStyle = em.css('--truth'); c.lineWidth = 1.5;
  const truth = em.film.shown.film.truth || [], length = Math.max(all.length, head.keys);
  for (let i = 0; i < truth.length && !lastOnly && rows > 1 && cell >= 4; i += 2) {
    const q = Math.floor(truth[i] * rows / length), k = Math.floor(truth[i + 1] * head.keys / length);
    if (q < rows - 1) c.strokeRect(k * cell + 0.75, q * cell + 0.75, cell - 1.5, cell - 1.5);
  }
  if (relevant.length === head.keys) {
    relevant.forEach((one, k) => { if (one) c.strokeRect(k * cell + 0.75, canvas.height - tall + 0.75, cell - 1.5, tall - 1.5); });
  }
};

em.drawFrame = () => {
  const f = em.film, {film} = f.shown, frame = film.frames[f.frame], cross = em.crossingFrame();
  f.slider.value = String(f.frame);
  f.slider.setAttribute('aria-valuetext', `${em.store.snapshot.experiment.x} ${frame.step}`);
  f.at.textContent = `${em.store.snapshot.experiment.x} ${frame.step}${frame.label ? ` (${frame.label})` : ''}${cross >= 0 && f.frame >= cross ? ', emerged' : cross >= 0 ? ', before emergence' : ''}`;
  const names = [...frame.heads.keys()];
  if (f.heads.childElementCount !== names.length || f.heads.firstElementChild?.dataset.run !== f.shown.id) {
    em.replace(f.heads, names.map(name => em.el('button', {type: 'button', class: 'head', 'data-head': name, 'data-run': f.shown.id,
      onclick: () => { em.view.head = name; em.drawFrame(); em.drawStrip(); }}, em.el('span', {class: 'headname'}), em.el('canvas'), em.el('span', {class: 'note'}))));
  }
  names.forEach((name, i) => {
    const head = frame.heads.get(name), button = f.heads.children[i];
    em.paint(button.querySelector('canvas'), head, film.relevant, false);
    button.firstElementChild.textContent = `layer ${head.layer}, head ${head.head}`;
    button.lastElementChild.textContent = head.mass === null ? `entropy ${em.num(head.entropy)}` : `mass ${head.mass.toFixed(2)} (chance ${(film.relevant.reduce((a, b) => a + b, 0) / film.relevant.length).toFixed(film.relevant.length > 100 ? 3 : 2)})`;
    button.setAttribute('aria-pressed', name === em.view.head ? 'true' : 'false');
  });
  [...f.strip.querySelectorAll('button')].forEach((b, i) => b.setAttribute('aria-current', i === f.frame ? 'step' : 'false'));
};

/** The chosen head in every frame: the jump fills the strip, because frames are kept where the pattern changes. */
em.drawStrip = () => {
  const f = em.film, {film} = f.shown, cross = em.crossingFrame();
  em.replace(f.strip, film.frames.map((frame, i) => {
    const head = frame.heads.get(em.view.head);
    if (!head) return null;
    const canvas = em.el('canvas');
    em.paint(canvas, head, film.relevant, false);
    return em.el('button', {type: 'button', class: i === cross ? 'crossing' : '', 'aria-label': `frame at ${frame.step}`, 'aria-current': i === f.frame ? 'step' : 'false', onclick: () => em.goTo(i)},
      canvas, em.el('span', {class: 'note'}, em.num(frame.step)));
  }));
  em.drawCarpet();
};

/** The whole run in one picture: frames across, keys down, the read-out's attention as colour. */
em.drawCarpet = () => {
  const f = em.film, {film} = f.shown, heads = film.frames.map(frame => frame.heads.get(em.view.head)).filter(h => h);
  if (heads.length === 0) return;
  const keys = heads[0].keys, W = Math.max(6, Math.floor(620 / heads.length)), H = Math.max(3, Math.min(14, Math.floor(220 / keys))), table = em.heat(), cross = em.crossingFrame();
  f.carpet.width = W * heads.length; f.carpet.height = H * keys;
  const c = f.carpet.getContext('2d');
  heads.forEach((head, i) => {
    for (let k = 0; k < keys; k++) {
      const [r, g, b] = table[head.pixels[(head.queries - 1) * keys + k]];
      c.fillStyle = `rgb(${r},${g},${b})`;
      c.fillRect(i * W, k * H, W, H);
    }
  });
  c.strokeStyle = em.css('--truth'); c.lineWidth = 1.5;
  em.pooled(film.relevant, keys).forEach((one, k) => { if (one && film.relevant.length >= keys) c.strokeRect(0.75, k * H + 0.75, f.carpet.width - 1.5, H - 1.5); });
  if (cross >= 0) { c.beginPath(); c.moveTo(cross * W, 0); c.lineTo(cross * W, f.carpet.height); c.stroke(); }
  const head = heads[0], last = heads[heads.length - 1];
  f.carpet.setAttribute('aria-label', `Attention of the read-out of layer ${head.layer}, head ${head.head} over the training: ${keys} keys down, ${heads.length} frames across${last.mass === null ? '' : `; mass on the keys that matter goes from ${head.mass.toFixed(2)} to ${last.mass.toFixed(2)}`}`);
  f.carpetNote.textContent = `The read-out of layer ${head.layer}, head ${head.head} over the whole run: frames from ${em.num(film.frames[0].step)} to ${em.num(film.frames[film.frames.length - 1].step)} across, keys down${cross >= 0 ? '; the upright line is emergence' : ''}.`;
};
