// While a publisher edits: a page that became another one is loaded again. Only pages that are looked at listen.
(() => {
  let stream, tag;
  const ask = async () => {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return answer.headers.get("etag") || String(answer.status);
  };
  const look = async () => {
    try {
      const now = await ask();
      if (tag !== undefined && now !== tag) location.reload();
      tag = now;
    } catch { /* the server is being started again */ }
  };
  const listen = () => {
    if (document.hidden) { stream?.close(); stream = undefined; return; }
    if (stream) return;
    look();
    stream = new EventSource("/_responsa/changes");
    stream.onmessage = look;
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { stream?.close(); stream = undefined; });
  listen();
})();
