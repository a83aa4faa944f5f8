// Results while one types. Without this script the form does the same by loading a page.
(() => {
  const form = document.querySelector("form[data-ask]");
  const box = form?.querySelector("input[name=q]");
  const place = document.querySelector("[data-results]");
  const status = document.querySelector("[data-status]");
  if (!form || !box || !place) return;
  const WAIT = 150;
  let timer, running, shown = box.value.trim();

  const show = async (query) => {
    running?.abort();
    running = new AbortController();
    const address = new URLSearchParams({ q: query });
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/search?${address}&part=results`, { signal: running.signal });
      if (!answer.ok) return;
      // HTML that the server made of escaped texts.
      place.innerHTML = await answer.text();
      shown = query;
      history.replaceState(null, "", `/search?${address}`);
      status.textContent = place.querySelector("[data-word]")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "The server does not answer.";
    } finally {
      place.removeAttribute("aria-busy");
    }
  };

  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    const query = box.value.trim();
    if (query.length < 2 || query === shown) return;
    timer = setTimeout(show, WAIT, query);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); running?.abort(); });
  if (!box.value && matchMedia("(hover: hover)").matches) box.focus();
})();
