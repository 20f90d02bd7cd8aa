"""PDFs by hand, byte by byte, where a writer of them would be too orderly."""

import zlib

PACKED = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]>>", 3: b"<</Type/Page>>"}


def a_document(contents=b"", *, media_box=b"0 0 200 300", resources=b"", objects=(), pages=1):
    """A PDF by hand, of pages that are all alike; objects are numbered from 5 on."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    whole = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages,
        b"<</Type/Page/Parent 2 0 R/MediaBox[" + media_box + b"]/Resources<<" + resources + b">>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n" % len(contents) + contents + b"\nendstream",
        *objects,
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, each) for number, each in enumerate(whole, 1))
    return b"%PDF-1.5\n" + body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(whole) + 1)


def a_stream(words, data):
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (words, len(data), data)


def packed(objects):
    """A PDF whose objects lie in an object stream, as most do since 1.5."""
    index, body = b"", b""
    for number, source in objects.items():
        index += b"%d %d " % (number, len(body))
        body += source + b" "
    data = zlib.compress(index + body)
    out = b"%PDF-1.5\n"
    holder_at = len(out)
    out += b"4 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        len(objects),
        len(index),
        len(data),
    )
    out += data + b"\nendstream endobj\n"
    start = len(out)
    rows = bytes(5) + b"".join(b"\2\0\0\4" + bytes([each]) for each in range(3))
    rows += b"\1" + holder_at.to_bytes(3) + b"\0\1" + start.to_bytes(3) + b"\0"
    table = zlib.compress(rows)
    out += b"5 0 obj<</Type/XRef/Size 6/W[1 3 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(table)
    return out + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % start
