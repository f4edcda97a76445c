// Arithmetic of what is drawn; nothing here looks at the page.

/** Ticks of an axis: decades (with 2 and 5 where there are few), or round numbers. */
em.ticks = (low, high, log, most = 7) => {
  if (!(high > low)) return [low];
  if (log) {
    const out = [];
    const decades = Math.log10(high / low);
    const factors = decades < 1.5 ? [1, 2, 3, 5, 7] : decades < 3 ? [1, 2, 5] : [1];
    const every = Math.max(1, Math.ceil(decades / most));
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      if (e % every === 0) factors.forEach(f => { const v = Number(`${f}e${e}`); if (v >= low * 0.999 && v <= high * 1.001) out.push(v); });
    }
    return out;
  }
  const raw = (high - low) / most;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(f => f * unit).find(s => s >= raw);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-12); k++) out.push(Number((k * step).toPrecision(12)));
  return out;
};

/** The q-quantile of sorted numbers, between neighbours (as type 7 of Hyndman and Fan 1996). */
em.quantile = (sorted, q) => {
  if (sorted.length === 0) return NaN;
  const at = q * (sorted.length - 1), low = Math.floor(at);
  return low + 1 < sorted.length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
};

/** Running average with the start's bias taken out: a constant stays constant, later rows change no earlier one. */
em.smooth = (values, weight) => {
  let sum = 0, norm = 0;
  return values.map(v => {
    if (!Number.isFinite(v)) return v;
    sum = weight * sum + (1 - weight) * v;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
};

/** Mean and sample standard deviation, none of fewer than two. */
em.meanSd = values => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((a, b) => a + (b - mean) * (b - mean), 0);
  return [mean, values.length < 2 ? NaN : Math.sqrt(squares / (values.length - 1))];
};

/** Low, middle and high of numbers: median and quartiles, or the mean and one standard deviation to each side. */
em.summary = (values, statistic) => {
  if (statistic === 'mean') {
    const [mean, sd] = em.meanSd(values);
    return Number.isNaN(sd) ? {low: mean, mid: mean, high: mean} : {low: mean - sd, mid: mean, high: mean + sd};
  }
  const sorted = [...values].sort((a, b) => a - b);
  return {low: em.quantile(sorted, 0.25), mid: em.quantile(sorted, 0.5), high: em.quantile(sorted, 0.75)};
};

/**
 * A group of curves at each step at which all that have come that far have a row: no value is made up between rows. Long curves
 * bring rows of their own choice, such as their extremes, and a step that only some have would be summed up from those alone.
 */
em.bands = (curves, statistic = 'median') => {
  const at = new Map(), ends = [];
  for (const c of curves) {
    let end = -Infinity;
    for (let i = 0; i < c.x.length; i++) {
      if (!Number.isFinite(c.y[i])) continue;
      if (!at.has(c.x[i])) at.set(c.x[i], []);
      at.get(c.x[i]).push(c.y[i]);
      end = c.x[i];
    }
    ends.push(end);
  }
  const out = [];
  for (const step of [...at.keys()].sort((a, b) => a - b)) {
    const values = at.get(step), going = ends.filter(end => end >= step).length;
    if (values.length === going) out.push({step, n: going, ...em.summary(values, statistic)});
  }
  return out;
};

/** Numbers that lie within 5 % of their neighbour count as one: [[least, greatest, middle]], at most so many, else one range. */
em.clusters = (values, most) => {
  const sorted = [...values].sort((a, b) => a - b), out = [];
  for (const v of sorted) {
    const last = out[out.length - 1];
    if (last && v - last[1] <= 0.05 * Math.abs(v)) last[1] = v; else out.push([v, v]);
  }
  const groups = out.length <= most ? out : [[sorted[0], sorted[sorted.length - 1]]];
  return groups.map(([a, b]) => [a, b, (a + b) / 2]);
};

/** The index of the value nearest to x in ascending numbers. */
em.nearest = (xs, x) => {
  let low = 0, high = xs.length - 1;
  while (low < high) { const mid = (low + high) >> 1; if (xs[mid] < x) low = mid + 1; else high = mid; }
  return low > 0 && x - xs[low - 1] <= xs[low] - x ? low - 1 : low;
};
