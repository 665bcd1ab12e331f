/** The page's own style; its hash stands in the page's policy, so nothing else may style it. */
export const css = `
:root{color-scheme:light dark;--text:#1d2229;--soft:#4c5661;--line:#ccd3da;--back:#fff;--card:#f5f7f9;--link:#0b4fa8}
@media (prefers-color-scheme:dark){:root{--text:#e8ebee;--soft:#b3bcc5;--line:#465059;--back:#14181c;--card:#1e242a;--link:#8fbdff}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,main,footer{max-width:56rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
footer{padding-bottom:3rem;color:var(--soft)}
h1{font-size:1.8rem;line-height:1.25}
h2{font-size:1.4rem;margin-top:2.75rem;border-bottom:2px solid var(--line);padding-bottom:.3rem}
h3{font-size:1.15rem;margin-top:2rem}
h4{font-size:1rem;margin:1.5rem 0 .4rem}
a{color:var(--link);overflow-wrap:anywhere}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
p,ul{max-width:44rem}
nav ul{padding-left:1.2rem}
dl{margin:.5rem 0}
dl>div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.15rem 1rem;padding:.2rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
dd ul{margin:0;padding-left:1.1rem;white-space:normal}
ol.rows{list-style:none;padding:0}
ol.rows>li{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .9rem;margin:.6rem 0}
.note{color:var(--soft);margin:.2rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--soft)}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.4rem .6rem .4rem 0}
@media (max-width:36rem){dl>div{grid-template-columns:1fr}}
@media print{:root{color-scheme:light;--text:#000;--soft:#333;--line:#999;--back:#fff;--card:#fff;--link:#000}
body{font-size:10pt}header,main,footer{max-width:none;padding:0}nav{display:none}ol.rows>li{break-inside:avoid-page}h2,h3,h4{break-after:avoid}}
`
