//! Compiled code of the embedded library, kept between processes as CPython keeps `.pyc` files: in `gilbert/BUILD` below
//! `$XDG_CACHE_HOME` (`~/.cache`). Scripts see nothing of it. `GILBERT_CACHE=off` leaves it alone; `PYTHONDONTWRITEBYTECODE` only reads.

#![allow(clippy::disallowed_methods)] // the command's own files, outside any isolate

use gilbert_stdlib::CodeStore;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How many builds keep their code side by side; the oldest goes first.
const BUILDS: usize = 4;

/// A folder of code, one file for each module.
pub struct FileStore {
    folder: PathBuf,
    writes: bool,
}

impl FileStore {
    /// The store of this build; `None` where there is no place for it, or it is turned off.
    pub fn open() -> Option<FileStore> {
        let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
        if set("GILBERT_CACHE").is_some_and(|v| v == "off") {
            return None;
        }
        let base = set("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")))?;
        let folder = base.join("gilbert").join(build_id()?);
        Some(FileStore { folder, writes: set("PYTHONDONTWRITEBYTECODE").is_none() })
    }
    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }
}

/// What tells this build's code from another's: the executable's size and time.
fn build_id() -> Option<String> {
    let about = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let time = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{:x}-{:x}", about.len(), time.as_nanos()))
}

/// Makes the folder, and room for it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(all) = folder.parent().and_then(|p| fs::read_dir(p).ok()) {
        let mut builds: Vec<_> = all.flatten().filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path()))).collect();
        builds.sort();
        let surplus = (builds.len() + 1).saturating_sub(BUILDS);
        for (_, old) in builds.into_iter().take(surplus) {
            let _ = fs::remove_dir_all(old);
        }
    }
    fs::create_dir_all(folder)
}

impl CodeStore for FileStore {
    fn read(&self, key: &str) -> Option<Vec<u8>> {
        fs::read(self.path(key)).ok()
    }
    fn write(&self, key: &str, bytes: &[u8]) {
        if !self.writes || make_folder(&self.folder).is_err() {
            return;
        }
        // written aside and moved, so that nobody reads half a file
        let aside = self.path(&format!("{key}.{}", std::process::id()));
        if fs::write(&aside, bytes).is_err() || fs::rename(&aside, self.path(key)).is_err() {
            let _ = fs::remove_file(&aside);
        }
    }
}
