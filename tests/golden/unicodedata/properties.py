# unicodedata: properties of a hand of characters, normal forms, errors
import unicodedata as u
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__name__}: {e}"
    print(ascii(r))
chars = "aZ0 ~\x00\x1f\x7f\x85\xa0\xaa\xad\xb2\xb5\xbd\xc5\xdf\u0130\u0149\u01c5\u02b0\u0301\u0345\u0391\u03a3\u0410\u05d0\u0627\u0660\u0661\u0903\u0966\u0e33\u1100\u1160\u11a8\u1e9b\u1e9e\u2000\u200b\u200d\u2028\u2029\u202a\u2044\u2060\u20ac\u20d0\u2126\u212b\u2150\u2160\u2170\u2190\u2200\u2208\u2260\u2460\u24d0\u2500\u2603\u2776\u3000\u3007\u3008\u3042\u30ab\u30ac\u3131\u3220\u32c0\u3300\u4e00\u4e8c\u5104\u9fff\uac00\ud7a3\ud800\ue000\uf900\ufb01\ufdfa\ufe0f\uff21\uff76\uffe5\ufffd\uffff\U00010400\U0001d400\U0001d7ce\U0001f100\U0001f600\U0001f1e6\U00020000\U0002f800\U000e0001\U000e0100\U0010ffff"
for c in chars:
    print(f"{ord(c):05x}", u.category(c), u.bidirectional(c), u.combining(c), u.east_asian_width(c), u.mirrored(c), ascii(u.decomposition(c)), u.decimal(c, "-"), u.digit(c, "-"), u.numeric(c, "-"), u.name(c, "-"))
for c in chars: print(*[ascii(u.normalize(f, c)) for f in ("NFC", "NFD", "NFKC", "NFKD")], [u.is_normalized(f, c) for f in ("NFC", "NFD", "NFKC", "NFKD")])
for t in ["", "abc", "e\u0301", "\u00e9", "\u1e9b\u0323", "\u0344", "\u2126", "\uac01", "\u1100\u1161\u11a8", "a\u0301\u0327", "a\u0327\u0301", "\ufb03", "\u01c4", "q\u0307\u0323", "\ud800e\u0301", "A\u030a\u0301", "\u0928\u093c", "\u3371", "x" * 20 + "e\u0301" * 3]:
    print(*[ascii(u.normalize(f, t)) for f in ("NFC", "NFD", "NFKC", "NFKD")], [u.is_normalized(f, t) for f in ("NFC", "NFD", "NFKC", "NFKD")])
for n in ["LATIN SMALL LETTER A", "latin small letter a", "SNOWMAN", "CJK UNIFIED IDEOGRAPH-4E00", "HANGUL SYLLABLE GA", "HANGUL SYLLABLE HIH", "GRINNING FACE", "LINE FEED", "NULL", "BELL", "ZERO WIDTH JOINER", "NO-BREAK SPACE", "LATIN CAPITAL LETTER SHARP S", "KEYCAP DIGIT ONE", "NOPE", "", "CJK UNIFIED IDEOGRAPH-0041", "EURO SIGN", "BYTE ORDER MARK", "GREEK SMALL LETTER FINAL SIGMA", "OLD PERSIAN SIGN A"]:
    print(n, end=" "); show(u.lookup, n)
show(u.name, "\n"); show(u.name, "\ue000"); show(u.name, "ab"); show(u.name, 5); show(u.name, ""); show(u.category, "ab"); show(u.category, 5); show(u.category); show(u.decimal, "a"); show(u.digit, "\xbd"); show(u.numeric, "a"); show(u.decimal, "\xb2"); show(u.digit, "\xb2"); show(u.numeric, "\u2167"); show(u.normalize, "NFX", "a"); show(u.normalize, "NFC"); show(u.normalize, "NFC", 5); show(u.is_normalized, "nfc", "a"); show(u.lookup, 5); show(u.decimal, "a", None); show(u.bidirectional, ""); show(u.mirrored, b"x")
class S(str): pass
r = u.normalize("NFC", S("abc")); print(r, u.normalize("NFC", "abc") == "abc")
o = u.ucd_3_2_0; print(o.unidata_version, o.category("\u0221"), o.category("a"), o.name("a"), o.normalize("NFC", "e\u0301") == "\xe9", o.bidirectional("a"), o.east_asian_width("\u4e00"), o.combining("\u0301"), type(o).__name__, o.decimal("5"), o.is_normalized("NFC", "a"), o.lookup("SNOWMAN")); show(o.name, "\u0221"); show(o.category, "\U0001f600")
import stringprep; print(stringprep.in_table_a1("\u0221"), stringprep.map_table_b2("\xdf"), "bücher.example".encode("idna"), b"xn--bcher-kva".decode("idna"), "ﬁ.com".encode("idna"), "mañana".encode("punycode"))
print("\N{SNOWMAN}\N{LATIN SMALL LETTER E WITH ACUTE}\N{HANGUL SYLLABLE GA}", "".join(c for c in u.normalize("NFD", "Crème Brûlée ñandú") if not u.combining(c)), len(u.unidata_version.split(".")))
import collections; print(sorted(collections.Counter(u.category(chr(i)) for i in range(0x250)).items()), sorted(collections.Counter(u.bidirectional(chr(i)) for i in range(0x250)).items()), [hex(i) for i in range(0x3000) if u.numeric(chr(i), 0) not in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)][:40])
