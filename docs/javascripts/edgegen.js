// What Material leaves out for people who use a keyboard or a screen reader.
const repair = () => {
  // A block of code that scrolls can be reached by Tab; others are no stop on the way.
  document.querySelectorAll("pre > code, .md-typeset__scrollwrap").forEach((block) => {
    if (block.scrollWidth > block.clientWidth) block.setAttribute("tabindex", "0")
    else block.removeAttribute("tabindex")
  })
  // The copy button is in a <nav> without a name: one more landmark for each block.
  document.querySelectorAll(".md-code__nav").forEach((nav) => nav.setAttribute("role", "presentation"))
}
new MutationObserver(repair).observe(document.body, { childList: true, subtree: true })
new ResizeObserver(repair).observe(document.body)
