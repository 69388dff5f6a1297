//! Source lines for reports: from the file system, or from the library's embedded sources; kept per isolate.

use crate::isolate::Builtin;
use crate::vm::Vm;
use std::path::{Path, PathBuf};

/// Files longer than this show no source lines.
const MAX_FILE: u64 = 32 << 20;
/// The key of the cache (a dict from file name to a list of lines) in the isolate's state.
const CACHE: &str = "traceback.lines";

impl Vm {
    /// Line `line` (from 1) of a source file as tracebacks name it, without the line's end; `None` where it cannot be had.
    pub fn source_line(&mut self, filename: &str, line: u32) -> Option<String> {
        let cache = match self.iso().state.get(CACHE) {
            Some(c) => c.clone(),
            None => {
                let c = self.new_dict();
                self.iso_mut().state.insert(CACHE, c.clone());
                c
            }
        };
        let key = self.intern(filename);
        let lines = match cache.borrow::<crate::types::dict::Dict>(self).and_then(|d| d.get_str(&key).cloned()) {
            Some(l) => l,
            None => {
                let text = self.source_text(filename).unwrap_or_default();
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                let lines = text.lines().map(|l| self.new_str(l)).collect();
                let lines = self.new_list(lines);
                let old = cache.borrow_mut::<crate::types::dict::Dict>(self).and_then(|d| d.set_str(&key, lines.clone()));
                drop(old);
                lines
            }
        };
        let at = (line as usize).checked_sub(1)?;
        let text = lines.borrow::<crate::types::list::List>(self).and_then(|l| l.items().get(at).cloned())?;
        Some(self.text(&text))
    }
    /// The text of a source file.
    fn source_text(&mut self, filename: &str) -> Option<String> {
        if filename.starts_with('<') && !filename.starts_with("<lib>") {
            return None;
        }
        match self.library_text(filename) {
            Some(t) => Some(t),
            None => self.file_text(filename),
        }
    }
    /// The text of a module of the library whose nominal file this is.
    fn library_text(&self, filename: &str) -> Option<String> {
        let library = self.iso().library.clone();
        let parts: Vec<&str> = filename.strip_suffix(".py")?.split('/').collect();
        // the nominal file ends in the module's name; how much before it belongs to the name is tried out
        (0..parts.len()).find_map(|i| {
            let tail = &parts[i..];
            let tail = if tail.last() == Some(&"__init__") { &tail[..tail.len() - 1] } else { tail };
            match library.find(&tail.join(".")) {
                Some(Builtin::Source(s)) if s.file == filename => Some(s.text().to_string()),
                _ => None,
            }
        })
    }
    fn file_text(&self, filename: &str) -> Option<String> {
        let world = self.iso().world.clone();
        let path = if Path::new(filename).is_absolute() { PathBuf::from(filename) } else { world.start_dir().join(filename) };
        let file = world.open(self.tid(), &path, libc::O_RDONLY, 0).ok()?;
        let stat = file.stat().ok()?;
        if stat.mode & libc::S_IFMT != libc::S_IFREG || stat.size > MAX_FILE {
            return None;
        }
        let mut bytes = vec![0; stat.size as usize];
        let mut read = 0;
        while read < bytes.len() {
            match file.pread(&mut bytes[read..], read as u64) {
                Ok(0) | Err(_) => break,
                Ok(n) => read += n,
            }
        }
        bytes.truncate(read);
        gilbert_parser::decode_source(&bytes).ok()
    }
}
