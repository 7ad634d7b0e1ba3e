// Runs inside the report's page, from a disk, with nothing but the page: no module, no request.
;(() => {
  /** Filters the rows of a table by verdict and text; the form names the table. */
  function filterRows(form) {
    const rows = [...document.querySelectorAll(`#${form.dataset.filters} tbody tr`)]
    const output = form.querySelector('output')
    const apply = () => {
      const verdicts = new Set(
        [...form.querySelectorAll('input[name=verdict]:checked')].map((input) => input.value),
      )
      const text = form.elements.text.value.trim().toLowerCase()
      let shown = 0
      for (const row of rows) {
        row.hidden = !verdicts.has(row.dataset.verdict) || !row.textContent.toLowerCase().includes(text)
        if (!row.hidden) shown++
      }
      output.textContent = shown === rows.length ? '' : `${shown} of ${rows.length} shown`
    }
    form.addEventListener('input', apply)
    form.addEventListener('submit', (event) => event.preventDefault())
  }

  /** A link to an entry that is folded, or filtered away, must still lead to it. */
  function revealTarget() {
    const target =
      location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    target.hidden = false
    for (let element = target; element; element = element.parentElement) {
      if (element.tagName === 'DETAILS') element.open = true
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

  const COLORS = {
    light: ['#0b57a4', '#11692f', '#a8161a', '#6b3fa0', '#7a5200'],
    dark: ['#8ab8f0', '#6fd08c', '#ff9a94', '#cdaef5', '#e5bd6b'],
  }
  const dark = matchMedia('(prefers-color-scheme: dark)')

  /**
   * The axis of percentiles: each nine takes as much room as the one before, since the slowest of a hundred and of a
   * thousand are what is looked for. The slowest of all stands one step behind the last nine.
   */
  const LAST_NINE = 99.995
  const toPercentile = (value) => Number((100 - 100 / value).toFixed(3))
  const TAIL = {
    toAxis: (percentile) => 100 / (100 - Math.min(percentile, LAST_NINE)),
    scale: { distr: 3 },
    axis: {
      splits: () => [1, 2, 10, 100, 1000, 10_000],
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map((value) => `${toPercentile(value)}`),
    },
    series: {
      value: (_, value) =>
        value === null ? '--' : value >= 100 / (100 - LAST_NINE) ? '100' : `${toPercentile(value)}`,
    },
  }

  function drawPlot(element) {
    const data = JSON.parse(element.querySelector('script').textContent)
    const style = getComputedStyle(document.documentElement)
    const axis = {
      stroke: style.getPropertyValue('--soft'),
      grid: { stroke: style.getPropertyValue('--line') },
      ticks: { stroke: style.getPropertyValue('--line') },
    }
    const colors = dark.matches ? COLORS.dark : COLORS.light
    const tail = element.dataset.plot === 'percentiles' ? TAIL : undefined
    const options = {
      width: element.clientWidth,
      height: 220,
      scales: {
        x: { time: false, ...tail?.scale },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
      },
      axes: [
        { ...axis, label: data.x, labelSize: 20, ...tail?.axis },
        { ...axis, label: data.unit, labelSize: 20, size: 60 },
      ],
      series: [
        { label: data.x },
        ...data.series.map(({ label }, index) => ({
          label,
          stroke: colors[index % colors.length],
          width: 2,
          dash: index % 2 ? [6, 3] : [],
          spanGaps: true,
        })),
      ],
    }
    const [x, ...columns] = data.columns
    const plot = new uPlot(options, [tail ? x.map(tail.toAxis) : x, ...columns], element)
    return {
      resize: () => plot.setSize({ width: element.clientWidth, height: 220 }),
      destroy: () => plot.destroy(),
    }
  }

  for (const form of document.querySelectorAll('form[data-filters]')) filterRows(form)
  document.addEventListener('click', async (event) => {
    if (event.target.matches('[data-copy]')) await copy(event.target)
  })
  addEventListener('hashchange', revealTarget)
  revealTarget()

  const elements = [...document.querySelectorAll('[data-plot]')]
  if (elements.length > 0) {
    let plots = elements.map(drawPlot)
    dark.addEventListener('change', () => {
      for (const plot of plots) plot.destroy()
      plots = elements.map(drawPlot)
    })
    addEventListener('resize', () => {
      for (const plot of plots) plot.resize()
    })
  }
  // Paper cannot be unfolded.
  addEventListener('beforeprint', () => {
    for (const check of document.querySelectorAll('details')) check.open = true
  })
})()
