// How patterns of attention are painted: colours fixed from 0 to 1, the keys that matter outlined.

/** Colour of round(255 sqrt(p)), the same scale in every frame. */
em.heat = () => {
  const dark = em.isDark();
  if (em.heat.dark === dark) return em.heat.table;
  em.heat.dark = dark;
  em.heat.table = Array.from({length: 256}, (_, i) => {
    const s = i / 255;
    return em.rgb(dark ? em.oklch(0.2 + 0.72 * s, 0.02 + 0.14 * Math.sin(Math.PI * Math.min(1, s)), 290 - 190 * s) : em.oklch(0.98 - 0.7 * s, 0.01 + 0.15 * Math.sin(Math.PI * Math.min(1, 0.2 + 0.8 * s)) * s, 95 + 190 * s));
  });
  return em.heat.table;
};
em.rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));

/** The keys that matter, where several keys share a column. */
em.pooled = (relevant, keys) => {
  if (relevant.length <= keys) return relevant;
  const out = Array(keys).fill(0);
  relevant.forEach((one, k) => { if (one) out[Math.floor(k * keys / relevant.length)] = 1; });
  return out;
};

/** Fills a canvas, a cell an entry, with colours of [row][column]. @return the side of a cell and the height of a row */
em.cells = (canvas, rows, keys, colorOf) => {
  const cell = Math.max(2, Math.floor(150 / Math.max(rows, keys)));
  canvas.width = keys * cell; canvas.height = rows * cell * (rows === 1 ? Math.max(1, Math.round(20 / cell)) : 1);
  const c = canvas.getContext('2d'), tall = canvas.height / rows;
  for (let q = 0; q < rows; q++) {
    for (let k = 0; k < keys; k++) {
      const [r, g, b] = colorOf(q, k);
      c.fillStyle = `rgb(${r},${g},${b})`;
      c.fillRect(k * cell, q * tall, cell, tall);
    }
  }
  return [cell, tall];
};

/** A head's pattern with the keys that matter framed: those of the last query, and of other queries where they are known. */
em.paint = (canvas, head, film) => {
  const table = em.heat(), {queries, keys} = head, relevant = em.pooled(film.relevant, keys), truth = film.truth || [];
  const [cell, tall] = em.cells(canvas, queries, keys, (q, k) => table[head.pixels[q * keys + k]]);
  const c = canvas.getContext('2d'), length = Math.max(film.relevant.length, keys);
  c.strokeStyle = em.css('--truth'); c.lineWidth = 1.5;
  for (let i = 0; i < truth.length && queries > 1 && cell >= 4; i += 2) {
    const q = Math.floor(truth[i] * queries / length), k = Math.floor(truth[i + 1] * keys / length);
    if (q < queries - 1) c.strokeRect(k * cell + 0.75, q * cell + 0.75, cell - 1.5, cell - 1.5);
  }
  if (relevant.length === keys) {
    relevant.forEach((one, k) => { if (one) c.strokeRect(k * cell + 0.75, canvas.height - tall + 0.75, cell - 1.5, tall - 1.5); });
  }
};

/** The chosen head of the first run less that of the second: orange above, blue below, from -1 to 1 in every frame. */
em.drawDifference = time => {
  const f = em.film, [a, b] = f.views;
  const [x, y] = [a, b].map(view => view.film && view.film.frames[em.frameAt(view, time)].heads.get(em.view.head));
  const comparable = Boolean(x && y && x.queries === y.queries && x.keys === y.keys);
  f.apart.hidden = !b.film;
  f.difference.hidden = !comparable;
  if (!b.film) return;
  if (!comparable) { f.differenceNote.textContent = 'The two patterns have different sizes: there is no difference to draw.'; return; }
  const paper = em.isDark() ? 30 : 248, [more, less] = [[230, 97, 1], [33, 102, 172]];
  let largest = 0;
  em.cells(f.difference, x.queries, x.keys, (q, k) => {
    const i = q * x.keys + k, d = (x.pixels[i] / 255) ** 2 - (y.pixels[i] / 255) ** 2, s = Math.sqrt(Math.abs(d)), to = d > 0 ? more : less;
    largest = Math.max(largest, Math.abs(d));
    return to.map(v => Math.round(paper + s * (v - paper)));
  });
  f.difference.setAttribute('aria-label', `Difference of the two patterns of layer ${x.layer}, head ${x.head}; the largest is ${largest.toFixed(2)}`);
  f.differenceNote.textContent = `Layer ${x.layer}, head ${x.head}: the upper run less the lower. Orange: more attention in the upper, blue: less; from -1 to 1 in every frame. The largest difference is ${largest.toFixed(2)}.`;
};

/** The query whose attention is told in numbers, in words. */
em.queryName = film => film.query === film.tokens - 1 ? 'the last query' : `query ${film.query + 1} of ${film.tokens}`;

/** The whole run in one picture: frames across, keys down, the attention of one query as colour. */
em.drawCarpet = () => {
  const f = em.film, view = f.views[0], {film} = view, heads = film.frames.map(frame => frame.heads.get(em.view.head)).filter(h => h);
  if (heads.length === 0) return;
  const keys = heads[0].keys, W = Math.max(6, Math.floor(620 / heads.length)), H = Math.max(3, Math.min(14, Math.floor(220 / keys))), table = em.heat(), cross = em.crossingFrame(view);
  f.carpet.width = W * heads.length; f.carpet.height = H * keys;
  const c = f.carpet.getContext('2d');
  heads.forEach((head, i) => {
    const row = Math.floor(film.query * head.queries / film.tokens);
    for (let k = 0; k < keys; k++) {
      const [r, g, b] = table[head.pixels[row * keys + k]];
      c.fillStyle = `rgb(${r},${g},${b})`;
      c.fillRect(i * W, k * H, W, H);
    }
  });
  c.strokeStyle = em.css('--truth'); c.lineWidth = 1.5;
  em.pooled(film.relevant, keys).forEach((one, k) => { if (one && film.relevant.length >= keys) c.strokeRect(0.75, k * H + 0.75, f.carpet.width - 1.5, H - 1.5); });
  if (cross >= 0) { c.beginPath(); c.moveTo(cross * W, 0); c.lineTo(cross * W, f.carpet.height); c.stroke(); }
  const head = heads[0], last = heads[heads.length - 1];
  f.carpet.setAttribute('aria-label', `Attention of ${em.queryName(film)} in layer ${head.layer}, head ${head.head} over the training: ${keys} keys down, ${heads.length} frames across${last.mass === null ? '' : `; mass on the keys that matter goes from ${head.mass.toFixed(2)} to ${last.mass.toFixed(2)}`}`);
  f.carpetNote.textContent = `Layer ${head.layer}, head ${head.head} over the whole run, by ${em.queryName(film)}: frames from ${em.count(film.frames[0].step)} to ${em.count(film.frames[film.frames.length - 1].step)} across, keys down${cross >= 0 ? '; the upright line is emergence' : ''}.`;
};
