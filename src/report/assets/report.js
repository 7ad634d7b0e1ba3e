// Runs inside the report's page, from a disk, with nothing but the page: no module, no request.
;(() => {
  const evidence = new Map(
    [...document.querySelectorAll('template[data-evidence]')].map((each) => [each.dataset.evidence, each]),
  )

  /** What an entry holds is put into the page when it is opened for the first time. */
  function load(entry) {
    const { evidenceOf } = entry.dataset
    if (evidenceOf === undefined || !entry.open || entry.dataset.loaded) return
    entry.dataset.loaded = 'yes'
    const template = evidence.get(evidenceOf || entry.id)
    if (template) entry.append(template.content.cloneNode(true))
    const self = entry.querySelector(':scope > p > [data-self]')
    if (self) self.href = `#${evidenceOf || entry.id}`
    for (const plots of entry.querySelectorAll('[data-plots]')) drawPlots(plots)
  }

  function open(entry) {
    entry.open = true
    load(entry)
  }

  /** Filters the clauses; what is chosen stands in the address, so that it can be sent. */
  function filterRows(form) {
    const rows = [...document.querySelectorAll(`#${form.dataset.filters} > details`)]
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]))
    const output = form.querySelector('output')
    const boxes = [...form.querySelectorAll('input[name=verdict]')]
    const { subject, kind, text } = form.elements

    function show() {
      const verdicts = new Set(boxes.filter(({ checked }) => checked).map(({ value }) => value))
      const wanted = text.value.trim().toLowerCase()
      let shown = 0
      for (const row of rows) {
        row.hidden = !(
          verdicts.has(row.dataset.verdict) &&
          (subject.value === '' || row.dataset.subject === subject.value) &&
          (kind.value === '' || row.dataset.kinds.split(' ').includes(kind.value)) &&
          texts.get(row).includes(wanted)
        )
        if (!row.hidden) shown++
      }
      output.textContent = shown === rows.length ? '' : `${shown} of ${rows.length} shown`
    }

    function write() {
      const chosen = new URLSearchParams()
      const out = boxes.filter(({ checked }) => !checked)
      if (out.length > 0) for (const { value, checked } of boxes) if (checked) chosen.append('verdict', value)
      if (out.length === boxes.length) chosen.append('verdict', '')
      for (const field of [subject, kind, text]) if (field.value !== '') chosen.set(field.name, field.value)
      history.replaceState(undefined, '', chosen.size === 0 ? '#clauses' : `#?${chosen}`)
    }

    function read() {
      if (!location.hash.startsWith('#?')) return
      const chosen = new URLSearchParams(location.hash.slice(2))
      const verdicts = chosen.getAll('verdict')
      for (const box of boxes) box.checked = verdicts.length === 0 || verdicts.includes(box.value)
      for (const field of [subject, kind, text]) field.value = chosen.get(field.name) ?? ''
      show()
      form.scrollIntoView()
    }

    form.addEventListener('input', () => {
      show()
      write()
    })
    form.addEventListener('submit', (event) => event.preventDefault())
    addEventListener('hashchange', read)
    read()
  }

  /** A link to an entry that is folded, or filtered away, must still lead to it. */
  function revealTarget() {
    if (location.hash.length < 2 || location.hash.startsWith('#?')) return
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    for (let element = target; element; element = element.parentElement) {
      element.hidden = false
      if (element.tagName === 'DETAILS') open(element)
    }
    target.scrollIntoView()
  }

  async function copy(button) {
    const text = button.parentElement.querySelector('.curl').textContent
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      // A page from a disk may have no clipboard: the text is selected instead.
      getSelection().selectAllChildren(button.parentElement.querySelector('.curl'))
      button.textContent = 'Selected'
    }
  }

  document.addEventListener('toggle', ({ target }) => load(target), true)
  document.addEventListener('click', async ({ target }) => {
    if (target.matches('[data-copy]')) await copy(target)
    // A link to where the page is already would not be a change of the address.
    const link = target.closest('a[href^="#"]')
    if (link && link.getAttribute('href') === location.hash) revealTarget()
  })
  addEventListener('hashchange', revealTarget)
  for (const form of document.querySelectorAll('form[data-filters]')) filterRows(form)
  revealTarget()
  // Paper cannot be unfolded.
  addEventListener('beforeprint', () => {
    for (let folded = [...document.querySelectorAll('details:not([open])')]; folded.length > 0; ) {
      for (const entry of folded) open(entry)
      folded = [...document.querySelectorAll('details:not([open])')]
    }
  })
})()
