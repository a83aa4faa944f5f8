// Search without a server. The index is files: src/responsa/publish/search says how they are made and laid out.
// Text of articles and queries only ever becomes text of the page (textContent), never markup.
(() => {
  "use strict";
  const FOLDER = "/search/";
  const BUDGET = 61440; // bytes of lists for a query, so that a first one stays below 150 kB with all else
  const SHARD = 3600; // bytes of a shard of rare words
  const MOST = 24; // words of a query that count
  const PAGE = 10;

  // --- files: fetched once, let go where a newer query does not want them ---
  const held = new Map();
  const file = (path, json) => {
    if (!held.has(path)) {
      const stop = new AbortController();
      const got = fetch(FOLDER + path, { signal: stop.signal, cache: json === "fresh" ? "no-cache" : "default" }).then((answer) => {
        if (!answer.ok) throw new Error(path + ": " + answer.status);
        return json === "text" ? answer.text() : json ? answer.json() : answer.arrayBuffer().then((b) => new Uint8Array(b));
      });
      const entry = { got, stop, done: false };
      held.set(path, entry);
      got.then(() => { entry.done = true; }, () => held.delete(path));
    }
    return held.get(path).got;
  };
  const drop = (wanted) => held.forEach((entry, path) => {
    if (!entry.done && !wanted.has(path) && /^[wrsd]/.test(path)) { held.delete(path); entry.stop.abort(); }
  });

  let ready;
  const load = () => {
    ready = ready || file("index.json", "fresh").then((m) => {
      m.list = m.words ? m.words.split(" ") : [];
      m.at = new Map(m.list.map((word, at) => [word, at]));
      m.begins = m.starts.split(" ");
      m.stops = new Set(m.stop.split(" "));
      m.rules = m.steps.map(([least, rules]) => [least, new Map(rules.split(" ").map((rule) => rule.split(":")))]);
      m.runs = new RegExp("[" + m.unspaced + "]+|[^" + m.unspaced + "]+", "g");
      m.signs = new RegExp("[" + m.unspaced + "]");
      return m;
    });
    ready.catch(() => { ready = null; });
    return ready;
  };

  // --- words, as words.py has them ---
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const words = (m, text) => {
    const found = [];
    for (const run of fold(text).split(" ")) {
      for (const part of /^[\x00-\x7f]*$/.test(run) ? [run] : run.match(m.runs)) {
        if (!m.signs.test(part)) found.push(part);
        else for (let at = 0; at < Math.max(1, part.length - 1); at++) found.push(part.slice(at, at + 2));
      }
    }
    return found.filter(Boolean);
  };
  const stem = (m, word) => {
    if (m.stops.has(word)) return "";
    if (word.length < m.shortest || !/^[a-z]+$/.test(word)) return word.slice(0, m.longest);
    for (const [least, rules] of m.rules) {
      for (let length = Math.min(9, word.length - least); length > 0; length--) {
        const ending = rules.get(word.slice(-length));
        if (ending === undefined) continue;
        const rest = word.slice(0, -length);
        if (/[aeiouy]/.test(rest)) word = rest + ending;
        break;
      }
    }
    return word.slice(0, m.longest);
  };

  // --- lists, as bits.py and files.py write them ---
  const name = (text) => text === "" || (/^[a-z0-9-]+$/.test(text) && /[a-z0-9]/.test(text)) ? "-" + text
    : "_" + Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const varint = (s) => {
    let number = 0, unit = 1, byte;
    do { byte = s.bytes[s.at++]; number += (byte & 127) * unit; unit *= 128; } while (byte > 127);
    return number;
  };
  const decode = (bytes, bit, count, span, width, add, each) => {
    let low = 0, number = -1;
    for (let r = Math.floor(69 * 2 ** span / (100 * Math.max(count, 1))); r > 1; r = Math.floor(r / 2)) low++;
    const next = () => (bytes[bit >> 3] >> (7 - (bit++ & 7))) & 1;
    const read = (size) => { let value = 0; while (size--) value = value * 2 + next(); return value; };
    while (count-- > 0 && bit >> 3 < bytes.length) {
      let gap = 0;
      while (next()) gap++;
      number += gap * 2 ** low + read(low) + 1;
      each(number, read(width) + add);
    }
    return bit;
  };
  const shard = async (m, path) => {
    const s = { bytes: await file(path), at: 0 }, found = new Map();
    const text = new TextDecoder(), rows = [];
    let bit = 0, before = "";
    for (let total = varint(s); total > 0; total--) {
      const shared = s.bytes[s.at], length = s.bytes[s.at + 1];
      before = before.slice(0, shared) + text.decode(s.bytes.subarray(s.at + 2, s.at += 2 + length));
      rows.push([before, varint(s)]);
    }
    const bytes = s.bytes.subarray(s.at);
    for (const [term, count] of rows) {
      const list = [];
      bit = decode(bytes, bit, count, m.span, 3, 0, (id, level) => list.push(id, level));
      found.set(term, list);
    }
    return found;
  };
  const shardPath = (m, word) => {
    let low = 0, high = m.begins.length;
    while (low < high) { const middle = (low + high) >> 1; if (m.begins[middle] <= word) low = middle + 1; else high = middle; }
    return low ? "s/" + name(m.begins[low - 1]) + ".bin" : "";
  };

  // --- what stands for a word of the query ---
  const near = (a, b, most) => { // edits between two words, a swap of neighbours being one; most + 1 means more
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let older = [], old = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const now = [i];
      for (let j = 1; j <= b.length; j++) {
        now[j] = Math.min(old[j] + 1, now[j - 1] + 1, old[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) now[j] = Math.min(now[j], older[j - 2] + 1);
      }
      if (Math.min(...now) > most) return most + 1;
      older = old; old = now;
    }
    return old[b.length];
  };
  const size = (m, term) => { // twice the logarithm of its articles by m.frequent
    const sign = m.at.has(term) ? m.sizes.charCodeAt(m.at.get(term)) : 0;
    return sign - (sign > 96 ? 61 : sign > 64 ? 55 : 48);
  };
  const begun = (m, known, typed, most) => // the most frequent words that begin so
    known.filter((each) => each.startsWith(typed)).sort((a, b) => size(m, b) - size(m, a)).slice(0, most);
  const guess = async (m, word, typed, partial) => {
    let known = m.list;
    if (/^[a-z]/.test(typed) && m.letters.includes(typed[0])) {
      known = known.concat((await file("v/-" + typed[0] + ".txt", "text")).split(" "));
    }
    const longer = partial && typed.length > 1 ? begun(m, known, typed, 3) : [];
    if (longer.length) return longer.map((term) => ({ term, share: 0.9 }));
    const shorter = known.filter((each) => each.length > 3 && typed.startsWith(each)).sort((a, b) => b.length - a.length);
    if (partial && shorter.length) return [{ term: shorter[0], share: 0.9 }];
    if (word.length < 4) return [];
    const most = word.length < 8 ? 1 : 2;
    const close = known.map((term) => [near(word, term, most), term]).filter(([edits]) => edits <= most).sort((a, b) => a[0] - b[0]);
    return close.filter(([edits]) => edits === close[0][0]).slice(0, 2).map(([, term]) => ({ term, share: 0.6, guessed: true }));
  };
  const meant = async (m, typed, partial) => {
    const word = stem(m, typed);
    if (!word) return [];
    const found = { term: word, share: 1 };
    if (m.at.has(word)) {
      if (!partial || typed.length < 3) return [found];
      const longer = begun(m, m.list, typed, 3).filter((each) => each !== word);
      return [found, ...longer.slice(0, 2).map((term) => ({ term, share: 0.5 }))];
    }
    const path = shardPath(m, word);
    if (path && (await shard(m, path)).has(word)) return [found];
    return guess(m, word, typed, partial);
  };

  // --- the lists of a query, the rarest words first, as many as the budget holds ---
  const plan = (m, asked) => {
    const rare = [], best = [], rest = [], paths = new Set();
    let left = BUDGET;
    for (const word of asked) for (const { term } of word) {
      if (!m.at.has(term)) { rare.push(term); continue; }
      const count = m.frequent * 2 ** (size(m, term) / 2 + 0.25);
      const cost = (share) => (share * count * (4.7 + Math.log2(2 ** m.span / count / share))) / 8;
      const big = size(m, term) >= m.split;
      best.push({ term, count, path: "w/" + name(term) + ".bin", bytes: cost(big ? 0.38 : 1) });
      if (big) rest.push({ term, count, path: "r/" + name(term) + ".bin", bytes: cost(0.62) });
    }
    for (const term of rare) {
      const path = shardPath(m, term);
      if (!paths.has(path)) { left -= SHARD; paths.add(path); }
    }
    const order = (a, b) => a.count - b.count;
    const lists = [...best.sort(order), ...rest.sort(order)].filter((list, at) => {
      if (list.bytes > left && (at || rare.length)) return false;
      left -= list.bytes;
      return paths.add(list.path);
    });
    return { paths, lists };
  };
  const postings = async (m, term, chosen) => { // [count, numbers and levels by turns]
    if (!m.at.has(term)) {
      const list = (await shard(m, shardPath(m, term))).get(term) || [];
      return [list.length / 2, list];
    }
    const list = [], add = (id, level) => list.push(id, level);
    if (!chosen.has("w/" + name(term) + ".bin")) return [0, list];
    const s = { bytes: await file("w/" + name(term) + ".bin"), at: 0 };
    const count = varint(s), inside = varint(s);
    decode(s.bytes, s.at * 8, inside, m.span, 3, 0, add);
    const path = "r/" + name(term) + ".bin";
    if (inside < count && chosen.has(path)) {
      const r = { bytes: await file(path), at: 0 };
      const rest = varint(r);
      decode(r.bytes, r.at * 8, rest, m.span, 1, 0, add);
    }
    return [count, list];
  };
  const rarity = (m, count) => Math.log(1 + (m.articles - count + 0.5) / (count + 0.5));

  const scored = async (m, asked, chosen) => {
    const scores = new Map();
    let reach = 0;
    for (const word of asked) {
      const best = new Map();
      let most = 0;
      for (const { term, share } of word) {
        const [count, list] = await postings(m, term, chosen);
        if (!list.length) continue;
        const unit = share * rarity(m, count);
        most = Math.max(most, unit * 2.2);
        for (let at = 0; at < list.length; at += 2) {
          const value = unit * (m.lowest + (list[at + 1] + 0.5) * m.step);
          if (value > (best.get(list[at]) || 0)) best.set(list[at], value);
        }
      }
      reach += most;
      best.forEach((value, id) => scores.set(id, (scores.get(id) || 0) + value));
    }
    return { scores, reach };
  };
  const only = async (m, scores, subject) => {
    if (!m.subjects.some(([slug]) => slug === subject)) return;
    const s = { bytes: await file("f/" + name(subject) + ".bin"), at: 0 }, inside = new Set();
    const count = varint(s) && varint(s);
    decode(s.bytes, s.at * 8, count, m.span, 0, 0, (id) => inside.add(id));
    scores.forEach((_, id) => { if (!inside.has(id)) scores.delete(id); });
  };
  const face = async (m, id) => {
    const [places, ...faces] = await file("d/" + Math.floor(id / 2 ** m.faces) + ".json", true);
    const [url, title, slug, about] = faces[places.indexOf(id % 2 ** m.faces)] || ["", "", "", ""];
    const subject = (m.subjects.find((each) => each[0] === slug) || ["", ""])[1];
    return { url, title, subject, about };
  };
  const alike = (m, asked, title) => { // the weighed share of words that query and title have in common
    const wanted = new Set([].concat(...asked.map((word) => word.map(({ term }) => term))));
    const own = new Set(words(m, title).map((word) => stem(m, word)).filter(Boolean));
    const both = [...own].filter((term) => wanted.has(term)).length;
    return both / (own.size + asked.length - both || 1);
  };

  let turn = 0;
  const found = async (text, partial, subject, limit, stale) => {
    const m = await load();
    const typed = [...new Set(words(m, text.slice(0, 2000)))];
    const last = partial && /[\p{L}\p{N}]$/u.test(text) ? typed[typed.length - 1] : "";
    const content = typed.filter((word) => stem(m, word));
    const counted = content.length > MOST ? content.slice(0, MOST - 1).concat(content.slice(-1)) : content;
    drop(new Set([].concat(...counted.map((word) => stem(m, word)).map((word) =>
      m.at.has(word) ? [`w/${name(word)}.bin`, `r/${name(word)}.bin`] : [shardPath(m, word)]))));
    const asked = (await Promise.all(counted.map((word) => meant(m, word, word === last)))).filter((word) => word.length);
    if (stale()) return null;
    const { paths, lists } = plan(m, asked);
    drop(paths);
    lists.forEach(({ path }) => file(path).catch(() => 0));
    const { scores, reach } = await scored(m, asked, paths);
    if (subject) await only(m, scores, subject);
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const good = ranked.filter(([, score]) => score >= 0.3 * ranked[0][1]);
    const shown = await Promise.all(good.slice(0, limit).map(async ([id, score]) => ({ score, ...(await face(m, id)) })));
    const worth = new Map(shown.map((hit) => [hit, hit.score / (reach || 1) + 0.2 * alike(m, asked, hit.title)]));
    const first = shown.slice(0, PAGE).sort((a, b) => worth.get(b) - worth.get(a));
    const guessed = asked.length < counted.length || asked.some((word) => word.every((each) => each.guessed));
    const results = first.concat(shown.slice(PAGE)).filter((hit) => /^\/(?!\/)/.test(hit.url));
    return { results, more: good.length > limit, guessed, words: content.length };
  };
  // {results, more, guessed, words}, or null where a newer search has begun meanwhile.
  const search = async (text, { partial = false, subject = "", limit = PAGE } = {}) => {
    const mine = ++turn, stale = () => mine !== turn;
    try {
      const answer = await found(text, partial, subject, limit, stale);
      return stale() ? null : answer;
    } catch (error) {
      if (stale()) return null;
      throw error;
    }
  };
  window.responsaSearch = { search, stems: async (text) => load().then((m) => words(m, text).map((word) => stem(m, word))) };

  // --- the page: boxes in headers offer as one types, the search page lists ---
  const make = (tag, attributes, ...inside) => {
    const node = document.createElement(tag);
    Object.keys(attributes).forEach((key) => node.setAttribute(key, attributes[key]));
    node.append(...inside.filter(Boolean));
    return node;
  };
  const later = (wait, work) => {
    let timer;
    return (...values) => { clearTimeout(timer); timer = setTimeout(() => work(...values), wait); };
  };
  const nothing = (text, answer) => answer.words ? `Nothing found for “${text}”.` : "Type a word that says what it is about.";
  const FAILED = "Search cannot be reached just now. Try again.";

  const offers = (form, input) => {
    const list = make("div", { role: "listbox", id: input.id + "-list", "aria-label": "Questions found", hidden: "" });
    const status = make("p", { role: "status", class: "unseen" });
    let active = -1;
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
      .forEach(([key, value]) => input.setAttribute(key, value));
    form.append(list, status);
    const options = () => [...list.querySelectorAll("[role=option]")];
    const mark = (at) => {
      active = at;
      options().forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
      const chosen = options()[at];
      if (chosen) { input.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const open = (is) => { list.hidden = !is; input.setAttribute("aria-expanded", String(is)); if (!is) mark(-1); };
    const option = (href, at, ...inside) =>
      make("a", { role: "option", href, id: `${list.id}-${at}`, tabindex: "-1", "aria-selected": "false" }, ...inside);
    const show = (text, answer) => {
      const some = answer.results.length;
      const rows = answer.results.map((hit, at) => option(hit.url, at, make("span", {}, hit.title), make("small", {}, hit.subject)));
      if (some) rows.push(option(form.getAttribute("action") + "?q=" + encodeURIComponent(text), some, make("span", {}, "All results")));
      list.replaceChildren ? list.replaceChildren(...rows) : ((list.textContent = ""), list.append(...rows));
      status.textContent = some ? `${some} questions found${answer.guessed ? ", by the nearest words" : ""}. Arrow keys choose.` : nothing(text, answer);
      open(some > 0);
    };
    const look = later(120, async () => {
      const text = input.value.trim();
      if (!text) return open(false);
      try {
        const answer = await search(input.value, { partial: true, limit: 6 });
        if (answer && document.activeElement === input && input.value.trim() === text) show(text, answer);
      } catch (error) { status.textContent = FAILED; open(false); }
    });
    input.addEventListener("focus", () => load().catch(() => 0));
    input.addEventListener("input", look);
    input.addEventListener("keydown", (event) => {
      const count = options().length;
      if (event.isComposing) return;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); open(false); }
      else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        if (list.hidden) open(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(active < 0 && step < 0 ? count - 1 : active + step >= count ? -1 : Math.max(-1, active + step));
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) { event.preventDefault(); options()[active].click(); }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) open(false); });
  };

  const page = (form, input, box) => {
    const [status, list, more, filter] = ["status", "list", "more", "subject"].map((part) => box.querySelector(`[data-${part}]`));
    const fixed = document.title;
    let limit = PAGE;
    const subject = () => filter.value;
    const address = () => {
      const values = new URLSearchParams();
      if (input.value.trim()) values.set("q", input.value.trim());
      if (subject()) values.set("subject", subject());
      return location.pathname + (String(values) ? "?" + values : "");
    };
    const row = (hit) => make("li", {}, make("a", { href: hit.url }, hit.title), hit.subject && make("small", {}, hit.subject), hit.about && make("p", {}, hit.about));
    const say = (text, answer) => {
      const some = answer.results.length;
      status.textContent = some === 0 ? nothing(text, answer) + " The subjects below may lead there."
        : `${some}${answer.more ? " best" : ""} result${some > 1 ? "s" : ""} for “${text}”${answer.guessed ? ", by the nearest words there are" : ""}.`;
    };
    const run = async (partial, focus) => {
      const text = input.value.trim();
      document.title = text ? `${text} | ${fixed}` : fixed;
      box.hidden = !text;
      if (!text) return;
      box.setAttribute("aria-busy", "true");
      try {
        const answer = await search(input.value, { partial, subject: subject(), limit });
        if (!answer) return;
        list.textContent = "";
        list.append(...answer.results.map(row));
        more.hidden = !answer.more || limit >= 50;
        say(text, answer);
        const next = focus !== undefined && list.querySelectorAll("a")[focus];
        if (next) next.focus();
      } catch (error) { status.textContent = FAILED; list.textContent = ""; more.hidden = true; }
      box.removeAttribute("aria-busy");
    };
    const typed = later(120, () => { limit = PAGE; history.replaceState(null, "", address()); run(true); });
    const submit = () => { limit = PAGE; if (address() !== location.pathname + location.search) history.pushState(null, "", address()); run(false); };
    const restore = () => {
      const values = new URLSearchParams(location.search);
      input.value = values.get("q") || "";
      filter.value = [...filter.options].some((each) => each.value === values.get("subject")) ? values.get("subject") : "";
      limit = PAGE;
      run(false);
    };
    input.addEventListener("focus", () => load().catch(() => 0));
    input.addEventListener("input", typed);
    form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
    filter.addEventListener("change", submit);
    more.addEventListener("click", () => { const at = list.children.length; limit += PAGE; run(false, at); });
    window.addEventListener("popstate", restore);
    restore();
  };

  const forms = [...document.querySelectorAll("form[data-search]")];
  forms.forEach((form) => {
    const input = form.querySelector("input"), box = document.querySelector("[data-results]");
    if (form.hasAttribute("data-page") && box) page(form, input, box);
    else offers(form, input);
  });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !forms.length) return;
    if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    event.preventDefault();
    forms[0].querySelector("input").focus();
  });
})();
