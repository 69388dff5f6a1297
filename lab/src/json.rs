//! JSON, as much as reports need: values, a writer, a reader. Objects keep the order of their keys.

use std::fmt;
use std::ops::{Index, IndexMut};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// A number without a fraction.
    Int(i128),
    Float(f64),
    Str(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Deepest nesting that is read.
const DEEPEST: usize = 100;

static NULL: Json = Json::Null;

/// Makes an object of keys and values, or a list of values.
#[macro_export]
macro_rules! json {
    ({ $($key:literal : $value:expr),* $(,)? }) => {
        $crate::json::Json::Object(vec![$(($key.to_owned(), $crate::json::Json::from($value))),*])
    };
    ([ $($value:expr),* $(,)? ]) => {
        $crate::json::Json::List(vec![$($crate::json::Json::from($value)),*])
    };
    ($value:expr) => { $crate::json::Json::from($value) };
}

macro_rules! from_ints {
    ($($t:ty)*) => { $(
        impl From<$t> for Json {
            fn from(n: $t) -> Json {
                Json::Int(n as i128)
            }
        }
    )* };
}
from_ints!(i32 i64 u32 u64 usize);

impl From<bool> for Json {
    fn from(b: bool) -> Json {
        Json::Bool(b)
    }
}
impl From<f64> for Json {
    fn from(f: f64) -> Json {
        if f.is_finite() { Json::Float(f) } else { Json::Null }
    }
}
impl From<&str> for Json {
    fn from(s: &str) -> Json {
        Json::Str(s.to_owned())
    }
}
impl From<String> for Json {
    fn from(s: String) -> Json {
        Json::Str(s)
    }
}
impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Json {
        Json::List(items.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(item: Option<T>) -> Json {
        item.map_or(Json::Null, Into::into)
    }
}

impl Json {
    /// A number that is no less than 0 and has no fraction.
    pub fn as_u64(&self) -> Option<u64> {
        if let Json::Int(n) = self { u64::try_from(*n).ok() } else { None }
    }
    /// Any number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Int(n) => Some(*n as f64),
            Json::Float(f) => Some(*f),
            _ => None,
        }
    }
    /// A text.
    pub fn as_str(&self) -> Option<&str> {
        if let Json::Str(s) = self { Some(s) } else { None }
    }
    /// A bool.
    pub fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(b) = self { Some(*b) } else { None }
    }
    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Where it is no JSON.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text: text.as_bytes(), at: 0 };
        let value = reader.value(0)?;
        reader.space();
        if reader.at < reader.text.len() { Err(reader.error("more than one value")) } else { Ok(value) }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let pretty = f.alternate();
        let line = |f: &mut fmt::Formatter<'_>, indent: usize| match pretty {
            true => write!(f, "\n{:indent$}", "", indent = indent * 2),
            false => Ok(()),
        };
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(b) => write!(f, "{b}"),
            Json::Int(n) => write!(f, "{n}"),
            Json::Float(x) => write!(f, "{x:?}"),
            Json::Str(s) => write_text(f, s),
            Json::List(items) => {
                // lists of plain values stay on a line
                let flat = items.iter().all(|i| !matches!(i, Json::List(_) | Json::Object(_)));
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    f.write_str(if i == 0 {
                        ""
                    } else if pretty && flat {
                        ", "
                    } else {
                        ","
                    })?;
                    if !flat {
                        line(f, indent + 1)?;
                    }
                    item.write(f, indent + 1)?;
                }
                if !flat {
                    line(f, indent)?;
                }
                f.write_str("]")
            }
            Json::Object(items) => {
                f.write_str("{")?;
                for (i, (key, value)) in items.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { "," })?;
                    line(f, indent + 1)?;
                    write_text(f, key)?;
                    f.write_str(if pretty { ": " } else { ":" })?;
                    value.write(f, indent + 1)?;
                }
                if !items.is_empty() {
                    line(f, indent)?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            c if (c as u32) < 0x20 => write!(f, "\\u{:04x}", c as u32)?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

/// In one line; `{:#}` indents.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

/// Null where there is no such key.
impl Index<&str> for Json {
    type Output = Json;
    fn index(&self, key: &str) -> &Json {
        match self {
            Json::Object(items) => items.iter().find(|(k, _)| k == key).map_or(&NULL, |(_, v)| v),
            _ => &NULL,
        }
    }
}

/// Adds the key where it is not there. Anything but an object becomes one.
impl IndexMut<&str> for Json {
    fn index_mut(&mut self, key: &str) -> &mut Json {
        if !matches!(self, Json::Object(_)) {
            *self = Json::Object(Vec::new());
        }
        let Json::Object(items) = self else { unreachable!("an object") };
        let at = items.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
            items.push((key.to_owned(), Json::Null));
            items.len() - 1
        });
        &mut items[at].1
    }
}

/// Null where there is no such item.
impl Index<usize> for Json {
    type Output = Json;
    fn index(&self, at: usize) -> &Json {
        self.as_list().and_then(|items| items.get(at)).unwrap_or(&NULL)
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn error(&self, what: &str) -> String {
        format!("no JSON at byte {}: {what}", self.at)
    }
    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(|b| b" \n\r\t".contains(b)) {
            self.at += 1;
        }
    }
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }
    fn word(&mut self, word: &str, value: Json) -> Result<Json, String> {
        if !self.text[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error("a value is missing"));
        }
        self.at += word.len();
        Ok(value)
    }
    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(self.error("nested too deep"));
        }
        self.space();
        match self.text.get(self.at) {
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'"') => self.string().map(Json::Str),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.take(b']') {
                    if !items.is_empty() && !self.take(b',') {
                        return Err(self.error("`,` or `]` is missing"));
                    }
                    items.push(self.value(depth + 1)?);
                }
                Ok(Json::List(items))
            }
            Some(b'{') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.take(b'}') {
                    if !items.is_empty() && !self.take(b',') {
                        return Err(self.error("`,` or `}` is missing"));
                    }
                    self.space();
                    let key = self.string()?;
                    if !self.take(b':') {
                        return Err(self.error("`:` is missing"));
                    }
                    items.push((key, self.value(depth + 1)?));
                }
                Ok(Json::Object(items))
            }
            _ => self.number(),
        }
    }
    fn number(&mut self) -> Result<Json, String> {
        let digits = |b: &&u8| b.is_ascii_digit() || b"+-.eE".contains(b);
        let len = self.text[self.at..].iter().take_while(digits).count();
        let text = std::str::from_utf8(&self.text[self.at..self.at + len]).unwrap_or_default();
        let value = match text.parse::<i128>() {
            Ok(n) => Some(Json::Int(n)),
            Err(_) => text.parse::<f64>().ok().filter(|f| f.is_finite()).map(Json::Float),
        };
        let value = value.ok_or_else(|| self.error("a value is missing"))?;
        self.at += len;
        Ok(value)
    }
    fn string(&mut self) -> Result<String, String> {
        if self.text.get(self.at) != Some(&b'"') {
            return Err(self.error("a text is missing"));
        }
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let Some(&byte) = self.text.get(self.at) else { return Err(self.error("a text has no end")) };
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(out).map_err(|_| self.error("a text is no UTF-8")),
                b'\\' => {
                    let c = self.escape()?;
                    out.extend(c.encode_utf8(&mut [0; 4]).bytes());
                }
                byte => out.push(byte),
            }
        }
    }
    fn escape(&mut self) -> Result<char, String> {
        let Some(&byte) = self.text.get(self.at) else { return Err(self.error("a text has no end")) };
        self.at += 1;
        Ok(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = self.hex()?;
                if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    let second = self.hex()?;
                    let code = 0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00) % 0x400;
                    char::from_u32(code).unwrap_or('\u{FFFD}')
                } else {
                    char::from_u32(first).unwrap_or('\u{FFFD}')
                }
            }
            other => char::from(other),
        })
    }
    fn hex(&mut self) -> Result<u32, String> {
        let digits = self.text.get(self.at..self.at + 4).and_then(|d| std::str::from_utf8(d).ok());
        let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).ok_or_else(|| self.error("four hexadecimal digits are missing"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Json::Float),
            any::<String>().prop_map(Json::Str),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in values()) {
            prop_assert_eq!(Json::parse(&value.to_string()), Ok(value.clone()));
            prop_assert_eq!(Json::parse(&format!("{value:#}")), Ok(value.clone()));
        }

        #[test]
        fn nonsense_is_refused_and_never_panics(text in "[\\[\\]{}\":,0-9a-fu\\\\ tn.é-]{0,40}") {
            let _ = Json::parse(&text);
        }
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(Json::parse(r#""\u00e9\ud83d\ude00\n\"""#), Ok(Json::Str("é😀\n\"".into())));
        assert!(Json::parse("[1,]").is_err() && Json::parse("1 2").is_err() && Json::parse(&"[".repeat(5000)).is_err());
    }
}
