// No page needs this file. It counts down until a code may be sent again, and prints where a button says so.
for (const button of document.querySelectorAll('button[data-wait]')) {
  const until = Date.now() + Number(button.dataset.wait) * 1000
  const words = button.textContent
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000)
    button.setAttribute('aria-disabled', left > 0 ? 'true' : 'false')
    button.textContent = left > 0 ? `${words} (${left})` : words
    if (left > 0) setTimeout(tick, 1000)
  }
  button.addEventListener('click', (event) => {
    if (button.getAttribute('aria-disabled') === 'true') event.preventDefault()
  })
  tick()
}
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
