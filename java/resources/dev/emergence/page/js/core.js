'use strict';
// One object holds all of the page; each file adds to it.
const em = {parts: [], listeners: []};

/** An element with attributes, listeners (on...) and children; texts enter as texts. */
em.el = (tag, attributes = {}, ...children) => em.fill(document.createElement(tag), attributes, children);
em.svg = (tag, attributes = {}, ...children) =>
  em.fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

em.fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== 'list' && name !== 'form' && !(element instanceof SVGElement) && typeof value === 'boolean') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined).map(c => c instanceof Node ? c : String(c)));
  return element;
};

/** New children; what a reader has opened among the old ones is open again, and the keyboard is where it was. */
em.replace = (element, ...children) => {
  const active = document.activeElement, focused = active !== element && element.contains(active) ? em.keyOf(active) : null;
  const alike = () => [...element.querySelectorAll(active.tagName)].filter(e => em.keyOf(e) === focused), at = focused === null ? 0 : alike().indexOf(active);
  const read = new Map([...element.querySelectorAll('details')].map(d => [em.keyOf(d), {open: d.open, top: d.lastElementChild.scrollTop}]));
  element.replaceChildren(...children.flat(Infinity).filter(c => c !== null && c !== undefined));
  if (read.size > 0) element.querySelectorAll('details').forEach(d => em.readOn(d, read.get(em.keyOf(d))));
  if (focused !== null) alike()[at]?.focus({preventScroll: true});
};

/** What an element is still known by when it is made anew. */
em.keyOf = e => e.id || e.dataset.key || e.getAttribute('aria-label') || e.textContent;

/** As the reader left it; what it holds may be made only when it opens. */
em.readOn = (details, was) => {
  if (!was) return;
  details.open = was.open;
  if (was.open) details.addEventListener('toggle', () => { details.lastElementChild.scrollTop = was.top; }, {once: true});
};

/** Columns of numbers, or a text, as the server packs them. */
em.decode = async column => {
  const packed = Uint8Array.from(atob(column.data), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const buffer = await new Response(stream).arrayBuffer();
  if (column.type === 'text') return new TextDecoder().decode(buffer);
  return column.type === 'f64' ? new Float64Array(buffer)
    : column.type === 'f32' ? new Float32Array(buffer) : new Uint8Array(buffer);
};

/** A power of ten as the report has it: 3·10⁻⁴. */
em.power = x => {
  const [digits, exponent] = x.toExponential(3).split('e');
  const factor = String(Number(digits)).replace('-', '−');
  const raised = [...exponent.replace('+', '')].map(c => c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join('');
  return factor === '1' ? `10${raised}` : factor === '−1' ? `−10${raised}` : `${factor}·10${raised}`;
};

/** A number with four digits that count, as figures write it: a power of ten from a million on, for whole numbers too. */
em.num = x => {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return String(x).replace('-', '−');
  const rounded = Number(x.toPrecision(4)), size = Math.abs(rounded);
  if (size < 1e-3 || size >= 1e6) return em.power(x);
  const text = String(rounded);
  return text.replace(/^-/, '−');
};

/** A time or a count of things: to the last one where it is whole, as in tables of times, because readers look them up. */
em.count = x => Number.isInteger(x) && Math.abs(x) < 1e15 ? String(x).replace('-', '−') : em.num(x);

em.duration = s => s === null || s === undefined ? '–' : s < 1 ? 'under 1 s' : s < 90 ? `${Math.round(s)} s`
  : s < 5400 ? `${em.num(Number((s / 60).toPrecision(2)))} min`
  : s < 129600 ? `${em.num(Number((s / 3600).toPrecision(2)))} h` : `${em.num(Number((s / 86400).toPrecision(2)))} days`;

em.word = metric => metric.replace(/^attention\.(\d+)\.(\d+)\.(.*)$/, 'attention $3 (layer $1, head $2)').replace(/[._]/g, ' ');

/** Oklab lightness, chroma, hue to sRGB (Ottosson 2020): the colours of the printed figures. */
em.oklch = (L, C, H) => {
  const h = H * Math.PI / 180;
  const rgb = c => {
    const a = c * Math.cos(h), b = c * Math.sin(h);
    const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
    return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s];
  };
  let chroma = C;
  while (chroma > 1e-3 && rgb(chroma).some(v => v < 0 || v > 1)) chroma *= 0.98;
  const channel = v => Math.round(255 * Math.min(1, Math.max(0, v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)));
  return '#' + rgb(chroma).map(v => channel(v).toString(16).padStart(2, '0')).join('');
};

/** Dark violet over blue and green to yellow, evenly in lightness; 3 to 1 against the paper of each theme. */
em.ramp = (share, dark) =>
  em.oklch((dark ? 0.53 : 0.3) + (dark ? 0.37 : 0.33) * share, 0.11 + 0.05 * share, 305 - 200 * share ** 1.15);

em.OKABE_ITO = ['#0072b2', '#b64a00', '#00805e', '#a8467f', '#8a5f00', '#2a7fae', '#444444'];
em.OKABE_ITO_DARK = ['#56b4e9', '#f08a45', '#2fc79a', '#e08fc0', '#e6a72e', '#9ad0f0', '#dddddd'];

/** Whether the window is a telephone's; page.css has the same width. */
em.NARROW = matchMedia('screen and (max-width: 600px)');
em.isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
};
em.css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Black or white, whichever is read better on a colour. */
em.inkOn = hex => {
  const linear = i => { const v = parseInt(hex.slice(i, i + 2), 16) / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5) > 0.179 ? '#000' : '#fff';
};

/** Colours of the values of an axis; a value has the same one everywhere. */
em.colors = (axis, dark = em.isDark()) => {
  const out = new Map();
  axis.values.forEach((value, i) => out.set(String(value), axis.ordered
    ? em.ramp(axis.values.length === 1 ? 0 : i / (axis.values.length - 1), dark)
    : (dark ? em.OKABE_ITO_DARK : em.OKABE_ITO)[i % 7]));
  return out;
};

em.announce = text => { em.live.textContent = text; };
em.on = listener => em.listeners.push(listener);
em.changed = what => em.listeners.forEach(listener => listener(what));
em.reducedMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
