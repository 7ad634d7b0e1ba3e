// The plots of a scenario: one cursor and one zoom over all of them. Needs uPlot, and nothing else of the page.
globalThis.drawPlots = (() => {
  const COLORS = {
    light: ['#0b57a4', '#11692f', '#a8161a', '#6b3fa0', '#7a5200'],
    dark: ['#8ab8f0', '#6fd08c', '#ff9a94', '#cdaef5', '#e5bd6b'],
  }
  const HEIGHT = 190
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const colorOf = (index) => {
    const colors = dark.matches ? COLORS.dark : COLORS.light
    return colors[index % colors.length]
  }
  const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name)

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

  /** The most that is drawn, the warm-up left out: it is slow by nature and would flatten the rest. */
  function scaleOf(data) {
    const [x, ...columns] = data.columns
    let most = 0
    for (const column of columns)
      for (let row = 0; row < column.length; row++)
        if (x[row] >= (data.warmup ?? 0) && column[row] > most) most = column[row]
    return [0, most > 0 ? most * 1.08 : 1]
  }

  /** The warm-up in a shade, and thresholds as lines; one above the scale is named at its edge. */
  function drawBehind(data) {
    return (plot) => {
      const { ctx, bbox } = plot
      ctx.save()
      if (data.warmup !== undefined) {
        const end = Math.min(bbox.left + bbox.width, plot.valToPos(data.warmup, 'x', true))
        ctx.fillStyle = variable('--shade')
        if (end > bbox.left) ctx.fillRect(bbox.left, bbox.top, end - bbox.left, bbox.height)
      }
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
      ctx.textAlign = 'right'
      let above = 0
      for (const { label, value, color } of data.lines ?? []) {
        const y = plot.valToPos(value, 'y', true)
        ctx.fillStyle = ctx.strokeStyle = colorOf(color)
        if (y < bbox.top) {
          ctx.fillText(
            `↑ ${label}`,
            bbox.left + bbox.width - 6,
            bbox.top + (14 + 14 * above++) * devicePixelRatio,
          )
          continue
        }
        ctx.setLineDash([8, 4])
        ctx.beginPath()
        ctx.moveTo(bbox.left, y)
        ctx.lineTo(bbox.left + bbox.width, y)
        ctx.stroke()
        ctx.fillText(label, bbox.left + bbox.width - 6, y - 4)
      }
      ctx.restore()
    }
  }

  /** A value without neighbours is no line: it gets a point. */
  function alone(plot, index) {
    const values = plot.data[index]
    const isGap = (row) => values[row] === null || values[row] === undefined
    return [...values.keys()].filter((row) => !isGap(row) && isGap(row - 1) && isGap(row + 1))
  }

  function options(element, data, key) {
    const tail = data.kind === 'percentiles' ? TAIL : undefined
    const axis = {
      stroke: variable('--soft'),
      grid: { stroke: variable('--line') },
      ticks: { stroke: variable('--line') },
    }
    const range = scaleOf(data)
    const bands = data.series.flatMap(({ band, color }, index) =>
      band ? [{ series: [index, index + 1], fill: `${colorOf(color)}33` }] : [],
    )
    return {
      width: element.clientWidth,
      height: HEIGHT,
      scales: { x: { time: false, ...tail?.scale }, y: { range } },
      axes: [
        { ...axis, label: data.x, labelSize: 18, ...tail?.axis },
        { ...axis, label: data.unit, labelSize: 18, size: 56 },
      ],
      bands,
      series: [
        { label: data.x, ...tail?.series },
        ...data.series.map(({ label, color, band }, index) => {
          const edge = band || data.series[index + 1]?.band
          return {
            label,
            stroke: colorOf(color),
            width: edge ? 0.5 : 2,
            points: edge ? { show: false } : { show: true, size: 5, filter: alone },
            spanGaps: tail !== undefined,
          }
        }),
      ],
      cursor: tail ? {} : { sync: { key }, drag: { x: true, y: false } },
      hooks: {
        drawClear: [drawBehind(data)],
      },
    }
  }

  let groups = 0

  return function drawPlots(container) {
    const elements = [...container.querySelectorAll('[data-plot]')]
    // uPlot hands the cursor, a zoom and its end on to every plot of the same key.
    const key = `plots-${groups++}`
    let plots = []
    const draw = () => {
      plots = elements.map((element) => {
        const data = JSON.parse(element.querySelector('script').textContent)
        const tail = data.kind === 'percentiles'
        const [x, ...columns] = data.columns
        const plot = new uPlot(
          options(element, data, key),
          [tail ? x.map(TAIL.toAxis) : x, ...columns],
          element,
        )
        return { element, plot }
      })
    }
    draw()
    dark.addEventListener('change', () => {
      for (const { plot } of plots) plot.destroy()
      draw()
    })
    new ResizeObserver(() => {
      for (const { element, plot } of plots)
        if (element.clientWidth > 0 && element.clientWidth !== plot.width)
          plot.setSize({ width: element.clientWidth, height: HEIGHT })
    }).observe(container)
  }
})()
