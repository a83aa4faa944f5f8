// Flashcards: which card is next, what the reader knows of it, and where that is kept: in this browser alone.
(() => {
  'use strict'
  const root = document.querySelector('[data-study]')
  if (!root) return
  const { deck, from } = root.dataset
  const bits = Number(root.dataset.bits), total = Number(root.dataset.cards)
  const daily = Number(root.dataset.new), retention = Number(root.dataset.retention)
  const PREFIX = 'responsa-study:', KEY = PREFIX + deck, FILES = 2 ** bits
  const DAY = 86400000, SOON = 20 * 60000, LARGEST = 20000000
  const part = name => root.querySelector(`[data-${name}]`)
  const files = new Map()
  let shown = null, extra = 0, kept = true, busy = false

  // ---- What the reader knows: {v, day, new, at, cards: {name: [state, step, stability, difficulty, due, last]}}.
  const NAME = /^[0-9a-f]{12}$/
  const today = () => new Date().toLocaleDateString('sv')
  const empty = () => ({ v: 1, day: today(), new: 0, at: 0, cards: Object.create(null) })
  let memory = {}

  function stored(key) {
    try { return localStorage.getItem(key) } catch { return memory[key] ?? null }
  }

  function store(key, text) {
    try {
      if (text === null) localStorage.removeItem(key)
      else localStorage.setItem(key, text)
      kept = true
    } catch {
      kept = false
    }
    memory[key] = text
  }

  const number = (x, low, high) => typeof x === 'number' && x >= low && x <= high

  function card(value) {
    const [state, step, stability, difficulty, due, last] = Array.isArray(value) ? value : []
    const learning = state === 1 || state === 3
    const good = (learning ? step === 0 || (state === 1 && step === 1) : state === 2 && step === null) &&
      number(stability, 0.001, 1e6) && number(difficulty, 1, 10) && number(due, 0, 1e14) && number(last, 0, 1e14)
    return good ? [state, step, stability, difficulty, due, last] : null
  }

  function progress(text) {
    const read = empty()
    let raw
    try { raw = JSON.parse(text) } catch { return read }
    if (!raw || raw.v !== 1 || typeof raw.cards !== 'object' || !raw.cards) return read
    for (const [name, value] of Object.entries(raw.cards)) {
      const good = NAME.test(name) && card(value)
      if (good) read.cards[name] = good
    }
    if (raw.day === read.day && number(raw.new, 0, 1e6)) read.new = Math.floor(raw.new)
    if (number(raw.at, 0, FILES - 1)) read.at = Math.floor(raw.at)
    return read
  }

  const load = () => progress(stored(KEY))

  // ---- The cards: a file is asked for when one of its cards is wanted, and then held.
  const fileOf = name => bits ? parseInt(name.slice(0, 8), 16) >>> (32 - bits) : 0

  async function file(at) {
    if (files.has(at)) return files.get(at)
    const answer = await fetch(`${from}${at}.json`)
    if (!answer.ok) throw new Error(`${answer.status}`)
    const { bits: theirs, cards } = await answer.json()
    if (theirs !== bits) throw new RangeError('The deck has changed')
    const held = new Map(cards.map(one => [one[0], one]))
    files.set(at, held)
    return held
  }

  async function dueCard(known, now) {
    const due = Object.keys(known.cards).filter(name => known.cards[name][4] <= now)
    due.sort((a, b) => known.cards[a][4] - known.cards[b][4] || (a < b ? -1 : 1))
    for (const name of due) {
      const found = (await file(fileOf(name))).get(name)
      if (found) return found
    }
    return null
  }

  // From the file where new cards were last found, once around.
  async function newCard(known) {
    if (known.new >= daily + extra) return null
    for (let step = 0; step < FILES; step++) {
      const at = (known.at + step) % FILES
      for (const [name, found] of await file(at)) {
        if (!known.cards[name]) {
          if (at !== known.at) { known.at = at; store(KEY, JSON.stringify(known)) }
          return found
        }
      }
    }
    return null
  }

  async function nextCard() {
    const known = load(), now = Date.now()
    return (await dueCard(known, now)) || (await newCard(known)) || (await dueCard(known, now + SOON))
  }

  // ---- What is seen. Answers are HTML that the site has sanitised; parsed apart from the page, nothing in it runs.
  function fill(place, html) {
    const inner = new DOMParser().parseFromString(html, 'text/html').body
    place.replaceChildren(...inner.childNodes)
  }

  function counts() {
    const known = load(), now = Date.now(), cards = Object.values(known.cards)
    const due = cards.filter(one => one[4] <= now).length
    const fresh = Math.max(0, Math.min(daily + extra - known.new, total - cards.length))
    const words = `${due} due, ${fresh} new today, ${Math.min(cards.length, total)} of ${total} seen`
    part('counts').textContent = kept ? words : `${words}. This browser keeps nothing: save a copy before you leave.`
  }

  const UNITS = [[365 * DAY, 'y'], [30 * DAY, 'mo'], [DAY, 'd'], [3600000, 'h'], [60000, 'min']]

  function span(time) {
    const [size, unit] = UNITS.find(([size]) => time >= size) || UNITS[4]
    const many = time / size
    return `${many < 10 && size > DAY ? Math.round(many * 10) / 10 : Math.round(many)} ${unit}`
  }

  function say(words) {
    part('card').hidden = part('front').hidden = part('ratings').hidden = true
    part('message').textContent = words
    part('message').hidden = false
    shown = null
  }

  function finished() {
    const due = Object.values(load().cards).map(one => one[4])
    const next = due.length ? ` The next card is due in ${span(Math.max(60000, Math.min(...due) - Date.now()))}.` : ''
    say(`Nothing more for now.${next}`)
  }

  function ask(found, focus) {
    shown = { found, open: false }
    const [, question, , url, references, disclosure, language, direction] = found
    part('card').lang = language
    part('card').dir = direction
    part('question').textContent = question
    part('source').href = url
    const many = references ? ` with ${references} ${references === 1 ? 'reference' : 'references'}` : ''
    part('source').textContent = `The whole answer${many}`
    part('disclosure').textContent = disclosure ? ` ${disclosure}` : ''
    part('answer').replaceChildren()
    part('back').hidden = part('ratings').hidden = part('message').hidden = true
    part('card').hidden = part('front').hidden = false
    if (focus) part('question').focus({ preventScroll: true })
  }

  function show() {
    if (!shown || shown.open) return
    shown.open = true
    fill(part('answer'), shown.found[2])
    part('back').hidden = part('ratings').hidden = false
    part('front').hidden = true
    const old = load().cards[shown.found[0]], now = Date.now()
    for (const button of part('ratings').querySelectorAll('[data-rate]')) {
      button.querySelector('small').textContent = span(fsrs.review(old, Number(button.dataset.rate), now, retention)[4] - now)
    }
    part('answer').focus({ preventScroll: true })
  }

  async function go(focus) {
    if (busy) return
    busy = true
    counts()
    try {
      const found = await nextCard()
      if (found) ask(found, focus)
      else finished()
    } catch (error) {
      say(error instanceof RangeError ? 'This deck has changed since the page was loaded: load it again.'
        : 'The next card cannot be fetched; you may be offline. What you have done is kept. Load the page again later.')
    } finally {
      busy = false
    }
    if (focus && !part('message').hidden) part('message').focus({ preventScroll: true })
  }

  function rate(rating) {
    if (!shown || !shown.open || busy) return
    const name = shown.found[0], known = load()
    if (!known.cards[name]) known.new += 1
    known.cards[name] = fsrs.review(known.cards[name], rating, Date.now(), retention)
    shown = null
    store(KEY, JSON.stringify(known))
    go(true)
  }

  // ---- A copy of everything on this site, to keep or to take elsewhere; of two the later review of a card counts.
  function keys() {
    try { return Object.keys(localStorage).filter(key => key.startsWith(PREFIX)) } catch { return Object.keys(memory) }
  }

  function save() {
    const decks = {}
    for (const key of keys().sort()) decks[key.slice(PREFIX.length)] = progress(stored(key))
    const url = URL.createObjectURL(new Blob([JSON.stringify({ responsa: 'study', v: 1, decks })], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `flashcards-${today()}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10000)
  }

  async function takeIn(input) {
    const [chosen] = input.files
    if (!chosen) return
    let decks
    try {
      if (chosen.size > LARGEST) throw new Error('too large')
      const raw = JSON.parse(await chosen.text())
      if (raw.responsa !== 'study' || raw.v !== 1 || !raw.decks || typeof raw.decks !== 'object') throw new Error('other')
      decks = Object.entries(raw.decks)
    } catch {
      tell('That file holds no progress of flashcards; nothing was changed.')
      return
    } finally {
      input.value = ''
    }
    let taken = 0
    for (const [slug, value] of decks) {
      const theirs = progress(JSON.stringify(value)), mine = progress(stored(PREFIX + slug))
      for (const [name, one] of Object.entries(theirs.cards)) {
        if (!mine.cards[name] || mine.cards[name][5] < one[5]) { mine.cards[name] = one; taken += 1 }
      }
      if (Object.keys(mine.cards).length) store(PREFIX + slug, JSON.stringify(mine))
    }
    await go(false)
    tell(`${taken} ${taken === 1 ? 'card was' : 'cards were'} taken in.`)
  }

  function tell(words) {
    part('counts').textContent = words
  }

  // ---- Keys and buttons.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !shown) return
    const inside = event.target.closest('a, button, input, select, textarea, summary, [contenteditable]')
    if (event.key === ' ' && !inside) { event.preventDefault(); show() }
    else if ('1234'.includes(event.key) && event.key && !event.target.closest('input, select, textarea')) rate(Number(event.key))
  })
  part('show').addEventListener('click', show)
  part('ratings').addEventListener('click', event => {
    const button = event.target.closest('[data-rate]')
    if (button) rate(Number(button.dataset.rate))
  })
  part('more').addEventListener('click', () => { extra += daily; go(true) })
  part('export').addEventListener('click', save)
  part('import').addEventListener('change', event => takeIn(event.target))
  part('reset').addEventListener('click', () => {
    if (confirm('Forget what you know of this deck? A copy that you saved stays.')) { store(KEY, null); extra = 0; go(false) }
  })
  // Another tab has learned something.
  window.addEventListener('storage', event => { if (event.key === KEY) counts() })

  root.hidden = false
  go(false)
})()
