"""The colours and lines of an SVG picture: for light, dark and paper, with contrast for every word."""

CSS = """\
.eg { --eg-page: #ffffff; --eg-ink: #1b1d20; --eg-soft: #555a62; --eg-wire: #7b818a; --eg-frame: #f3f4f6;
  --eg-host: #e6effb; --eg-route: #ffffff; --eg-serve: #e3f3e8; --eg-net: #f2ecfb;
  --eg-bad: #a41e18; --eg-unknown: #4a3f9f; --eg-remark: #7a4f00; --eg-good: #17643a;
  background: var(--eg-page);
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
@media (prefers-color-scheme: dark) { .eg { --eg-page: #131518; --eg-ink: #e8eaed; --eg-soft: #a7adb6;
  --eg-wire: #7d848e; --eg-frame: #1b1e22; --eg-host: #1c2c44; --eg-route: #24282e; --eg-serve: #17321f;
  --eg-net: #2b2340; --eg-bad: #ff9a90; --eg-unknown: #bdb7ff; --eg-remark: #f0c46a; --eg-good: #86d9a6 } }
@media print { .eg { --eg-page: #ffffff; --eg-ink: #000000; --eg-soft: #444444; --eg-wire: #777777;
  --eg-frame: #ffffff; --eg-host: #ffffff; --eg-route: #ffffff; --eg-serve: #ffffff; --eg-net: #ffffff;
  --eg-bad: #a41e18; --eg-unknown: #4a3f9f; --eg-remark: #7a4f00; --eg-good: #17643a } }
.eg-page { fill: var(--eg-page) }
.eg text { font-size: 13px; fill: var(--eg-ink) }
.eg .eg-ware { font-size: 12px }
.eg .eg-line, .eg .eg-head, .eg .eg-note { font-size: 11.5px; fill: var(--eg-soft) }
.eg .eg-head { font-weight: 600 }
.eg-frame { fill: var(--eg-frame); stroke: var(--eg-wire); stroke-dasharray: 3 3 }
.eg-box { stroke: var(--eg-wire); stroke-width: 1.2 }
.eg-host, .eg-port { fill: var(--eg-host) }
.eg-router, .eg-middlewares { fill: var(--eg-route) }
.eg-service, .eg-traefik, .eg-external, .eg-redirect { fill: var(--eg-serve) }
.eg-network { fill: var(--eg-net) }
.eg-port, .eg-external, .eg-redirect { stroke-dasharray: 5 3 }
.eg-way { fill: none; stroke: var(--eg-wire); stroke-width: 1.3 }
.eg-errors { stroke-dasharray: 5 4 }
.eg-reached { stroke-width: 2.2 }
.eg-member { stroke-dasharray: 1.5 3 }
.eg-tip { fill: var(--eg-wire) }
.eg-bad { stroke: var(--eg-bad); stroke-width: 2.6 }
.eg-unknown { stroke: var(--eg-unknown); stroke-width: 2.6; stroke-dasharray: 5 3 }
.eg-remark { stroke: var(--eg-remark); stroke-width: 2 }
.eg-good { stroke: var(--eg-good); stroke-width: 2 }
"""
