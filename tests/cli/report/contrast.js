// Every pair of colours that the page shows, with the contrast that WCAG AA asks for: 4.5, or 3 for large text and for
// shapes. The ground is what lies under an element: the nearest ancestor that paints one, or the box of a picture. Half-transparent things are
// mixed with it, so that `opacity` hides nothing from the test.
(() => {
  const rgba = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number)
    return parts.length > 3 ? parts : [...parts, 1]
  }
  const mix = (over, under) => [0, 1, 2].map((i) => over[i] * over[3] + under[i] * (1 - over[3]))
  const lineage = (item) => (item ? [...lineage(item.parentElement), item] : [])
  const box = (item) => item.closest('svg g')?.querySelector('rect')
  const ground = (item) =>
    box(item) && item !== box(item) ? rgba(getComputedStyle(box(item)).fill) : lineage(item).reduce((under, one) => mix(rgba(getComputedStyle(one).backgroundColor), under), [255, 255, 255])
  const faded = (item) => lineage(item).reduce((share, one) => share * getComputedStyle(one).opacity, 1)
  const pairs = new Map()
  const add = (item, paint, wanted) => {
    const under = ground(item)
    const colour = rgba(paint)
    colour[3] *= faded(item)
    const pair = { colour: mix(colour, under), ground: under, wanted, where: item.tagName + '.' + item.getAttribute('class') }
    pairs.set(JSON.stringify([pair.colour, pair.ground, wanted]), pair)
  }
  const large = (style) => {
    const size = parseFloat(style.fontSize)
    return size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const item = walker.currentNode.parentElement
    if (!walker.currentNode.textContent.trim() || !item.getClientRects().length) continue
    const style = getComputedStyle(item)
    add(item, item.closest('svg') ? style.fill : style.color, large(style) ? 3 : 4.5)
  }
  for (const item of document.querySelectorAll('svg.i')) add(item, getComputedStyle(item).color, 3)
  for (const item of document.querySelectorAll('rect:not(.eg-page)')) {
    const style = getComputedStyle(item) // a box of a picture is seen by its outline, a bar by its fill
    add(item, style.stroke === 'none' ? style.fill : style.stroke, 3)
  }
  for (const item of document.querySelectorAll('path.eg-way')) add(item, getComputedStyle(item).stroke, 3)
  for (const item of document.querySelectorAll('line')) add(item, getComputedStyle(item).stroke, 3)
  return [...pairs.values()]
})()
