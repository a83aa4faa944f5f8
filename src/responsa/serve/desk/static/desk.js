// Keys, a preview while one types, and small comforts. Every page works without this file.
(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);
  const help = one("#help"), on = one("#keys-on");
  const stored = (key, value) => {
    try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; }
  };
  if (stored("desk-keys") === "off") on.checked = false;
  on.addEventListener("change", () => stored("desk-keys", on.checked ? "on" : "off"));
  for (const button of all("[data-help]")) { button.hidden = false; button.addEventListener("click", () => help.showModal()); }

  const rows = all("[data-row]");
  let at = -1;
  const target = (row) => row.querySelector("a") || row;
  const move = (step) => {
    const now = rows.findIndex((row) => row.contains(document.activeElement));
    at = Math.max(0, Math.min(rows.length - 1, (now >= 0 ? now : at) + step));
    const row = rows[at];
    if (!row) return;
    target(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const current = () => rows.find((row) => row.contains(document.activeElement)) || rows[at];
  const press = (key) => {
    if (key === "j" || key === "k") { move(key === "j" ? 1 : -1); return true; }
    if (key === "?") { help.open ? help.close() : help.showModal(); return true; }
    if (key === "x") { const box = current()?.querySelector("input[type=checkbox]"); if (box) box.checked = !box.checked; return !!box; }
    if (key === "a") { const button = current()?.querySelector("[data-accept]") || one("[data-accept]"); button?.click(); return !!button; }
    const found = one(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return false;
    if (found.matches("input, select, textarea")) { found.focus(); found.select?.(); } else found.click();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      const save = one("[data-save]");
      if (save) { event.preventDefault(); save.form.requestSubmit(save); }
      return;
    }
    if (event.key === "Escape" && typing) { typing.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !on.checked || event.isComposing) return;
    if (help.open && event.key !== "?") return;
    if (event.key.length === 1 && press(event.key)) event.preventDefault();
  });

  for (const label of all(".all")) label.hidden = false;
  one("[data-all]")?.addEventListener("change", (event) => {
    for (const box of all(".rows input[name=url]")) box.checked = event.target.checked;
  });
  for (const button of all("[data-put]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const free = all("input[name=link]").find((field) => !field.value.trim());
      if (free) { free.value = button.dataset.put; free.focus(); }
    });
  }

  // A claim and its place in the answer light up together.
  const light = (number, lit) => { for (const part of all(`[data-claim="${number}"]`)) part.classList.toggle("on", lit); };
  for (const kind of ["pointerover", "pointerout"]) {
    document.addEventListener(kind, (event) => {
      const part = event.target.closest?.("[data-claim]");
      if (part) light(part.dataset.claim, kind === "pointerover");
    });
  }

  // What is being written is shown and checked as it will be.
  const form = one("form[data-preview]"), shown = one("#preview");
  if (form && shown && form.elements.csrf?.value) {
    let timer = 0, asked = null;
    const renew = async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: asked.signal });
        if (answer.ok) shown.innerHTML = await answer.text();
      } catch { /* the next key asks again */ }
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(renew, 350); });
  }
  for (const dirty of all("form[data-dirty]")) {
    let changed = false;
    const warn = (event) => { if (changed) event.preventDefault(); };
    dirty.addEventListener("input", () => { changed = true; });
    dirty.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", warn);
  }
})();
