// FSRS-6, which says when a card is to come back: a port of py-fsrs (MIT, Open Spaced Repetition) without its fuzz.
// tests/pages/test_study_fsrs.py holds it to the original, number by number. A card is
// [state, step, stability, difficulty, due, last]: state 1 learning, 2 review, 3 learning again; times in milliseconds.
const fsrs = (() => {
  'use strict'
  const W = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
  ]
  const MINUTE = 60000, DAY = 86400000
  const LEARNING = [MINUTE, 10 * MINUTE], AGAIN = [10 * MINUTE]
  const DECAY = -W[20], FACTOR = 0.9 ** (1 / DECAY) - 1
  const MOST_DAYS = 36500, LEAST_STABILITY = 0.001
  const [AGAIN_, HARD, GOOD, EASY] = [1, 2, 3, 4]

  const within = (x, low, high) => Math.min(Math.max(x, low), high)
  // Python rounds a half to the even neighbour.
  const rounded = x => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))

  const recalled = (stability, days) => (1 + (FACTOR * days) / stability) ** DECAY
  const firstDifficulty = rating => W[4] - Math.E ** (W[5] * (rating - 1)) + 1

  function nextDifficulty(difficulty, rating) {
    const damped = difficulty + ((10 - difficulty) * -(W[6] * (rating - 3))) / 9
    return within(W[7] * firstDifficulty(EASY) + (1 - W[7]) * damped, 1, 10)
  }

  function sameDay(stability, rating) {
    const growth = Math.E ** (W[17] * (rating - 3 + W[18])) * stability ** -W[19]
    return Math.max(stability * (rating === AGAIN_ ? growth : Math.max(growth, 1)), LEAST_STABILITY)
  }

  function forgotten(difficulty, stability, chance) {
    const long = W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * Math.E ** ((1 - chance) * W[14])
    return Math.min(long, stability / Math.E ** (W[17] * W[18]))
  }

  function remembered(difficulty, stability, chance, rating) {
    const penalty = rating === HARD ? W[15] : 1, bonus = rating === EASY ? W[16] : 1
    const growth = Math.E ** W[8] * (11 - difficulty) * stability ** -W[9] * (Math.E ** ((1 - chance) * W[10]) - 1)
    return stability * (1 + growth * penalty * bonus)
  }

  function nextStability(card, rating, days) {
    const [, , stability, difficulty] = card
    if (days < 1) return sameDay(stability, rating)
    const chance = recalled(stability, Math.max(0, days))
    const next = rating === AGAIN_ ? forgotten(difficulty, stability, chance)
      : remembered(difficulty, stability, chance, rating)
    return Math.max(next, LEAST_STABILITY)
  }

  const wait = (stability, retention) =>
    DAY * within(rounded((stability / FACTOR) * (retention ** (1 / DECAY) - 1)), 1, MOST_DAYS)

  // The state, step and wait after a rating on a ladder of short steps.
  function climbed(state, step, steps, rating, days) {
    if (step >= steps.length && rating !== AGAIN_) return [2, null, days]
    if (rating === AGAIN_) return [state, 0, steps[0]]
    if (rating === HARD) {
      if (step > 0) return [state, step, steps[step]]
      return [state, 0, steps.length === 1 ? steps[0] * 1.5 : (steps[0] + steps[1]) / 2]
    }
    if (rating === EASY || step + 1 === steps.length) return [2, null, days]
    return [state, step + 1, steps[step + 1]]
  }

  // The card after a rating, 1 to 4, at a time; no card is one that was never seen.
  function review(card, rating, now, retention) {
    const [state, step, , difficulty, , last] = card || [1, 0, null, null, now, null]
    const first = !card || card[2] === null
    const days = last === null ? 0 : Math.floor((now - last) / DAY)
    const stability = first ? Math.max(W[rating - 1], LEAST_STABILITY) : nextStability(card, rating, days)
    const harder = first ? within(firstDifficulty(rating), 1, 10) : nextDifficulty(difficulty, rating)
    const long = wait(stability, retention)
    let next
    if (state === 2) next = rating === AGAIN_ ? [3, 0, AGAIN[0]] : [2, null, long]
    else next = climbed(state, step, state === 3 ? AGAIN : LEARNING, rating, long)
    return [next[0], next[1], stability, harder, now + next[2], now]
  }

  return { review }
})()
