"""The OpenAPI document as a page to read: plain HTML, nothing fetched from anywhere."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any, Final

type Json = dict[str, Any]

_STYLE: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
pre { overflow: auto; max-height: 28rem; padding: .75rem; border: 1px solid #8884; font-size: .85rem; }
details { border-top: 1px solid #8884; padding: .4rem 0; }
details details { margin-left: 1rem; }
summary { cursor: pointer; }
code, .method { font-family: ui-monospace, monospace; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; }
.what { opacity: .75; }
nav a { margin-right: 1rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top; }
"""


def page(document: Json) -> str:
    info = document["info"]
    tags = [each["name"] for each in document["tags"]]
    nav = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in (*tags, "problems", "schemas"))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])} API</h1>{_prose(info['description'])}"
        f'<p>As data: <a href="openapi.json">openapi.json</a></p><nav>{nav}</nav>'
        f"{''.join(_tag(document, tag) for tag in tags)}{_problems(document)}{_schemas(document)}</html>"
    )


def _prose(text: str) -> str:
    """Paragraphs and lists, `code` and **bold**; the little Markdown that descriptions use."""
    blocks = (block.split("\n") for block in text.split("\n\n"))
    return "".join(
        f"<ul>{''.join(f'<li>{_inline(line[2:])}</li>' for line in lines)}</ul>"
        if lines[0].startswith("- ")
        else f"<p>{_inline(' '.join(lines))}</p>"
        for lines in blocks
    )


def _inline(text: str) -> str:
    html = escape(text)
    for mark, tag in (("**", "strong"), ("`", "code")):
        parts = html.split(mark)
        html = "".join(f"<{tag}>{part}</{tag}>" if number % 2 else part for number, part in enumerate(parts))
    return html


def _tag(document: Json, tag: str) -> str:
    operations = "".join(
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    )
    return f'<h2 id="{escape(tag)}">{escape(tag.capitalize())}</h2>{operations}'


def _operation(path: str, method: str, operation: Json) -> str:
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><span class="method">{method.upper()}</span>'
        f'<code>{escape(path)}</code> <span class="what">{escape(operation["summary"])}</span></summary>'
        f"{_prose(operation['description'])}{_parameters(operation)}{''.join(_bodies(operation))}</details>"
    )


def _parameters(operation: Json) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}"
        f"{', required' if each.get('required') else ''}</td><td>{_inline(each.get('description', ''))}</td></tr>"
        for each in operation["parameters"]
    )
    return f"<table>{rows}</table>"


def _bodies(operation: Json) -> Iterator[str]:
    if "requestBody" in operation:
        yield _content("Body", operation["requestBody"]["content"])
    for status, response in operation["responses"].items():
        codes = response["description"]
        yield _content(f"Answer {status}: {codes}", response["content"])


def _content(title: str, content: Json) -> str:
    shown = next(iter(content.values()))
    example, names = shown.get("example"), _references(shown.get("schema", {}))
    links = " ".join(f'<a href="#{escape(each)}">{escape(each)}</a>' for each in names)
    pre = _pre(example) if example is not None else ""
    return f"<details><summary>{escape(title)}</summary><p>{links}</p>{pre}</details>"


def _pre(value: object) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=2))}</pre>"


def _references(schema: Json) -> list[str]:
    every = schema.get("anyOf", [schema])
    return [each["$ref"].rpartition("/")[2] for each in every if "$ref" in each]


def _problems(document: Json) -> str:
    found = {name: each for name, each in document["components"]["schemas"].items() if name.startswith("problem_")}
    examples = document["components"]["examples"]
    items = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(each["properties"]["code"]["const"])}</code> '
        f'<span class="what">{each["properties"]["status"]["const"]}: {escape(each["description"])}</span></summary>'
        f"{_pre(examples.get(name, {}).get('value', each))}</details>"
        for name, each in found.items()
    )
    return f'<h2 id="problems">Problems</h2>{items}'


def _schemas(document: Json) -> str:
    found = {name: each for name, each in document["components"]["schemas"].items() if not name.startswith("problem_")}
    items = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_pre(each)}</details>'
        for name, each in found.items()
    )
    return f'<h2 id="schemas">Schemas</h2>{items}'
